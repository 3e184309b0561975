"""Colours and type of the figure. A colour never stands without a number and a name."""

from typing import Literal, NamedTuple

SideName = Literal["city", "kizuna"]


class Colours(NamedTuple):
    """dark: text, edges and lines; tint: the ground they stand on (at least 4.5:1 between them)."""

    dark: str
    tint: str


GOAL_COLOURS = (
    Colours("#115a36", "#e6f5ec"),
    Colours("#0055ad", "#f0f9ff"),
    Colours("#3e5a00", "#ebfad9"),
    Colours("#8b3200", "#ffeee2"),
    Colours("#8b008b", "#f3e5f4"),
    Colours("#5109ad", "#f1eafa"),
    Colours("#a90000", "#fdeeee"),
)
KIZUNA = Colours("#5c4022", "#faf4ea")
CITY_IDEAL = Colours("#333", "#f2f2f2")
FADED = Colours("#666", "#f5f5f5")
FADED_EDGE = "#8c8c8c"
DASHED_EDGE = "#767676"
INK = "#333"
PAPER = "#fff"

FONT_FAMILY = "'BIZ UDPGothic','Noto Sans JP','Noto Sans CJK JP','Hiragino Sans',Meiryo,sans-serif"


def colour_number(goal_number: int) -> int:
    """Which of the goal colours a city goal has, 1 to 7: the first again after the seventh."""
    return (goal_number - 1) % len(GOAL_COLOURS) + 1


def goal_colours(side: SideName, number: int) -> Colours:
    """A colour for each city goal, one calm brown for the whole kizuna side."""
    return GOAL_COLOURS[colour_number(number) - 1] if side == "city" else KIZUNA


def ideal_colours(side: SideName) -> Colours:
    return CITY_IDEAL if side == "city" else KIZUNA
