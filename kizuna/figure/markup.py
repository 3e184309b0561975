"""The few SVG elements that the figure needs, as strings. Every text that comes in is escaped here."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from kizuna.figure.shapes import TEXT, Rectangle, Text
from kizuna.figure.xml_text import escaped

STYLE = attrgetter("size", "anchor", "bold")


@lru_cache(maxsize=16384)
def number(value: float) -> str:
    """With one decimal at most: 12, 12.5."""
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 100_000 else f"{value:.0f}"


def rectangle(css_class: str, place: Rectangle, fill: str, more: str = "") -> str:
    """more: further attributes, each with a space before it."""
    return (
        f'<rect class="{css_class}" x="{number(place.x)}" y="{number(place.y)}"'
        f' width="{number(place.w)}" height="{number(place.h)}" fill="{fill}"{more}/>'
    )


def texts(lines: Iterable[Text], more: str = "") -> str:
    """Neighbours of one style share a group; more: further attributes for all of them."""
    return "".join(_run(_style(*style) + more, list(run)) for style, run in groupby(lines, STYLE))


def link(url: str, name: str, inner: str, fill: str) -> str:
    return f'<a class="f-box" href="{escaped(url)}" fill="{fill}"><title>{escaped(name)}</title>{inner}</a>'


@lru_cache(maxsize=64)
def _style(size: float, anchor: str, bold: bool) -> str:
    font_size = "" if size == TEXT else f' font-size="{number(size)}"'
    text_anchor = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return font_size + text_anchor + (' font-weight="700"' if bold else "")


def _run(attributes: str, run: list[Text]) -> str:
    if attributes and len(run) > 1:
        return f"<g{attributes}>{''.join([_text(text, '') for text in run])}</g>"
    return "".join([_text(text, attributes) for text in run])


def _text(text: Text, attributes: str) -> str:
    x = number(text.x)
    turn = f' transform="rotate(90 {x} {number(text.centre_y)})"' if text.turned else ""
    return f'<text x="{x}" y="{number(text.y)}"{attributes}{turn}>{escaped(text.value)}</text>'
