"""What changed in a text, short enough to read: pieces that stayed, went and came. Work and length are bounded."""

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

SHORT_TEXT = 400  # characters; longer texts are compared sentence by sentence
MAX_TOKENS = 400
MAX_PIECES = 40
CONTEXT = 12  # characters kept on each side of a change
MAX_PIECE = 200  # characters of one piece that are shown

_SENTENCES = re.compile(r"[^。\n]*[。\n]|[^。\n]+")


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"
    REST = "rest"


class Piece(NamedTuple):
    kind: Kind
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces in reading order. Long unchanged stretches and very long pieces are cut with an ellipsis."""
    old, new = _tokens(before), _tokens(after)
    if len(old) > MAX_TOKENS or len(new) > MAX_TOKENS:
        old, new = [before], [after]
    pieces: list[Piece] = []
    for _, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        if gone == came:
            pieces.append(Piece(Kind.SAME, gone))
            continue
        pieces += [Piece(Kind.GONE, shorten(gone))] if gone else []
        pieces += [Piece(Kind.NEW, shorten(came))] if came else []
    last = len(pieces) - 1
    shown = [
        _around_change(piece, first=i == 0, last=i == last) if piece.kind is Kind.SAME else piece
        for i, piece in enumerate(pieces[:MAX_PIECES])
    ]
    if len(pieces) > MAX_PIECES:
        shown.append(Piece(Kind.REST, "（ほかにも変わったところがあります）"))
    return shown


def shorten(text: str) -> str:
    """The beginning of a long text, and how much is left out."""
    if len(text) <= MAX_PIECE:
        return text
    return f"{text[:MAX_PIECE]}…（ほか{len(text) - MAX_PIECE}字）"


def _tokens(text: str) -> list[str]:
    return list(text) if len(text) <= SHORT_TEXT else _SENTENCES.findall(text)


def _around_change(piece: Piece, *, first: bool, last: bool) -> Piece:
    head = "" if first else piece.text[:CONTEXT]
    tail = "" if last else piece.text[-CONTEXT:]
    if len(piece.text) <= len(head) + len(tail) + CONTEXT:
        return piece
    return Piece(Kind.SAME, f"{head}…{tail}")
