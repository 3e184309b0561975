"""Folding for search: ﾎﾞﾗﾝﾃｨｱ, ぼらんてぃあ and ボランティア become one spelling. Only the search copy is folded.

A change of `fold` makes the stored copies stale: it needs a migration with `refold` in each app that keeps one.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from plan_portal.foundation.old_kanji import OLD_KANJI
from plan_portal.foundation.phrases import clusters
from plan_portal.foundation.same_words import SAME_WORDS

MOST_WORDS = 10
_MOST_SPELLINGS = 12
_LONG_VOWEL = "ーｰ"
_KANJI_DIGITS = dict(zip("〇一二三四五六七八九", "0123456789", strict=True))
# As sounds and typing confuse them: small with large, か of か所, ぢ with じ, letters that only names keep.
_KANA = dict(
    zip("ぁぃぅぇぉっゃゅょゎゕゖゐゑゔぢづ", "あいうえおつやゆよわかけいえぶじず", strict=True),
    **dict(zip("ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ", "くしすとぬはひふへほむらりるれろ", strict=True)),
    ゖ="か",
)
# Numbers in rings that NFKC leaves alone, and Roman ones, which it would spell with letters.
_RINGED = chain(range(0x24EB, 0x2500), range(0x2776, 0x2794), range(0x2160, 0x216C), range(0x2170, 0x217C))
_NUMBERS = {code: str(int(unicodedata.numeric(chr(code)))) for code in _RINGED}


class _Letters(dict[int, str]):
    """What each character counts as, worked out when first met: letters, marks and digits count, all else is dropped."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if "ァ" <= character <= "ヶ" or character in "ヽヾ":
            character = chr(code - 0x60)
        counts = unicodedata.category(character)[0] in "LMN" and not _is_hidden(character)
        folded = _KANA.get(character) or _KANJI_DIGITS.get(character) or OLD_KANJI.get(character, character)
        self[code] = folded if counts else ""
        return self[code]


def _is_hidden(character: str) -> bool:
    """The long vowel, written as ー, as one of many dashes or not at all; and selectors of glyphs (辻󠄀)."""
    return character in _LONG_VOWEL or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


_LETTERS = _Letters()


def fold(text: str) -> str:
    """Width, case, kana, long vowels, old kanji and kinds of digits folded; spaces and signs gone.

    The result is for comparing, never for showing. Each character is folded by itself, so that a part of a text is found in it.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_NUMBERS)).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFKC", plain).translate(_LETTERS)


def fold_apart(*texts: str) -> str:
    """The texts folded, a space between them: no word is found across two."""
    return " ".join(filter(None, map(fold, texts)))


def terms(query: str) -> list[str]:
    """The words of a query, folded; white space of any width stands between words. At most MOST_WORDS, none empty."""
    return [folded for word in query.split() if (folded := fold(word))][:MOST_WORDS]


_SAME = [
    (re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True))), words)
    for words in (tuple(dict.fromkeys(map(fold, line))) for line in SAME_WORDS)
]


@lru_cache(maxsize=1024)
def spellings(word: str) -> tuple[str, ...]:
    """A folded word first as it is, then as others write it: 障害者, 障がい者."""
    found = [word]
    for pattern, words in _SAME:
        if pattern.search(word):
            found += [pattern.sub(other, spelling) for spelling in found for other in words]
    return tuple(dict.fromkeys(found))[:_MOST_SPELLINGS]


def holds(folded: str, word: str) -> bool:
    """Whether a folded text holds a folded word in any of its spellings."""
    return any(spelling in folded for spelling in spellings(word))


def hits(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the folded `words` stand in `text` itself: (start, end) pairs in order, none overlapping."""
    folded, start = "", 0
    origin: list[tuple[int, int]] = []
    for cluster in clusters(text):
        piece = _fold_cluster(cluster)
        end = start + len(cluster)
        if origin and cluster[0] in _LONG_VOWEL:
            origin[-1] = (origin[-1][0], end)
        folded += piece
        origin += [(start, end)] * len(piece)
        start = end
    spans: list[tuple[int, int]] = []
    for begin, end in sorted(chain.from_iterable(_places(folded, word) for word in words)):
        start, stop = origin[begin][0], origin[end - 1][1]
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return spans


_fold_cluster = lru_cache(maxsize=8192)(fold)


def _places(folded: str, word: str) -> Iterator[tuple[int, int]]:
    for spelling in spellings(word):
        at = folded.find(spelling)
        while at >= 0:
            yield at, at + len(spelling)
            at = folded.find(spelling, at + 1)
