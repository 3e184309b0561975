"""図４１ placed: from left to right 基本理念 | 取組 | 基本目標 ═ lines ═ 基本目標 | 基本計画 | 基本理念. Pure geometry."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kizuna.figure import vertical
from kizuna.figure.channel import connectors, legend
from kizuna.figure.graph import Goal, Graph, Part
from kizuna.figure.measure import (
    BAND_GAP,
    BAND_PAD,
    BAR,
    GOAL_PAD,
    LEAD,
    MARK_SIZE,
    PART_GAP_MOST,
    PART_PAD,
    BandNeeds,
    PartNeeds,
    SideNeeds,
    measure_sides,
)
from kizuna.figure.palette import SideName
from kizuna.figure.shapes import ASCENT, TEXT, Band, Box, Header, Layout, Rectangle, Text
from kizuna.figure.xml_text import legal
from plan_portal.foundation.phrases import cells, wrap

COLUMN_GAP = 5.0
NAME_SIZE, NAME_LEAD = 18.0, 24.0
HEAD_PAD = 4.0
LEAST_HEIGHT = 260.0  # of the bands
LEAST_CHANNEL, CHANNEL_SHARE, MOST_CHANNEL = 181.0, 0.16, 640.0  # share of the bands' height: no line gets too steep
LEGEND_HEIGHT = 62.0
WHOLE_WIDTH = 1232.0  # the channel takes what the columns leave of it


class Columns(NamedTuple):
    """Where a side's columns stand; the rectangles reach from the top of the bands to their bottom."""

    ideal: Rectangle
    band: Rectangle
    part: Rectangle
    goal: Rectangle


class Heads(NamedTuple):
    """The wrapped text over a side's columns: name of the plan, labels of goals, parts and 基本理念."""

    name: tuple[str, ...]
    goal: tuple[str, ...]
    part: tuple[str, ...]
    ideal: tuple[str, ...]

    @property
    def name_height(self) -> float:
        return len(self.name) * NAME_LEAD + 2 * HEAD_PAD

    @property
    def height(self) -> float:
        labels = max(len(self.goal), len(self.part)) * LEAD + 2 * HEAD_PAD
        return max(self.name_height + labels, len(self.ideal) * LEAD + 2 * HEAD_PAD)


@lru_cache(maxsize=8)
def lay_out(graph: Graph) -> Layout:
    """Place everything; the width grows with long 基本理念 and steep lines, the height with the text and the lines."""
    needs = measure_sides(graph)
    height = max(LEAST_HEIGHT, needs[0].height, needs[1].height)
    upright = [vertical.columns(side.side.ideal, height) for side in needs]
    ideal_widths = [vertical.columns_width(len(found)) for found in upright]
    heads = [_heads(side, width) for side, width in zip(needs, ideal_widths, strict=True)]
    top = max(LEGEND_HEIGHT, heads[0].height, heads[1].height) + HEAD_PAD
    city, channel, kizuna, width = _place_columns(needs, ideal_widths, top, height)
    bands = [_bands(side, place) for side, place in zip(needs, (city, kizuna), strict=True)]
    return Layout(
        graph=graph,
        width=width,
        height=top + height + 1,
        channel=channel,
        headers=(*_headers("city", heads[0], city), *_headers("kizuna", heads[1], kizuna)),
        labels=(*_labels(heads[0], city), *_labels(heads[1], kizuna)),
        ideals=(_ideal(needs[0], upright[0], city.ideal), _ideal(needs[1], upright[1], kizuna.ideal)),
        bands=(*bands[0], *bands[1]),
        lines=connectors(graph.links, *bands),
        legend=legend(graph, channel),
    )


def _place_columns(
    needs: Sequence[SideNeeds], ideals: Sequence[float], y: float, h: float
) -> tuple[Columns, Rectangle, Columns, float]:
    """The columns of the city, the channel, the columns of 社協 and the whole width."""
    city, kizuna = needs
    city_band = BAND_PAD + city.part_width + COLUMN_GAP + city.goal_width
    kizuna_band = BAND_PAD + kizuna.part_width + COLUMN_GAP + kizuna.goal_width
    channel_x = ideals[0] + COLUMN_GAP + city_band
    left_over = WHOLE_WIDTH - channel_x - kizuna_band - COLUMN_GAP - ideals[1]
    channel_w = max(LEAST_CHANNEL, min(CHANNEL_SHARE * h, MOST_CHANNEL), left_over)
    kizuna_x = channel_x + channel_w
    part_x = kizuna_x + kizuna.goal_width + COLUMN_GAP
    ideal_x = kizuna_x + kizuna_band + COLUMN_GAP
    left = Columns(
        ideal=Rectangle(0, y, ideals[0], h),
        band=Rectangle(channel_x - city_band, y, city_band, h),
        part=Rectangle(channel_x - city_band + BAND_PAD, y, city.part_width, h),
        goal=Rectangle(channel_x - city.goal_width, y, city.goal_width, h),
    )
    right = Columns(
        ideal=Rectangle(ideal_x, y, ideals[1], h),
        band=Rectangle(kizuna_x, y, kizuna_band, h),
        part=Rectangle(part_x, y, kizuna.part_width, h),
        goal=Rectangle(kizuna_x, y, kizuna.goal_width, h),
    )
    return left, Rectangle(channel_x, y, channel_w, h), right, ideal_x + ideals[1]


def _heads(needs: SideNeeds, ideal_width: float) -> Heads:
    side = needs.side
    band_width = needs.part_width + COLUMN_GAP + needs.goal_width
    return Heads(
        name=wrap(legal(side.name), (band_width - 2 * HEAD_PAD) / NAME_SIZE),
        goal=wrap(legal(side.goal_label), needs.goal_width / TEXT),
        part=wrap(legal(side.part_label), needs.part_width / TEXT),
        ideal=wrap(legal(side.ideal_label), (ideal_width - 2) / TEXT),
    )


def _headers(side: SideName, heads: Heads, place: Columns) -> Iterator[Header]:
    name = Rectangle(place.band.x, 0, place.band.w, heads.name_height)
    first = HEAD_PAD + (NAME_LEAD - NAME_SIZE) / 2 + ASCENT * NAME_SIZE
    yield Header(
        side,
        name,
        tuple(
            Text(name.centre_x, first + NAME_LEAD * index, line, cells(line), NAME_SIZE, "middle", bold=True)
            for index, line in enumerate(heads.name)
        ),
    )
    label = Rectangle(place.ideal.x, 0, place.ideal.w, place.ideal.y - HEAD_PAD)
    yield Header(side, label, _centred(heads.ideal, label))


def _labels(heads: Heads, place: Columns) -> Iterator[Text]:
    """Each stands right over its column, however few lines it has."""
    for column, lines in ((place.part, heads.part), (place.goal, heads.goal)):
        y = place.band.y - HEAD_PAD - len(lines) * LEAD
        yield from _centred(lines, Rectangle(column.x, y, column.w, len(lines) * LEAD))


def _centred(lines: Sequence[str], place: Rectangle) -> tuple[Text, ...]:
    first = _first_baseline(place, len(lines))
    return tuple(
        Text(place.centre_x, first + LEAD * index, line, cells(line), anchor="middle", bold=True)
        for index, line in enumerate(lines)
    )


def _first_baseline(place: Rectangle, line_count: int) -> float:
    """So that the lines stand in the middle of the place."""
    return place.y + (place.h - line_count * LEAD) / 2 + (LEAD - TEXT) / 2 + ASCENT * TEXT


def _from_left(lines: Iterable[str], x: float, first: float, *, bold: bool = False) -> tuple[Text, ...]:
    return tuple([Text(x, first + LEAD * index, line, cells(line), bold=bold) for index, line in enumerate(lines)])


def _ideal(needs: SideNeeds, found: tuple[vertical.Column, ...], place: Rectangle) -> Box:
    name = legal(f"{needs.side.ideal_label} {''.join(needs.side.ideal)}")
    return Box("ideal", needs.name, 0, place, name, needs.side.url, (), vertical.upright(found, place))


def _bands(needs: SideNeeds, place: Columns) -> tuple[Band, ...]:
    """The bands from top to bottom; they share the room that is left."""
    spare = (place.band.h - needs.height) / max(1, len(needs.bands))
    bands = []
    y = place.band.y
    for band in needs.bands:
        bands.append(_band(needs, band, place, y, band.height + spare))
        y += band.height + spare + BAND_GAP
    return tuple(bands)


def _band(needs: SideNeeds, band: BandNeeds, place: Columns, y: float, h: float) -> Band:
    gap_count = max(0, len(band.parts) - 1)
    gap = min(PART_GAP_MOST, (h - 2 * BAND_PAD - band.parts_height) / max(1, gap_count))
    part_y = y + (h - band.parts_height - gap * gap_count) / 2
    note_place = Rectangle(place.part.x, part_y, place.part.w, len(band.note) * LEAD)
    note = _from_left(band.note, place.part.x + PART_PAD, _first_baseline(note_place, len(band.note)))
    part_y += band.note_height
    parts = []
    for part in band.parts:
        parts.append(_part(needs, band.goal, part, Rectangle(place.part.x, part_y, place.part.w, part.height)))
        part_y += part.height + gap
    goal = _goal(needs, band, Rectangle(place.goal.x, y, place.goal.w, h))
    return Band(needs.name, goal, tuple(parts), note, Rectangle(place.band.x, y, place.band.w, h))


def _goal(needs: SideNeeds, band: BandNeeds, place: Rectangle) -> Box:
    """The city's goal has its dark edge on the right, 社協's on the left."""
    mark_x = place.x + GOAL_PAD + (BAR if needs.name == "kizuna" else 0)
    title_x = mark_x + needs.goal_mark + GOAL_PAD
    first = _first_baseline(place, len(band.title) + len(band.subtitle))
    mark = str(band.goal.number)
    return Box(
        "goal",
        needs.name,
        band.goal.number,
        place,
        goal_name(needs, band.goal),
        band.goal.url,
        mark=(Text(mark_x, first + 3, mark, cells(mark), MARK_SIZE, bold=True),),
        title=_from_left(band.title, title_x, first, bold=True),
        subtitle=_from_left(band.subtitle, title_x, first + LEAD * len(band.title)),
    )


def _part(needs: SideNeeds, goal: Goal, part: PartNeeds, place: Rectangle) -> Box:
    first = _first_baseline(place, len(part.lines))
    mark = legal(part.part.mark)
    return Box(
        "part",
        needs.name,
        goal.number,
        place,
        part_name(needs, goal, part.part),
        part.part.url,
        mark=(Text(place.x + PART_PAD, first, mark, cells(mark)),),
        title=_from_left(part.lines, place.x + PART_PAD + needs.part_mark + PART_PAD, first),
    )


def goal_name(needs: SideNeeds, goal: Goal) -> str:
    """基本目標1 共に支え合うまちづくり; きずな計画 基本目標2 きずなを護り強める."""
    owner = f"{needs.side.short_name} " if needs.name == "kizuna" else ""
    return legal(f"{owner}{needs.side.goal_label}{goal.number} {goal.title}")


def part_name(needs: SideNeeds, goal: Goal, part: Part) -> str:
    """取組 1-(2) 包括的な支援体制の構築; 基本計画 ⑦ 孤立させない地域づくりの推進."""
    if needs.name == "city":
        return legal(f"取組 {goal.number}-{part.mark} {part.title}")
    return legal(f"{needs.side.part_label} {part.mark} {part.title}")
