"""A PostgreSQL server of one's own, which may be stopped, killed and started again."""

import getpass
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_RECOVER = 30
# psycopg2 says OperationalError of most of them, and of some no more than DatabaseError.
CONNECTION_LOST = psycopg2.DatabaseError
# Small, and quick to begin. What it acknowledges it has handed to the system, so that a kill -9 loses nothing of it.
SETTINGS = "-c fsync=off -c full_page_writes=off -c max_connections=40 -c shared_buffers=32MB"
# Lines of a dump: settings that an older server may not know, commands of psql, comments.
_NOT_FOR_ALL = re.compile(r"SET |SELECT pg_catalog\.set_config|\\|--")


class OwnPostgresql:
    """It listens on a socket in its own folder, on no port. `place`: an empty folder, or None for a new one."""

    def __init__(self, place: Path | None = None) -> None:
        found = subprocess.run(
            ["sh", "tests/postgresql.sh", "--find"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        self.programs = Path(found.stdout.strip())
        self.owner = _owner()
        self.run_as = () if getpass.getuser() == self.owner else ("runuser", "-u", self.owner, "--")
        self.place = place or Path(tempfile.mkdtemp(prefix="faults-"))
        self.place.mkdir(exist_ok=True)
        shutil.chown(self.place, self.owner)
        self._run("initdb", "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--wal-segsize=1")
        self.start()

    @property
    def data(self) -> Path:
        return self.place / "data"

    def start(self) -> None:
        """After kill() it can take a moment until the last process of before has gone."""
        options = f"-c listen_addresses='' -k {self.place} {SETTINGS}"
        arguments = ("-l", str(self.place / "log"), "-w", "-o", options, "start")
        end = time.monotonic() + SECONDS_TO_RECOVER
        while self._run("pg_ctl", *arguments, check=time.monotonic() > end).returncode != 0:
            time.sleep(0.05)

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + SECONDS_TO_RECOVER
        while True:
            try:
                self.ask("SELECT 1")
            except CONNECTION_LOST:
                assert time.monotonic() < end, (self.place / "log").read_text(encoding="utf-8")
                time.sleep(0.05)
            else:
                return

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-m", mode, "-w", "stop")

    def kill(self) -> None:
        """kill -9 of the postmaster; its children end by themselves, and the next start waits for that."""
        os.kill(self.pid, signal.SIGKILL)

    def kill_a_backend(self) -> None:
        """kill -9 of one connection's process: PostgreSQL then ends all others. Returns when it has done so."""
        with self._connected("postgres") as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid"
            )
            os.kill(cursor.fetchall()[0][0], signal.SIGKILL)
            with suppress(CONNECTION_LOST):
                cursor.execute("SELECT pg_sleep(%s)", (SECONDS_TO_RECOVER,))
                raise AssertionError("PostgreSQL has not noticed")

    def end(self) -> None:
        if self.running:
            self.stop()

    def remove(self) -> None:
        self.end()
        shutil.rmtree(self.place)

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])

    @property
    def running(self) -> bool:
        return self._run("pg_ctl", "status", check=False).returncode == 0

    def url(self, database: str) -> str:
        return f"postgres://portal@/{self.place}/{database}"

    def ask(self, statement: str, database: str = "postgres", values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._connected(database) as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def _connected(self, database: str) -> Iterator[Any]:
        with closing(psycopg2.connect(dbname=database, host=str(self.place), user="portal")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor

    def make_database(self, name: str, template: str = "template1") -> None:
        """Anew, in place of what there is.

        A copied sequence takes its next 32 values without writing them to the log, until a checkpoint: a crash would give them again.
        """
        self.ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template}")
        self.ask("CHECKPOINT")

    def dump(self, database: str) -> str:
        """As SQL that any connection to any server can run: without COPY, commands of psql and settings that an older one lacks."""
        options = ["--inserts", "--no-owner", "--no-privileges", "-h", str(self.place), "-U", "portal", database]
        done = subprocess.run([self.programs / "pg_dump", *options], capture_output=True, encoding="utf-8", check=True)
        return "\n".join(line for line in done.stdout.splitlines() if not _NOT_FOR_ALL.match(line))

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [*self.run_as, str(self.programs / program), "-D", str(self.data), *arguments]
        # Not by pipes: the server would inherit them and hold them open.
        with (self.place / f"{program}.out").open("w+", encoding="utf-8") as output:
            done = subprocess.run(
                command,
                cwd=self.place,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            output.seek(0)
            assert not check or done.returncode == 0, output.read()
        return done


def _owner() -> str:
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return getpass.getuser()
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"
