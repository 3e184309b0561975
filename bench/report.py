"""Tables, aims, and bench/RESULTS.md."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
Row = tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A table and what it says of the aims: measured maps an Aim's key to its value."""

    title: str
    note: str
    head: Row
    rows: list[Row]
    measured: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"## {self.title}\n\n{self.note}\n\n{table(self.head, self.rows)}\n"


@dataclass(frozen=True)
class Aim:
    """limit: what the measured value must not pass, from above or (at_least) from below."""

    key: str
    name: str
    limit: float
    show: Callable[[float], str]
    at_least: bool = False

    def row(self, measured: Mapping[str, float]) -> Row:
        aim = f"{'≥' if self.at_least else '≤'} {self.show(self.limit)}" if self.limit else self.show(0)
        if self.key not in measured:
            return (self.name, aim, "not measured", "?")
        value = measured[self.key]
        met = value >= self.limit if self.at_least else value <= self.limit
        return (self.name, aim, self.show(value), "met" if met else "**not met**")


def percent(value: float) -> str:
    return f"{value * 100:.0f} %" if value >= 0.1 else f"{value * 100:.2g} %"


def milliseconds(value: float) -> str:
    return f"{value:.2f} ms"


def whole(value: float) -> str:
    return f"{value:.0f}"


AIMS = (
    Aim("cached_share", "page cache in the process, of nginx's requests per CPU second", 0.25, percent, at_least=True),
    Aim("files_share", "published files, of nginx's requests per CPU second", 0.95, percent, at_least=True),
    Aim("figure_cpu", "/relationship/ after an edit elsewhere, CPU", 2.0, milliseconds),
    Aim("p99", "p99 at 16 connections, page cache", 1.5, milliseconds),
    Aim("cold_start", "cold start, until the first page", 0.5, lambda value: f"{value:.2f} s"),
    Aim("memory", "memory of the largest process (PSS)", 60.0, lambda value: f"{value:.1f} MB"),
    Aim("queries", "SQL a page after an edit", 3, whole),
    Aim("queries_on_hit", "SQL on a hit", 0, whole),
    Aim("queries_exponent", "growth of a page's queries, exponent", 0, lambda value: f"{value:.2f}"),
    Aim("fresh", "first fresh page after an edit, median", 20.0, milliseconds),
    Aim("stale", "stale answers after an edit", 0, whole),
)


def table(head: Row, rows: Iterable[Row]) -> str:
    """Markdown; all columns but the first to the right."""
    rule = "|".join(["---", *["---:"] * (len(head) - 1)])
    return "\n".join([f"| {' | '.join(head)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in rows)])


def worst(sections: Iterable[Section]) -> dict[str, float]:
    """Of values that several sections measured (on two databases, say), the one that is furthest from its aim."""
    found: dict[str, float] = {}
    upwards = {aim.key for aim in AIMS if aim.at_least}
    for section in sections:
        for key, value in section.measured.items():
            choose = min if key in upwards else max
            found[key] = choose(found.get(key, value), value)
    return found


def document(machine: str, sections: list[Section]) -> str:
    measured = worst(sections)
    aims = table(("aim", "limit", "measured", ""), [aim.row(measured) for aim in AIMS])
    head = f"# Measured\n\nMade by `make bench`; each run writes it anew. Where two databases were measured, the worse one counts.\n\n{machine}\n"
    return "\n".join([head, "## Aims\n", f"{aims}\n", *map(str, sections)])
