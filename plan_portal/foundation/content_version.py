"""Which version of the content the database holds: equal versions, equal public pages."""

from __future__ import annotations

import os
import select
import sqlite3
import threading
import time
from collections.abc import Hashable
from itertools import count
from typing import Any, ClassVar, Protocol
from urllib.parse import quote

import psycopg2
from django.db import OperationalError, connections
from django.utils.connection import ConnectionDoesNotExist
from psycopg2.extensions import POLL_OK, POLL_READ

from plan_portal.foundation.content_triggers import VERSION

SECONDS_TO_ANSWER = 2
# After a failure nobody asks again for a while, so that a database which hangs takes up no more than a fifth of the time.
SHORTEST_PAUSE, PAUSE_PER_SECOND_LOST = 0.5, 4


class ContentVersion:
    """Asked over one private connection for each process, which is opened when first asked: after a server has forked.

    It sees each change as soon as it is committed, whoever made it. `alias`: the database that pages are read from.
    """

    def __init__(self, alias: str = "default") -> None:
        if alias not in connections.settings:
            raise ConnectionDoesNotExist(alias)
        self.alias = alias
        self._lock = threading.Lock()
        self._database: _Database | None = None
        self._silent_until = 0.0

    def current(self) -> Hashable:
        """Raises django.db.DatabaseError when the database cannot be asked."""
        with self._lock:
            if self._database is not None:
                try:
                    return self._database.version()
                except self._database.errors:
                    self.close()
            return self._ask_anew()

    def _ask_anew(self) -> Hashable:
        """Over a new connection. What Django holds of this thread goes too: it may be a file that has since been replaced."""
        began = time.monotonic()
        if began < self._silent_until:
            raise OperationalError("the database did not answer a moment ago")
        connections[self.alias].close()
        kind = _KINDS[connections[self.alias].vendor]
        try:
            database = self._database = kind(connections.create_connection(self.alias))
            return database.version()
        except kind.errors as error:
            self.close()
            now = time.monotonic()
            self._silent_until = now + max(SHORTEST_PAUSE, PAUSE_PER_SECOND_LOST * (now - began))
            raise OperationalError(*error.args) from error

    def close(self) -> None:
        """Until it is asked again."""
        database, self._database = self._database, None
        if database is not None:
            database.close()


class _Database(Protocol):
    errors: ClassVar[tuple[type[Exception], ...]]

    def __init__(self, wrapper: Any) -> None: ...

    def version(self) -> Hashable: ...

    def close(self) -> None: ...


class _Sqlite:
    """`PRAGMA data_version` changes with every commit of another connection; this one never writes.

    Its numbers mean nothing to a later connection, nor to another file under the same name.
    """

    errors: ClassVar[tuple[type[Exception], ...]] = (sqlite3.Error, OSError)
    _numbers = count()

    def __init__(self, wrapper: Any) -> None:
        self._path = str(wrapper.settings_dict["NAME"])
        self._file = self._standing_there()
        self._number = next(self._numbers)
        self._connection = sqlite3.connect(
            f"file:{quote(self._path)}?mode=rw",  # makes no file that is not there
            uri=True,
            timeout=0.1,
            isolation_level=None,
            check_same_thread=False,
        )
        self._cursor = self._connection.cursor()

    def version(self) -> Hashable:
        if self._standing_there() != self._file:
            raise FileNotFoundError(self._path)
        (changes,) = self._cursor.execute("PRAGMA data_version").fetchone()
        return self._number, changes

    def close(self) -> None:
        self._connection.close()

    def _standing_there(self) -> tuple[int, int]:
        """Raises OSError. A file that was moved away or replaced goes on being readable by those who have it open."""
        found = os.stat(self._path)  # noqa: PTH116  # asked at every request, where a Path takes twice as long
        return found.st_dev, found.st_ino


class _Postgresql:
    """The ids that the triggers leave (content_triggers). Works on a replica, too.

    Why not LISTEN: a notification may come milliseconds after its commit, and pages asked for in between would be old.
    Asked without blocking, so that a server that hangs holds nobody up for longer than a server that is gone.
    """

    errors: ClassVar[tuple[type[Exception], ...]] = (psycopg2.Error,)

    def __init__(self, wrapper: Any) -> None:
        self._connection = psycopg2.connect(**wrapper.get_connection_params(), async_=True)
        self._wait()
        self._cursor = self._connection.cursor()
        self._tell(f"PREPARE content_version AS {VERSION}")

    def version(self) -> Hashable:
        self._tell("EXECUTE content_version")
        return frozenset(self._cursor.fetchall())

    def close(self) -> None:
        self._connection.close()

    def _tell(self, statement: str) -> None:
        self._cursor.execute(statement)
        self._wait()

    def _wait(self) -> None:
        """Until the connection has done what it was told; raises psycopg2.OperationalError when that takes too long."""
        ends = time.monotonic() + SECONDS_TO_ANSWER
        while (state := self._connection.poll()) != POLL_OK:
            ready = select.poll()
            ready.register(self._connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
            if not ready.poll(max(ends - time.monotonic(), 0) * 1000):
                raise psycopg2.OperationalError("the database does not answer")


_KINDS: dict[str, type[_Database]] = {"sqlite": _Sqlite, "postgresql": _Postgresql}
