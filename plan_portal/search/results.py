"""What search found, as readers see it: ranked, grouped by kind, with an excerpt around the first hit."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from django.db.models import TextChoices

from goals.models import Plan
from plan_portal.foundation.addresses import address
from plan_portal.foundation.numerals import circled
from plan_portal.foundation.search_text import fold, hits, holds, spellings, terms
from plan_portal.search.sources import MOST_RESULTS, Row, matching

EXCERPT_BEFORE, EXCERPT_LENGTH = 30, 90


class Kind(TextChoices):
    """The groups of results, in the order in which equally good ones stand."""

    PLAN = "plan", "計画のあらまし"
    GOAL = "goals", "基本目標"
    INITIATIVE = "initiatives", "取組"
    KIZUNA = "kizuna", "きずな計画"
    TEXT = "text", "計画の本文"
    LINKAGE = "linkages", "連携"
    SDG = "sdgs", "ＳＤＧｓ"


class _Face(NamedTuple):
    """How a row of one kind looks, and where it leads: `numbers` says how many of its numbers stand in the address."""

    kind: Kind
    label: str
    page: str
    numbers: int = 0
    fragment: str = ""
    title: str = "{title}"
    of_goal: bool = False


_FACES = {
    "plan": _Face(Kind.PLAN, "計画", "home"),
    "figure": _Face(Kind.PLAN, "関係図", "kizuna:relationship"),
    "goal": _Face(Kind.GOAL, "基本目標{first}", "goals:detail", 1, of_goal=True),
    "initiative": _Face(Kind.INITIATIVE, "取組{first}-({second})", "initiatives:detail", 2, of_goal=True),
    "kizuna_plan": _Face(Kind.KIZUNA, "きずな計画", "kizuna:plan", fragment="#ideal"),
    "kizuna_goal": _Face(Kind.KIZUNA, "きずな計画 {extra}{first}", "kizuna:goal", 1),
    "kizuna_item": _Face(Kind.KIZUNA, "きずな計画 {extra}{ring}", "kizuna:item", 1),
    "section": _Face(Kind.TEXT, "計画の本文", "goals:plan", fragment="#{extra}"),
    "linkage": _Face(
        *(Kind.LINKAGE, "連携", "goals:detail", 1, "#linkages"),
        title="基本目標{first}と、きずな計画の基本目標{second}の連携",
        of_goal=True,
    ),
    "sdg": _Face(Kind.SDG, "ＳＤＧｓ {first}", "sdgs:detail", 1),
    "sdg_link": _Face(
        *(Kind.SDG, "ＳＤＧｓとの結びつき", "goals:detail", 1, "#sdgs"),
        title="基本目標{first}と、ＳＤＧｓ {second}の結びつき",
        of_goal=True,
    ),
}
_ORDER = list(_FACES)


@dataclass(frozen=True)
class Result:
    """One place where the words were found. `goal` colours it: the city goal that it is or belongs to, else None."""

    row: Row
    words: tuple[str, ...]
    label: str
    title: str
    url: str
    goal: int | None = None

    @property
    def kind(self) -> Kind:
        return _FACES[self.row.kind].kind

    @cached_property
    def rank(self) -> int:
        """0 the title or label itself, 1 a title that begins so, 2 all words in the title, 3 with the label, 4 in the text.

        Only titles that people wrote count, not those that the portal makes of numbers.
        """
        title, label, whole = fold(self.row.title), fold(self.label), spellings("".join(self.words))
        if {title, label, label + title} & set(whole):
            return 0
        if title.startswith(whole):
            return 1
        for rank, place in ((2, title), (3, f"{label} {title}")):
            if all(holds(place, word) for word in self.words):
                return rank
        return 4

    @property
    def place(self) -> tuple[int, int, int, int]:
        return (self.rank, _ORDER.index(self.row.kind), self.row.first, self.row.second)

    @property
    def excerpt(self) -> str:
        """The line of the text with the first hit, or the part of it around the hit; the first line, if there is none."""
        lines = [line for line in self.row.text.splitlines() if line] or [""]
        found = ((line, hits(line, list(self.words))) for line in lines)
        text, places = next(((line, places) for line, places in found if places), (lines[0], []))
        start = max(0, places[0][0] - EXCERPT_BEFORE) if places else 0
        end = start + EXCERPT_LENGTH
        return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one kind, or those of them that stand on one page; `count` is of all, `begun` on an earlier page."""

    kind: Kind
    count: int
    results: tuple[Result, ...]
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """All results, best kind first, best result first within its kind."""

    results: tuple[Result, ...]
    kinds: dict[Kind, int]
    too_many: bool = False

    def of(self, kind: Kind | None) -> tuple[Result, ...]:
        return tuple(result for result in self.results if kind in (None, result.kind))

    def groups(self, page: Iterable[Result], start: int = 0, *, kind: Kind | None = None) -> list[Group]:
        """The results of a page under the heading of their kind. `start`: how many stand on the pages before."""
        before = {result.kind for result in self.of(kind)[:start]}
        return [
            Group(of_kind, self.kinds[of_kind], tuple(results), of_kind in before)
            for of_kind, results in groupby(page, key=lambda result: result.kind)
        ]


def find(plan: Plan, query: str) -> Found:
    """Every public record of `plan` that holds all words of `query`. One query."""
    words = terms(query)
    rows = matching(plan, words) if words else []
    results = sorted((_result(row, tuple(words)) for row in rows), key=lambda result: result.place)[:MOST_RESULTS]
    kinds: dict[Kind, int] = {}
    for result in results:
        kinds[result.kind] = kinds.get(result.kind, 0) + 1
    best_first = list(kinds)
    results.sort(key=lambda result: best_first.index(result.kind))
    return Found(tuple(results), kinds, len(rows) >= MOST_RESULTS)


def _result(row: Row, words: tuple[str, ...]) -> Result:
    face = _FACES[row.kind]
    said = {**row._asdict(), "ring": circled(row.first)}
    return Result(
        row,
        words,
        face.label.format_map(said),
        face.title.format_map(said),
        address(face.page, *(row.first, row.second)[: face.numbers]) + face.fragment.format_map(said),
        row.first if face.of_goal else None,
    )
