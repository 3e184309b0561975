"""The real portal on a database that may be damaged, and its sudden end."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.faults.own_postgresql import OwnPostgresql
from tests.portal_process import SAMPLE_PASSWORD, SECONDS_TO_STOP, PortalProcess

# The rows of each table, by column.
Contents = dict[str, list[dict[str, Any]]]
PREPARED = "prepared"


class FragilePortal(PortalProcess):
    """With the plan, the 見本 and the sample accounts. On SQLite `server` is None, and `database` the file; else `name` counts."""

    def __init__(
        self, var: Path, server: OwnPostgresql | None, *, database: Path | None = None, name: str = "portal"
    ) -> None:
        self.server = server
        self.name = name
        self.database = database or var / f"{name}.sqlite3"
        url = f"sqlite:///{self.database}" if server is None else server.url(name)
        super().__init__(var, PORTAL_SAMPLE_PASSWORD=SAMPLE_PASSWORD, DATABASE_URL=url)
        self.process: subprocess.Popen[bytes] | None = None
        self.log = self.new_log()

    def prepare(self) -> None:
        """Start it for the first time, and keep the database for renew()."""
        self.empty()
        with self.running():
            pass
        if self.server is not None:
            self.server.make_database(PREPARED, self.name)
        else:
            shutil.copy(self.database, self.var / PREPARED)

    def renew(self) -> None:
        """The database as it was prepared."""
        if self.server is not None:
            self.server.make_database(self.name, PREPARED)
            return
        self._remove_files()
        shutil.copy(self.var / PREPARED, self.database)

    def dump(self) -> str:
        """As SQL that makes the database anew."""
        if self.server is not None:
            return self.server.dump(self.name)
        with closing(sqlite3.connect(self.database)) as connection:
            return "\n".join(connection.iterdump())

    def empty(self) -> None:
        """Leave a database without tables; on SQLite none."""
        if self.server is not None:
            self.server.make_database(self.name)
        else:
            self._remove_files()

    def replace_database(self, sql: str) -> None:
        """By the one that a dump makes."""
        self.empty()
        if self.server is not None:
            self.server.ask(sql, self.name)
            return
        with closing(sqlite3.connect(self.database)) as connection:
            connection.executescript(sql)

    def _remove_files(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)

    def contents(self) -> Contents:
        names = self.ask(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            if self.server is None
            else "SELECT relname FROM pg_stat_user_tables ORDER BY relname"
        )
        return {name: self._rows(name) for (name,) in names}

    def _rows(self, table: str) -> list[dict[str, Any]]:
        if self.server is not None:
            return [row for (row,) in self.ask(f'SELECT to_jsonb(one) FROM "{table}" AS one')]  # noqa: S608  # our own names
        columns = [column[1] for column in self.ask(f"PRAGMA table_info({table})")]
        return [dict(zip(columns, row, strict=True)) for row in self.ask(f'SELECT * FROM "{table}"')]  # noqa: S608

    def said(self) -> str:
        """What it wrote of its first answer of 500, without the lines of code."""
        _, found, rest = self.log.read_text(encoding="utf-8").partition("Internal Server Error")
        return "\n".join([found, *(line for line in rest.splitlines() if line[:1].strip())][:40])

    def start(self) -> None:
        self.process = self.launch(self.log)
        self.wait_until_it_answers(self.process, self.log)

    def kill(self) -> None:
        """kill -9 of the parent and its workers at once."""
        assert self.process is not None
        for worker in children(self.process.pid):
            os.kill(worker, signal.SIGKILL)
        self.kill_parent()

    def kill_parent(self) -> None:
        """kill -9 of the parent alone. Returns when its workers have noticed, and given up the port."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None
        end = time.monotonic() + SECONDS_TO_STOP
        while self._port_is_taken():
            assert time.monotonic() < end, "a worker has outlived its parent"
            time.sleep(0.01)

    def _port_is_taken(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @contextmanager
    def killed_afterwards(self) -> Iterator["FragilePortal"]:
        try:
            yield self
        finally:
            if self.process is not None:
                self.kill()

    def ask(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What the database holds, read by a connection of its own. Placeholders are `?`."""
        if self.server is not None:
            return self.server.ask(statement.replace("?", "%s"), self.name, values)
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            return connection.execute(statement, values).fetchall()


def children(pid: int) -> list[int]:
    """Empty where there is no /proc: the workers then notice by themselves that their parent is gone."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text(encoding="ascii").split()] if listed.exists() else []
