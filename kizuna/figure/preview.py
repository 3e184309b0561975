"""The figure as a picture of 1200 × 630, which others show where a page of the portal is shared. Pure.

Without words: a server may have no Japanese font, and one of our own would be megabytes with a licence to keep. What stays legible at
the size of a stamp are colours, numbers (Pillow's own font has digits) and lines; the names are in og:title and og:image:alt.
Only 見本, which no picture may keep quiet about, is drawn stroke by stroke.
"""

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from kizuna.figure.graph import Graph, Side
from kizuna.figure.miniature import line_ends, row_centres
from kizuna.figure.palette import PAPER, Colours, SideName, goal_colours

WIDTH, HEIGHT = 1200, 630
_MARGIN = 56
_PART_X, _PART_WIDTH = 60, 190
_GOAL_X, _GOAL_WIDTH = 266, 130
_BAR = 12  # the dark edge of a goal, where the lines arrive
_GAP = 14  # between two goals; the parts of a goal stand half as far apart, at most
_STEPS = 32  # straight pieces of a curve
_FINER = 2  # drawn so many times as big, then made smaller, for smooth edges
_SHADES = 64

# 見 and 本, each in a square of 10 × 10, the second beginning at 11.
_SAMPLE_STROKES = (
    ((2, 0.5), (8, 0.5), (8, 5.5), (2, 5.5), (2, 0.5)),
    ((2, 2.2), (8, 2.2)),
    ((2, 3.9), (8, 3.9)),
    ((3.8, 5.5), (3.5, 7.5), (1, 9.5)),
    ((6, 5.5), (6, 9), (9.2, 9), (9.2, 7.4)),
    ((11.5, 2.5), (20.5, 2.5)),
    ((16, 0.3), (16, 9.8)),
    ((16, 2.5), (14.4, 5.2), (11.5, 7.6)),
    ((16, 2.5), (17.6, 5.2), (20.5, 7.6)),
    ((14, 7.2), (18, 7.2)),
)
_SAMPLE = Colours("#333", "#fff3c4")

Point = tuple[float, float]


class Bar(NamedTuple):
    """A goal, with its number, or one of its parts, without."""

    box: tuple[float, float, float, float]
    colours: Colours
    number: str = ""


class Curve(NamedTuple):
    """The line of a link, from the city's goal to the goal of the きずな計画."""

    points: tuple[Point, ...]
    colour: str


class Preview(NamedTuple):
    """Where everything stands. sample: whether the lines are 見本."""

    bars: tuple[Bar, ...]
    curves: tuple[Curve, ...]
    sample: bool


def lay_out_preview(graph: Graph) -> Preview:
    """The city's goals and parts left, those of the きずな計画 right, a line for each link between."""
    bars = (*_bars("city", graph.city), *_bars("kizuna", graph.kizuna))
    left, right = float(_GOAL_X + _GOAL_WIDTH), float(WIDTH - _GOAL_X - _GOAL_WIDTH)
    curves = tuple(
        Curve(_curve(left, _MARGIN + y1, right, _MARGIN + y2), goal_colours("city", goal).dark)
        for (goal, _), (y1, y2) in line_ends(graph, HEIGHT - 2 * _MARGIN, spread=14).items()
    )
    return Preview(bars, curves, graph.has_sample)


def _bars(name: SideName, side: Side) -> list[Bar]:
    height = HEIGHT - 2 * _MARGIN
    row = height / max(1, len(side.goals))
    half = max(1.0, (row - min(_GAP, row / 4)) / 2)
    bars = []
    for goal, centre in zip(side.goals, row_centres(side, height).values(), strict=True):
        colours = goal_colours(name, goal.number)
        top, bottom = _MARGIN + centre - half, _MARGIN + centre + half
        bars.append(Bar(_box(name, _GOAL_X, _GOAL_WIDTH, top, bottom), colours, str(goal.number)))
        each = (bottom - top) / max(1, len(goal.parts))
        gap = min(_GAP / 2, each / 4)
        for place in range(len(goal.parts)):
            y = top + place * each
            bars.append(Bar(_box(name, _PART_X, _PART_WIDTH, y + gap / 2, y + each - gap / 2), colours))
    return bars


def _box(name: SideName, x: float, width: float, top: float, bottom: float) -> tuple[float, float, float, float]:
    """The right side is the left one seen in a mirror."""
    left = x if name == "city" else WIDTH - x - width
    return (left, top, left + width, bottom)


def _curve(x1: float, y1: float, x2: float, y2: float) -> tuple[Point, ...]:
    """A cubic Bézier curve that leaves and arrives level."""
    middle = (x1 + x2) / 2
    points = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        near, far = (1 - t) ** 2 * (1 + 2 * t), t * t * (3 - 2 * t)
        x = (1 - t) ** 3 * x1 + 3 * t * (1 - t) * middle + t**3 * x2
        points.append((x, near * y1 + far * y2))
    return tuple(points)


@lru_cache(maxsize=4)
def preview_png(graph: Graph) -> bytes:
    """The picture as PNG, drawn once in a process for the same graph."""
    preview = lay_out_preview(graph)
    image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), PAPER)
    pen = ImageDraw.Draw(image)
    for curve in preview.curves:
        pen.line(_finer(curve.points), PAPER, 7 * _FINER, joint="curve")
        pen.line(_finer(curve.points), curve.colour, 5 * _FINER, joint="curve")
    for bar in preview.bars:
        _draw_bar(pen, bar)
    if preview.sample:
        _draw_sample(pen)
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.BOX).quantize(_SHADES, dither=Image.Dither.NONE)
    written = BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()


def _finer(points: tuple[Point, ...]) -> list[Point]:
    return [(x * _FINER, y * _FINER) for x, y in points]


def _draw_bar(pen: ImageDraw.ImageDraw, bar: Bar) -> None:
    left, top, right, bottom = (length * _FINER for length in bar.box)
    pen.rectangle((left, top, right, bottom), bar.colours.tint, bar.colours.dark, 2 * _FINER)
    if not bar.number:
        return
    edge = (right - _BAR * _FINER, right) if right < WIDTH * _FINER / 2 else (left, left + _BAR * _FINER)
    pen.rectangle((edge[0], top, edge[1], bottom), bar.colours.dark)
    font = ImageFont.load_default(min(44.0 * _FINER, 0.8 * (bottom - top)))
    pen.text(((left + right) / 2, (top + bottom) / 2), bar.number, bar.colours.dark, font, anchor="mm")


def _draw_sample(pen: ImageDraw.ImageDraw) -> None:
    """見本 in a frame, at the foot of the picture, under the lines."""
    scale = 2.8 * _FINER
    left, top = WIDTH * _FINER / 2 - 10.5 * scale, (HEIGHT - _MARGIN / 2) * _FINER - 5 * scale
    frame = (left - 2 * scale, top - 2 * scale, left + 23 * scale, top + 12 * scale)
    pen.rectangle(frame, _SAMPLE.tint, _SAMPLE.dark, 2 * _FINER)
    for stroke in _SAMPLE_STROKES:
        pen.line([(left + x * scale, top + y * scale) for x, y in stroke], _SAMPLE.dark, 3 * _FINER, joint="curve")
