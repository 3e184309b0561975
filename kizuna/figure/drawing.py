"""図４１ as SVG. Presentation attributes only, so that it looks right under a strict CSP and without any CSS."""

from dataclasses import dataclass
from functools import lru_cache

from kizuna.figure.graph import Graph, Link
from kizuna.figure.layout import lay_out
from kizuna.figure.markup import link, number, rectangle, texts
from kizuna.figure.measure import BAR
from kizuna.figure.palette import (
    DASHED_EDGE,
    FADED,
    FADED_EDGE,
    FONT_FAMILY,
    INK,
    KIZUNA,
    PAPER,
    Colours,
    SideName,
    goal_colours,
    ideal_colours,
)
from kizuna.figure.shapes import TEXT, Badge, Band, Box, Connector, Header, Layout, Legend, Rectangle, Sample
from kizuna.figure.xml_text import escaped

LINE, LINE_STRESSED, LINE_FADED = 2.5, 4.0, 1.5
HALO = 2.0  # white beside a line, so that crossing lines stay apart
DASHES = ' stroke-dasharray="6 4"'
ROUND_CORNERS = ' rx="4"'


@dataclass(frozen=True, slots=True)
class Stress:
    """What stands out while the rest is faded."""

    city_goals: frozenset[int]
    kizuna_goals: frozenset[int]
    links: frozenset[Link]

    def holds_goal(self, side: SideName, goal: int) -> bool:
        return goal in (self.city_goals if side == "city" else self.kizuna_goals)


@lru_cache(maxsize=16)  # most edits change nothing in the figure
def draw(
    figure: Graph | Layout,
    *,
    stressed_goal: int | None = None,
    stressed_kizuna: int | None = None,
    standalone: bool = False,
    id_prefix: str = "f",
) -> str:
    """The picture as one SVG element, or, standalone, as a file with its own white ground.

    A stressed goal, its links and the goals at their other ends stand out, the rest is faded;
    with one of each plan stressed, only the link between the two. A number that no goal has stresses nothing.
    id_prefix: begins the ids, so that two pictures can stand on a page.
    """
    layout = lay_out(figure) if isinstance(figure, Graph) else figure
    stress = _stress(layout.graph, stressed_goal, stressed_kizuna)
    paper = rectangle("f-paper", Rectangle(0, 0, layout.width, layout.height), PAPER)
    return "".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n' if standalone else "",
            _opening(layout, escaped(id_prefix)),
            paper if standalone else "",
            *(_header(header) for header in layout.headers),
            texts(layout.labels),
            *(_ideal(box) for box in layout.ideals),
            *(_band(band, stress) for band in layout.bands),
            _legend(layout.legend),
            _lines(layout.lines, stress),
            "</svg>\n" if standalone else "</svg>",
        )
    )


def _stress(graph: Graph, goal: int | None, kizuna_goal: int | None) -> Stress | None:
    goals = {x.number for x in graph.city.goals} & {goal}
    kizuna_goals = {x.number for x in graph.kizuna.goals} & {kizuna_goal}
    if not goals and not kizuna_goals:
        return None
    links = frozenset(
        x for x in graph.links if (not goals or x.goal in goals) and (not kizuna_goals or x.kizuna_goal in kizuna_goals)
    )
    return Stress(
        city_goals=frozenset(goals | {x.goal for x in links}),
        kizuna_goals=frozenset(kizuna_goals | {x.kizuna_goal for x in links}),
        links=links,
    )


def _opening(layout: Layout, prefix: str) -> str:
    width, height = number(layout.width), number(layout.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="figure__svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" lang="ja" role="group" aria-labelledby="{prefix}-title {prefix}-desc"'
        f' font-family="{FONT_FAMILY}" font-size="{number(TEXT)}" fill="{INK}">'
        f'<title id="{prefix}-title">{escaped(f"{layout.graph.label} {layout.graph.caption}")}</title>'
        f'<desc id="{prefix}-desc">{escaped(describe(layout.graph))}</desc>'
    )


def describe(graph: Graph) -> str:
    """What the picture shows, in words."""
    city, kizuna = graph.city, graph.kizuna
    sides = (
        f"左は{city.name}の{city.part_label}と{city.goal_label}、"
        f"右は{kizuna.name}の{kizuna.goal_label}と{kizuna.part_label}。"
    )
    if not graph.links:
        return f"{sides}連携の線は確認待ちです。"
    waiting = sum(not x.agreed for x in graph.links)
    solid = f"連携している{city.goal_label}同士を結ぶ線は{len(graph.links) - waiting}本"
    dashed = f"、確認待ちの破線は{waiting}本" if waiting else ""
    sample = "見本の線を含みます。" if graph.has_sample else ""
    return f"{sides}{solid}{dashed}。線の両端の数字は、相手の{city.goal_label}の番号です。{sample}"


def _header(header: Header) -> str:
    ground = rectangle("f-head", header.place, ideal_colours(header.side).dark, ROUND_CORNERS)
    return ground + texts(header.texts, f' class="f-name" fill="{PAPER}"')


def _ideal(box: Box) -> str:
    colours = ideal_colours(box.side)
    ground = rectangle("f-hit", box.place, colours.tint, ROUND_CORNERS)
    return link(box.url, box.name, ground + texts(box.title), colours.dark)


def _band(band: Band, stress: Stress | None) -> str:
    faded = stress is not None and not stress.holds_goal(band.side, band.number)
    colours = FADED if faded else goal_colours(band.side, band.number)
    ground = rectangle("f-ground", band.place, colours.tint, ROUND_CORNERS)
    note = texts(band.note, f' fill="{FADED.dark if faded else INK}"')
    parts = "".join(_part(part, colours, faded) for part in band.parts)
    css_class = f"f-band f-{band.side[0]}{band.number}" + (" f-off" if faded else "")
    return f'<g class="{css_class}">{ground}{_goal(band.goal, colours, faded)}{note}{parts}</g>'


def _goal(box: Box, colours: Colours, faded: bool) -> str:
    place = box.place
    bar_x = place.right - BAR if box.side == "city" else place.x
    hit = rectangle("f-hit", place, "none", ' pointer-events="all"')
    bar = rectangle("f-bar", Rectangle(bar_x, place.y, BAR, place.h), colours.dark)
    name = texts(box.mark + box.title, f' fill="{colours.dark}"')
    return link(box.url, box.name, hit + bar + name + texts(box.subtitle), FADED.dark if faded else INK)


def _part(box: Box, colours: Colours, faded: bool) -> str:
    edge = FADED_EDGE if faded else colours.dark
    hit = rectangle("f-hit", box.place, PAPER, f'{ROUND_CORNERS} stroke="{edge}"')
    return link(box.url, box.name, hit + texts(box.texts), FADED.dark if faded else INK)


def _lines(lines: tuple[Connector, ...], stress: Stress | None) -> str:
    """The stressed ones last, so that they lie on top."""
    if stress is None:
        return "".join(_line(line, LINE) for line in lines)
    faded = [_line(line, LINE_FADED, faded=True) for line in lines if line.link not in stress.links]
    return "".join(faded + [_line(line, LINE_STRESSED) for line in lines if line.link in stress.links])


def _line(line: Connector, width: float, *, faded: bool = False) -> str:
    colour = FADED_EDGE if faded else goal_colours("city", line.link.goal).dark
    path = (
        f'd="M{number(line.x1)} {number(line.y1)}H{number(line.bend1)}'
        f'L{number(line.bend2)} {number(line.y2)}H{number(line.x2)}" fill="none" stroke-linejoin="round"'
    )
    css_class = f"f-line f-l{line.link.goal} f-r{line.link.kizuna_goal}" + (" f-off" if faded else "")
    return (
        f'<g class="{css_class}"><title>{escaped(line.name)}</title>'
        f'<path class="f-halo" {path} stroke="{PAPER}" stroke-width="{number(width + 2 * HALO)}"/>'
        f'<path class="f-stroke" {path} stroke="{colour}" stroke-width="{number(width)}"{"" if line.link.agreed else DASHES}/>'
        f"{_badge(line.city_badge, FADED.dark if faded else KIZUNA.dark, corner=10)}"
        f"{_badge(line.kizuna_badge, FADED.dark if faded else colour, corner=4)}</g>"
    )


def _badge(badge: Badge, colour: str, *, corner: int) -> str:
    return rectangle("f-badge", badge.place, colour, f' rx="{corner}"') + texts((badge.text,), f' fill="{PAPER}"')


def _legend(legend: Legend) -> str:
    frame = ""
    if legend.frame:
        frame = rectangle("f-frame", legend.frame, PAPER, f'{ROUND_CORNERS} stroke="{DASHED_EDGE}"{DASHES}')
    samples = "".join(_sample(sample) for sample in legend.samples)
    return f'<g class="f-legend">{frame}{samples}{texts(legend.texts)}</g>'


def _sample(sample: Sample) -> str:
    return (
        f'<path class="f-stroke" d="M{number(sample.x1)} {number(sample.y)}H{number(sample.x2)}" fill="none"'
        f' stroke="{INK}" stroke-width="{number(LINE)}"{DASHES if sample.dashed else ""}/>'
    )
