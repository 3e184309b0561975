"""A published change as it is shown: before and after in one text, cut so that a page of many stays light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plan_portal.foundation.history_entries import EMPTY
from plan_portal.foundation.models import PublishedChange
from plan_portal.foundation.text_diff import CONTEXT, Kind, Piece, compare

LONG = 40  # characters of all fields together, above which they are folded
SHORTEST_KEPT = 4  # characters that stay between two changes, on average, while they help a reader


@dataclass(frozen=True)
class Room:
    """Characters that there are for the texts of one change, and for one piece of them."""

    texts: int
    piece: int


AMONG_OTHERS, ALONE = Room(texts=70, piece=40), Room(texts=2000, piece=1000)


@dataclass(frozen=True)
class Field:
    name: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Entry:
    """rest: the names of the fields for which there is no room; is_cut: whether anything is left out."""

    change: PublishedChange
    note: str
    fields: Sequence[Field]
    rest: Sequence[str]
    is_cut: bool

    @property
    def url(self) -> str:
        """A page of this portal, or nothing."""
        url = self.change.url
        return url if url.startswith("/") and not url.startswith("//") else ""

    @property
    def is_long(self) -> bool:
        return sum(len(piece.text) for field in self.fields for piece in field.pieces) > LONG


def entry(change: PublishedChange, room: Room) -> Entry:
    left, fields, note = room.texts, [], _ended(change.note, room.texts)
    is_cut = note != change.note
    for row in change.changes:
        if left <= 0:
            break
        whole = differences(row["before"], row["after"])
        pieces = _cut(whole, left, room.piece)
        is_cut = is_cut or pieces != whole
        left -= sum(len(piece.text) for piece in pieces)
        fields.append(Field(row["field"], pieces))
    rest = [row["field"] for row in change.changes[len(fields) :]]
    return Entry(change, note, fields, rest, is_cut or bool(rest))


def differences(before: str, after: str) -> list[Piece]:
    """What went and came within the sentence; in one piece where only crumbs would stay between."""
    before, after = ("" if text == EMPTY else text for text in (before, after))
    pieces = compare(before, after)
    kept = [len(piece.text) for piece in pieces if piece.kind is Kind.SAME]
    if kept and sum(kept) >= SHORTEST_KEPT * len(kept):
        return pieces
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    parts = (
        (Kind.SAME, before[max(head - CONTEXT, 0) : head]),
        (Kind.GONE, before[head : len(before) - tail]),
        (Kind.NEW, after[head : len(after) - tail]),
        (Kind.SAME, before[len(before) - tail :][:CONTEXT]),
    )
    return [Piece(kind, text) for kind, text in parts if text]


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _cut(pieces: Sequence[Piece], room: int, most: int) -> list[Piece]:
    shown: list[Piece] = []
    for piece in pieces:
        if room <= 0:
            return [*shown, Piece(Kind.REST, "…")]
        text = _ended(piece.text, min(room, most))
        shown.append(Piece(piece.kind, text))
        room -= len(text)
    return shown


def _ended(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
