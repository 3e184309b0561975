"""The shapes that the figure is made of. All lengths in drawing units (1 unit = 1 CSS pixel at full size), y downwards.

What there are many of is a tuple, not a dataclass: it is made in a third of the time.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from kizuna.figure.graph import Graph, Link
from kizuna.figure.palette import SideName

TEXT = 16.0
ASCENT = 0.88  # of an em, above the baseline


class Text(NamedTuple):
    """One line of text. y: baseline; cells: width in full-width cells; turned: a quarter to the right, about its centre."""

    x: float
    y: float
    value: str
    cells: float
    size: float = TEXT
    anchor: Literal["start", "middle"] = "start"
    bold: bool = False
    turned: bool = False

    @property
    def left(self) -> float:
        return self.x - self.cells * self.size / 2 if self.anchor == "middle" else self.x

    @property
    def right(self) -> float:
        return self.left + self.cells * self.size

    @property
    def top(self) -> float:
        return self.y - ASCENT * self.size

    @property
    def bottom(self) -> float:
        return self.top + self.size

    @property
    def centre_y(self) -> float:
        return self.top + self.size / 2


class Rectangle(NamedTuple):
    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def centre_x(self) -> float:
        return self.x + self.w / 2


class Box(NamedTuple):
    """Something to follow: 基本目標, 取組 or 基本計画, 基本理念. name: what it is called aloud; goal: 0 for 基本理念."""

    kind: Literal["goal", "part", "ideal"]
    side: SideName
    goal: int
    place: Rectangle
    name: str
    url: str
    mark: tuple[Text, ...]
    title: tuple[Text, ...]
    subtitle: tuple[Text, ...] = ()

    @property
    def texts(self) -> tuple[Text, ...]:
        return self.mark + self.title + self.subtitle


@dataclass(frozen=True, slots=True)
class Band:
    """The ground that a goal shares with its parts. note: that the parts' place here is 確認待ち."""

    side: SideName
    goal: Box
    parts: tuple[Box, ...]
    note: tuple[Text, ...]
    place: Rectangle

    @property
    def number(self) -> int:
        return self.goal.goal


@dataclass(frozen=True, slots=True)
class Header:
    """The name of a plan, or the label of its 基本理念: light text on dark ground."""

    side: SideName
    place: Rectangle
    texts: tuple[Text, ...]


class Badge(NamedTuple):
    """A number at the end of a line: the goal at its other end."""

    place: Rectangle
    text: Text


@dataclass(frozen=True, slots=True)
class Connector:
    """A line from the right side of a city goal (x1, y1) to the left side of a kizuna goal (x2, y2).

    It runs level up to bend1 and from bend2, under the badges, and straight between.
    """

    link: Link
    name: str
    x1: float
    y1: float
    bend1: float
    bend2: float
    x2: float
    y2: float
    city_badge: Badge
    kizuna_badge: Badge


@dataclass(frozen=True, slots=True)
class Sample:
    """A short line in the legend, from x1 to x2."""

    x1: float
    x2: float
    y: float
    dashed: bool


@dataclass(frozen=True, slots=True)
class Legend:
    """Over the channel, what the lines mean; where there are none, the frame in the channel that says so."""

    texts: tuple[Text, ...]
    samples: tuple[Sample, ...]
    frame: Rectangle | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole figure, placed. channel: the room for the lines between the two plans."""

    graph: Graph
    width: float
    height: float
    channel: Rectangle
    headers: tuple[Header, ...]
    labels: tuple[Text, ...]
    ideals: tuple[Box, ...]
    bands: tuple[Band, ...]
    lines: tuple[Connector, ...]
    legend: Legend
