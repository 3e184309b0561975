"""Folding for search: ﾎﾞﾗﾝﾃｨｱ, ぼらんてぃあ and ボランティア become one spelling. Only the search copy is folded."""

import unicodedata

from plan_portal.foundation.phrases import clusters

_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def fold(text: str) -> str:
    """Width (NFKC), case and kana folded, white space and NUL gone. The result is for comparing, never for showing."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    whole = "".join(plain.split()).replace("\0", "")
    return unicodedata.normalize("NFKC", whole).translate(_KATAKANA_TO_HIRAGANA)


def terms(query: str) -> list[str]:
    """The words of a query, folded; white space of any width stands between words. At most ten, none empty."""
    return [folded for word in query.split()[:10] if (folded := fold(word))]


def hits(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the folded `words` stand in `text` itself: (start, end) pairs in order, none overlapping."""
    folded, origin, start = "", [], 0
    for cluster in clusters(text):
        piece = fold(cluster)
        folded += piece
        origin += [(start, start + len(cluster))] * len(piece)
        start += len(cluster)
    found = sorted((at, at + len(word)) for word in words for at in range(len(folded)) if folded.startswith(word, at))
    spans: list[tuple[int, int]] = []
    for begin, end in found:
        start, stop = origin[begin][0], origin[end - 1][1]
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return spans
