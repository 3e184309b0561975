"""How much room each thing takes, before anything has its place. Lengths in drawing units, text widths in cells."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from kizuna.figure.graph import Goal, Graph, Part, Side
from kizuna.figure.palette import SideName
from kizuna.figure.shapes import TEXT
from kizuna.figure.xml_text import legal
from plan_portal.foundation.phrases import cells, wrap

LEAD = 20.0  # from one line of text to the next
TARGET = 44.0  # what a finger needs
MARK_SIZE = 24.0  # a goal's number
BADGE = 20.0  # height of the number at the end of a line
END_STEP, END_STEP_MOST = 21.0, 30.0  # from one end of a line to the next on the same goal
ENDS_MARGIN = 4.0

BAND_GAP, BAND_PAD = 6.0, 4.0
NOTE_GAP = 4.0  # under the note
PART_GAP, PART_GAP_MOST = 4.0, 14.0
PART_PAD, GOAL_PAD, BAR = 5.0, 6.0, 4.0  # BAR: the dark edge of a goal, where the lines arrive
GOAL_CELLS = 10
PART_CELLS: dict[SideName, int] = {"city": 15, "kizuna": 13}


class PartNeeds(NamedTuple):
    part: Part
    lines: tuple[str, ...]
    height: float


@dataclass(frozen=True, slots=True)
class BandNeeds:
    """A goal and its parts as lines of text; ends: how many lines arrive; height: the least."""

    goal: Goal
    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    parts: tuple[PartNeeds, ...]
    note: tuple[str, ...]
    ends: int
    height: float

    @property
    def parts_height(self) -> float:
        """Of the parts and the note over them, without the gaps between the parts."""
        return sum(part.height for part in self.parts) + self.note_height

    @property
    def note_height(self) -> float:
        return note_height(self.note)


@dataclass(frozen=True, slots=True)
class SideNeeds:
    """goal_mark, part_mark: widths of the widest mark; height: the least for all bands and the gaps between."""

    name: SideName
    side: Side
    bands: tuple[BandNeeds, ...]
    goal_mark: float
    part_mark: float

    @property
    def height(self) -> float:
        return sum(band.height for band in self.bands) + BAND_GAP * max(0, len(self.bands) - 1)

    @property
    def goal_width(self) -> float:
        return ceil(GOAL_PAD + self.goal_mark + GOAL_PAD + GOAL_CELLS * TEXT + GOAL_PAD + BAR)

    @property
    def part_width(self) -> float:
        return ceil(PART_PAD + self.part_mark + PART_PAD + PART_CELLS[self.name] * TEXT + PART_PAD)


def measure_sides(graph: Graph) -> tuple[SideNeeds, SideNeeds]:
    """The city's needs and 社協's."""
    city_ends = Counter(link.goal for link in graph.links)
    kizuna_ends = Counter(link.kizuna_goal for link in graph.links)
    return _side_needs("city", graph.city, city_ends), _side_needs("kizuna", graph.kizuna, kizuna_ends)


def _side_needs(name: SideName, side: Side, ends: Counter[int]) -> SideNeeds:
    marks = {part.mark for goal in side.goals for part in goal.parts}
    return SideNeeds(
        name,
        side,
        bands=tuple(_band_needs(name, goal, ends[goal.number]) for goal in side.goals),
        goal_mark=max((cells(str(goal.number)) for goal in side.goals), default=1) * MARK_SIZE,
        part_mark=max((cells(legal(mark)) for mark in marks), default=1) * TEXT,
    )


def _band_needs(name: SideName, goal: Goal, ends: int) -> BandNeeds:
    title = wrap(legal(goal.title), GOAL_CELLS)
    subtitle = wrap(legal(goal.subtitle), GOAL_CELLS)
    parts = tuple(_part_needs(name, part) for part in goal.parts)
    note = wrap(_placement_note(goal), PART_CELLS[name])
    goal_height = max(len(title) + len(subtitle), 1) * LEAD + 2 * GOAL_PAD
    gaps = PART_GAP * max(0, len(parts) - 1) + 2 * BAND_PAD
    parts_height = sum(part.height for part in parts) + note_height(note) + gaps
    height = max(TARGET, goal_height, parts_height, ends * END_STEP + 2 * ENDS_MARGIN)
    return BandNeeds(goal, title, subtitle, parts, note, ends, height)


def _part_needs(name: SideName, part: Part) -> PartNeeds:
    room = PART_CELLS[name]
    lines = wrap(legal(part.short_title), room)
    if part.short_title != part.title:
        lines += wrap(legal(f"（{part.own_plan}）"), room)
    return PartNeeds(part, lines, max(TARGET, (len(lines) - 1) * LEAD + TEXT + 2 * BAND_PAD))


def note_height(note: Sequence[str]) -> float:
    return len(note) * LEAD + NOTE_GAP if note else 0


def _placement_note(goal: Goal) -> str:
    """④～⑥の所属は確認待ち: the parts that are not confirmed, as a range where it is one."""
    waiting = goal.unconfirmed_parts
    if not waiting:
        return ""
    marks = [legal(part.mark) for part in waiting]
    if len(marks) > 2 and _stand_together(goal.parts, waiting):
        return f"{marks[0]}～{marks[-1]}の所属は確認待ち"
    return f"{'・'.join(marks)}の所属は確認待ち"


def _stand_together(parts: Sequence[Part], some: Sequence[Part]) -> bool:
    start = parts.index(some[0])
    return tuple(parts[start : start + len(some)]) == tuple(some)
