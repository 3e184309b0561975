"""Where pages are read: from a read replica of PostgreSQL, where DATABASE_REPLICA_URL names one, for those who are not logged in.

Staff read where they write, so that they see at once what they saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse

from plan_portal.foundation.addresses import is_for_staff

REPLICA = "replica"
_alias: ContextVar[str] = ContextVar("alias of the database to read", default=DEFAULT_DB_ALIAS)


def read_alias() -> str:
    """The alias in `connections` of the database that this request reads."""
    return _alias.get()


def public_alias() -> str:
    """The alias of the database from which public pages are made."""
    return REPLICA if REPLICA in settings.DATABASES else DEFAULT_DB_ALIAS


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


class ReplicaRouter:
    """Sends the reads of a public request to the replica; everything else to the default database."""

    def db_for_read(self, *_: Any, **__: Any) -> str:
        return read_alias()

    def db_for_write(self, *_: Any, **__: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_: Any, **__: Any) -> bool:
        return True

    def allow_migrate(self, db: str, *_: Any, **__: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class ReplicaMiddleware:
    """Reads public pages from the replica. Takes itself out where there is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if public_alias() == DEFAULT_DB_ALIAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reading_from(REPLICA if self._is_public(request) else DEFAULT_DB_ALIAS):
            return self.get_response(request)

    def _is_public(self, request: HttpRequest) -> bool:
        return (
            request.method in ("GET", "HEAD")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not is_for_staff(request)
        )
