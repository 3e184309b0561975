"""Vertical writing (縦書き), a character at a time: many programs that read SVG do not know writing-mode."""

from collections.abc import Iterable
from functools import lru_cache
from math import ceil

from kizuna.figure.shapes import ASCENT, Rectangle, Text
from kizuna.figure.xml_text import legal
from plan_portal.foundation.phrases import clusters, wrap_upright

SIZE = 20.0
PITCH = 26.0  # from one character down to the next
COLUMN = 27.0  # from one column left to the next
MARGIN = 4.0
LEAST_WIDTH = 44.0  # a target for a finger, and two characters of a label over it

TURNED = frozenset("「」『』（）［］｛｝〈〉《》【】〔〕〘〙〖〗()[]{}<>ー～〜―—–‐-－ｰ…‥＝=：；:;｢｣")
RAISED = frozenset("、。，．｡､,.")
SMALL_KANA = frozenset("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ")

Column = tuple[str, ...]


def columns(lines: Iterable[str], height: float) -> tuple[Column, ...]:
    """The characters of each column, from the right; a line that is longer than the height takes several."""
    capacity = max(1, int((height - 2 * MARGIN) / PITCH))
    return tuple(clusters(column) for line in lines for column in wrap_upright(legal(line), capacity))


def columns_width(count: int) -> float:
    return max(LEAST_WIDTH, ceil(count * COLUMN + 2 * MARGIN))


@lru_cache(maxsize=64)
def upright(found: tuple[Column, ...], place: Rectangle) -> tuple[Text, ...]:
    """The columns in the middle of the place, all beginning at the same height."""
    longest = max(map(len, found), default=0)
    first_y = place.y + (place.h - longest * PITCH) / 2 + PITCH / 2
    first_x = place.centre_x + (len(found) - 1) * COLUMN / 2
    return tuple(
        _glyph(character, first_x - index * COLUMN, first_y + down * PITCH)
        for index, column in enumerate(found)
        for down, character in enumerate(column)
        if not character.isspace()
    )


def _glyph(character: str, x: float, y: float) -> Text:
    """Centred on x and y; 、。 at the top right of their cell, small kana towards it."""
    if character in RAISED:
        return Text(x + 0.1 * SIZE, y - 0.22 * SIZE, character, 0.5, SIZE, bold=True)
    if character in SMALL_KANA:
        x, y = x + 0.1 * SIZE, y - 0.1 * SIZE
    baseline = y + (ASCENT - 0.5) * SIZE
    return Text(x, baseline, character, 1, SIZE, "middle", bold=True, turned=character in TURNED)
