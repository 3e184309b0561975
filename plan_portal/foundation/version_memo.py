"""What every page needs, read from the database once for a version of the content instead of once a page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar(
    "what was read for the version that is rendered", default=None
)


class VersionMemo:
    def __init__(self) -> None:
        self._latest: tuple[Hashable, dict[Hashable, Any]] = (None, {})

    @contextmanager
    def rendering(self, version: Hashable) -> Iterator[None]:
        """A page is made for `version`, which was asked before: what is read meanwhile is never older."""
        latest, kept = self._latest
        if latest != version:
            kept = {}
            self._latest = (version, kept)
        token = _kept.set(kept)
        try:
            yield
        finally:
            _kept.reset(token)


def kept_for_a_version(read: Callable[P, R]) -> Callable[P, R]:
    """Keeps what `read` gives while pages of one version are made; those who get it must not change it.

    Elsewhere (staff, previews, commands) it is read each time.
    """

    @wraps(read)
    def kept_or_read(*args: P.args, **kwargs: P.kwargs) -> R:
        kept = _kept.get()
        if kept is None:
            return read(*args, **kwargs)
        key = (read, args, tuple(sorted(kwargs.items())))
        if key not in kept:
            kept[key] = read(*args, **kwargs)
        return cast(R, kept[key])

    return kept_or_read
