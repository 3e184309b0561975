"""Readings over kanji: `{護|まも}り` is 護り with まも over 護.

The markup lives beside the official wording and never replaces it: without the readings it must be that wording.
"""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError

_SEGMENT = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
KANJI = re.compile(r"[㐀-䶿一-鿿豈-﫿々〆ヶ𠀀-𪛟]+")
_READING = re.compile(r"[ぁ-ゖァ-ヺー・]+")


def has_kanji(text: str) -> bool:
    return KANJI.search(text) is not None


def segments(markup: str) -> Iterator[tuple[str, str]]:
    """Yield (base, reading) pairs in order; the reading is empty where the text stands alone."""
    end = 0
    for match in _SEGMENT.finditer(markup):
        if match.start() > end:
            yield markup[end : match.start()], ""
        yield match[1], match[2]
        end = match.end()
    if end < len(markup):
        yield markup[end:], ""


def base_text(markup: str) -> str:
    """The wording without its readings."""
    return "".join(base for base, _ in segments(markup))


def check(markup: str, wording: str) -> None:
    """Raise ValidationError, in words a clerk can act on, unless `markup` is `wording` with a reading for every kanji."""
    if markup.count("{") != markup.count("}") or any(mark in base_text(markup) for mark in "{}|"):
        position = next((i for i, c in enumerate(base_text(markup)) if c in "{}|"), 0)
        near = base_text(markup)[max(0, position - 4) : position + 6]
        raise ValidationError(f"{{ と }} の数が合いません。「{near}」のあたりを見てください。", code="ruby_braces")
    if base_text(markup) != wording:
        raise ValidationError(
            f"読みを除いた文が、もとの文言とちがいます：「{base_text(markup)}」と「{wording}」", code="ruby_base"
        )
    for base, reading in segments(markup):
        bare = None if reading else KANJI.search(base)
        if bare:
            raise ValidationError(
                f"「{bare[0]}」に読みがありません。{{{bare[0]}|よみ}} のように書いてください。", code="ruby_missing"
            )
        if reading and not _READING.fullmatch(reading):
            raise ValidationError(f"「{base}」の読み「{reading}」は、かなで書いてください。", code="ruby_reading")


def clean_ruby(markup: str, wording: str, field: str = "title_ruby") -> None:
    """For Model.clean(): as check(), but the error stands at `field`; an empty markup is 'not yet given'."""
    if not markup:
        return
    try:
        check(markup, wording)
    except ValidationError as error:
        raise ValidationError({field: error}) from error
