"""Furigana over a finished page: readings over the text of its body, and nowhere else.

Never in <title>, in attributes (and so in no aria-label), in pictures or in choices of a form. The reading is hidden from
assistive technology, which reads kanji by itself and would else say each word twice: names stay plain.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from plan_portal.foundation.furigana import KANJI, has_kanji
from plan_portal.foundation.lexicon import Segment

Read = Callable[[str], tuple[Segment, ...]]

# A hit of a search may be part of a word: mark and the rest of the word pass as one, as a tag does.
_TAG = re.compile(rf"((?:{KANJI.pattern})?<mark>[^<]*</mark>(?:{KANJI.pattern})?|<[^>]*>)")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
# Elements whose text is no text of the page, or cannot hold ruby.
_LEFT_ALONE = frozenset({"script", "style", "svg", "select", "textarea", "ruby"})
_BREAK = "<wbr>"


def with_furigana(html: str, read: Read) -> str:
    """`html` with <ruby> over every word of its body that `read` has a reading for."""
    begin = html.find("<body")
    if begin < 0:
        return html
    return html[:begin] + "".join(_pieces(_TAG.split(html[begin:]), read))


def _pieces(tokens: list[str], read: Read) -> Iterator[str]:
    """Every other token is a tag. Text that only <wbr> parts is read as one."""
    inside = ""
    run: list[str] = []
    for index, token in enumerate(tokens):
        is_tag = index % 2 == 1
        if not inside and (not is_tag or token == _BREAK):
            run.append(token)
            continue
        if run:
            yield _read_run(run, read)
            run = []
        yield token
        if is_tag:
            inside = _still_inside(inside, token)
    yield _read_run(run, read)


def _still_inside(inside: str, tag: str) -> str:
    """The name of the element to leave alone that we are in after this tag; empty when in none."""
    name = _NAME.match(tag)
    if inside:
        return "" if tag.startswith("</") and name and name[1] == inside else inside
    opens = name is not None and not tag.startswith("</") and not tag.endswith("/>")
    return name[1] if opens and name and name[1] in _LEFT_ALONE else ""


def _read_run(run: list[str], read: Read) -> str:
    text = "".join(token for token in run if token != _BREAK)
    if not has_kanji(text):
        return "".join(run)
    breaks, at = set(), 0
    for token in run:
        if token == _BREAK:
            breaks.add(at)
        else:
            at += len(token)
    return "".join(_marked_up(read(text), breaks))


def _marked_up(segments: tuple[Segment, ...], breaks: set[int]) -> Iterator[str]:
    """The segments as HTML, with the breaks put back; one within a word that is read as one falls away."""
    at = 0
    for base, reading in segments:
        if at in breaks:
            yield _BREAK
        if reading:
            yield f'<ruby>{base}<rp>（</rp><rt aria-hidden="true">{reading}</rt><rp>）</rp></ruby>'
        else:
            cuts = [0, *(place - at for place in sorted(breaks) if at < place < at + len(base)), len(base)]
            yield _BREAK.join(base[a:b] for a, b in pairwise(cuts))
        at += len(base)
    if at in breaks:
        yield _BREAK
