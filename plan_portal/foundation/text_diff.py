"""What changed in a text: pieces that stayed, went and came. Work is bounded."""

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

SHORT_TEXT = 400  # characters; longer stretches of sentences are shown as exchanged
MAX_SENTENCES = 400
MAX_PIECES = 40
CONTEXT = 12  # characters kept on each side of a change
MAX_PIECE = 200  # characters of one piece that are shown
ALIKE = 0.5  # sentences less alike than this are shown as exchanged

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
    """The pieces in reading order; long unchanged stretches and very long pieces are cut with an ellipsis."""
    return _short(compare_whole(before, after))


def _short(pieces: list[Piece]) -> list[Piece]:
    last = len(pieces) - 1
    shown = [
        _around_change(piece, first=i == 0, last=i == last)
        if piece.kind is Kind.SAME
        else Piece(piece.kind, shorten(piece.text))
        for i, piece in enumerate(pieces[:MAX_PIECES])
    ]
    if len(pieces) > MAX_PIECES:
        shown.append(Piece(Kind.REST, "（ほかにも変わったところがあります）"))
    return shown


def compare_whole(before: str, after: str) -> list[Piece]:
    """All of both texts, nothing left out: sentence by sentence, and within a changed sentence character by character."""
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    if len(old) > MAX_SENTENCES or len(new) > MAX_SENTENCES:
        return _exchange(before, after)
    pieces: list[Piece] = []
    for _, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pieces += _within("".join(old[old_start:old_end]), "".join(new[new_start:new_end]))
    return pieces


def _within(gone: str, came: str) -> list[Piece]:
    """Two stretches of sentences. Whole where they are long or have little in common: crumbs of letters cannot be read."""
    if len(gone) > SHORT_TEXT or len(came) > SHORT_TEXT:
        return _exchange(gone, came)
    matcher = SequenceMatcher(None, gone, came, autojunk=False)
    if gone != came and matcher.ratio() < ALIKE:
        return _exchange(gone, came)
    stretches: list[tuple[str, str]] = []
    opcodes = matcher.get_opcodes()
    for position, (tag, old_start, old_end, new_start, new_end) in enumerate(opcodes):
        lone = tag == "equal" and old_end - old_start == 1 and 0 < position < len(opcodes) - 1
        stretch = (gone[old_start:old_end], came[new_start:new_end])
        if stretches and (lone or (tag != "equal" and stretches[-1][0] != stretches[-1][1])):
            stretch = (stretches[-1][0] + stretch[0], stretches[-1][1] + stretch[1])
            stretches.pop()
        stretches.append(stretch)
    return [piece for old, new in stretches for piece in _exchange(old, new)]


def _exchange(gone: str, came: str) -> list[Piece]:
    if gone == came:
        return [Piece(Kind.SAME, gone)] if gone else []
    return [piece for piece in (Piece(Kind.GONE, gone), Piece(Kind.NEW, came)) if piece.text]


def shorten(text: str) -> str:
    """The beginning of a long text, and how much is left out."""
    if len(text) <= MAX_PIECE:
        return text
    return f"{text[:MAX_PIECE]}…（ほか{len(text) - MAX_PIECE}字）"


def _around_change(piece: Piece, *, first: bool, last: bool) -> Piece:
    head = "" if first else piece.text[:CONTEXT]
    tail = "" if last else piece.text[-CONTEXT:]
    if len(piece.text) <= len(head) + len(tail) + CONTEXT:
        return piece
    return Piece(Kind.SAME, f"{head}…{tail}")
