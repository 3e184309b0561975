"""Previous and next in a sequence."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def neighbours(sequence: Sequence[T], item: T) -> tuple[T | None, T | None]:
    """The items before and after `item`; None at an end. Raises ValueError if it is not there."""
    at = sequence.index(item)
    return (sequence[at - 1] if at else None), (sequence[at + 1] if at + 1 < len(sequence) else None)
