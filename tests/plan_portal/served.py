"""The portal as granian serves it, and its database as another program sees it: to be edited, and to be taken away."""

from __future__ import annotations

import http.client
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
import psycopg2

from tests.portal_process import ROOT, PortalProcess


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


class Browser:
    """One connection that is kept open, and opened again when the server closed it."""

    def __init__(self, portal: PortalProcess) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())


def once(portal: PortalProcess, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    """Over a connection of its own, which any of the server's processes may take."""
    with Browser(portal) as browser:
        return browser.ask(path, method, body, **headers)


@contextmanager
def database_of(portal: PortalProcess) -> Iterator[Any]:
    """A connection; on both databases %s stands for a parameter, and each statement is committed."""
    url = portal.environment.get("DATABASE_URL")
    if url is None:
        with closing(sqlite3.connect(portal.var / "portal.sqlite3", timeout=60, isolation_level=None)) as connection:
            yield lambda statement, *values: connection.execute(statement.replace("%s", "?"), values)
        return
    found = environ.Env.db_url_config(url)
    with closing(psycopg2.connect(dbname=found["NAME"], host=found["HOST"], user=found["USER"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield lambda statement, *values: cursor.execute(statement, values)


class OwnServer:
    """A PostgreSQL that a test may stop, kill and start; it listens on a socket in its own folder."""

    def __init__(self) -> None:
        self._bin = self._run("sh", str(ROOT / "tests/postgresql.sh"), "--find").stdout.strip()
        self._place = Path(tempfile.mkdtemp())
        self._as: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to be run by root
            owner = "postgres" if self._run("id", "postgres", check=False).returncode == 0 else "nobody"
            shutil.chown(self._place, owner)
            self._as = ["runuser", "-u", owner, "--"]
        data = ["-D", str(self._place / "data")]
        self._run(*self._as, f"{self._bin}/initdb", *data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.url = f"postgres://portal@/{self._place}/postgres"

    def __enter__(self) -> OwnServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.control("-m", "immediate", "stop", check=False)
        shutil.rmtree(self._place)

    def start(self) -> None:
        options = f"-c listen_addresses='' -k {self._place} -c fsync=off"
        self.control("-l", str(self._place / "log"), "-o", options, "start")

    def control(self, *command: str, check: bool = True) -> None:
        self._run(*self._as, f"{self._bin}/pg_ctl", "-D", str(self._place / "data"), "-w", *command, check=check)

    def _run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if "--find" in command else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            check=check,
        )
