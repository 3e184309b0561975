"""Which reading each word of a text has, found in a list of words. Pure.

A wrong reading is worse than none. So a run of kanji is read when words of the list cover it whole; otherwise only its words
of two kanji and more are, and a word of one kanji counts only where that kanji stands alone (生 in 生む, never in 生活).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from plan_portal.foundation.furigana import KANJI, segments

Segment = tuple[str, str]


class Word(NamedTuple):
    """A word as it is written, and its (base, reading) segments."""

    text: str
    segments: tuple[Segment, ...]

    @property
    def counts_only_alone(self) -> bool:
        return len(self.text) == 1


class Lexicon:
    """words: as written → as `{護|まも}り` markup, which without its readings must be the word."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._by_first: dict[str, list[Word]] = defaultdict(list)
        for text in sorted(words, key=len, reverse=True):
            self._by_first[text[0]].append(Word(text, tuple(segments(words[text]))))
        # Where a word or a run of kanji may begin.
        self._beginning = re.compile("|".join([KANJI.pattern, *map(re.escape, sorted(self._by_first))]))
        self.read = lru_cache(maxsize=4096)(self._read)

    def _read(self, text: str) -> tuple[Segment, ...]:
        """(base, reading) pairs in order, joined again the text; the reading is empty where there is none."""
        found: list[Segment] = []
        plain = at = 0
        while place := self._beginning.search(text, at):
            at = place.start()
            if run := KANJI.match(text, at):
                words, end = self._run(text, at, run.end())
            else:
                words = tuple(w for w in self._words(text, at) if _is_a_word_end(text, at + len(w.text)))[:1]
                end = at + len(words[0].text) if words else at + 1
            if words:
                if plain < at:
                    found.append((text[plain:at], ""))
                found += [segment for word in words for segment in word.segments]
                plain = end
            at = end
        if plain < len(text):
            found.append((text[plain:], ""))
        return tuple(found)

    def _words(self, text: str, at: int) -> Iterator[Word]:
        """The words that stand at this place, the longest first."""
        return (word for word in self._by_first.get(text[at], ()) if text.startswith(word.text, at))

    def _run(self, text: str, start: int, end: int) -> tuple[tuple[Word, ...], int]:
        """The words of a run of kanji, and where they end: after its okurigana too, if a word has them."""
        if whole := self._cover(text, start, end):
            return whole, start + sum(len(word.text) for word in whole)
        parts: list[Word] = []
        at = start
        while at < end:
            known = next(
                (w for w in self._words(text, at) if not w.counts_only_alone and at + len(w.text) <= end), None
            )
            parts.append(known or Word(text[at], ((text[at], ""),)))
            at += len(parts[-1].text)
        return tuple(parts), end

    def _cover(self, text: str, start: int, end: int) -> tuple[Word, ...]:
        """The fewest words that cover text[start:end], the longest first; () when no words do."""
        covers: dict[int, tuple[Word, ...]] = {}
        for at in range(end - 1, start - 1, -1):
            for word in self._words(text, at):
                stop = at + len(word.text)
                if word.counts_only_alone and (at, stop) != (start, end):
                    continue
                if stop < end:
                    rest = covers.get(stop)
                    cover = (word, *rest) if rest else ()
                else:
                    cover = (word,) if _is_a_word_end(text, stop) else ()
                if cover and (at not in covers or len(cover) < len(covers[at])):
                    covers[at] = cover
        return covers.get(start, ())


def _is_a_word_end(text: str, stop: int) -> bool:
    """Whether no run of kanji goes on over this place."""
    return not (stop < len(text) and KANJI.match(text[stop]) and KANJI.match(text[stop - 1]))
