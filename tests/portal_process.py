"""The real portal in a process of its own, as `make run` starts it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import environ
import psycopg2

from plan_portal.startup.server import WORKERS

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_PASSWORD = "shiken-no-aikotoba"
SECONDS_TO_START, SECONDS_TO_STOP = 90, 20
# The system throws a coin which worker gets a connection: that one of two gets none of them happens once in 500 million times.
ANSWERS_OF_BOTH_WORKERS = 30
# What the tests, or the person who runs them, set for themselves.
NOT_INHERITED = ("DATABASE_URL", "DJANGO_", "GRANIAN_", "HOST", "PORT", "PORTAL_", "SAMPLE", "SECRET_KEY")

TCP_LISTEN = "0A"


def clean_environment(**added: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
    return {**inherited, "PYTHONUTF8": "1", **added}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PortalProcess:
    """`var` is the portal's folder; `environment` is what a person would write before `make run`."""

    # Whose manage.py it is.
    code = ROOT

    def __init__(self, var: Path, **environment: str) -> None:
        self.var = var
        self.port = int(environment.setdefault("PORT", str(free_port())))
        self.environment = clean_environment(PORTAL_VAR=str(var), **environment)
        self.program = ["manage.py", "start"]
        self.url = f"http://127.0.0.1:{self.port}"
        self.printed = ""
        self.seconds_to_answer = self.seconds_to_stop = 0.0

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py that ends by itself."""
        return subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *arguments],
            cwd=self.code,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS_TO_START,
            check=False,
        )

    @contextmanager
    def running(self, stop: signal.Signals = signal.SIGTERM) -> Iterator["PortalProcess"]:
        """Until the block ends; then it must stop cleanly. `printed` holds what it said, during and after.

        stop: SIGINT is sent as a terminal does at Ctrl+C, to the whole process group.
        """
        log = self.new_log()
        began = time.monotonic()
        process = self.launch(log)
        try:
            self.wait_until_it_answers(process, log)
            self.seconds_to_answer = time.monotonic() - began
            self.printed = log.read_text(encoding="utf-8")
            yield self
        finally:
            code = self._stop(process, stop)
            self.printed = log.read_text(encoding="utf-8")
        assert (code, "Traceback" in self.printed) == (0, False), self.printed

    def new_log(self) -> Path:
        return self.var.parent / f"{self.var.name}-{uuid.uuid4().hex}.log"

    def launch(self, log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            return subprocess.Popen(  # noqa: S603
                [sys.executable, *self.program],
                cwd=self.code,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_it_answers(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Each of its workers, where there is a /proc; elsewhere the first."""
        end = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < end and process.poll() is None:
            with suppress(OSError):
                self.get("/livez")
                if listening_on(self.port) in (None, WORKERS):
                    return
            time.sleep(0.05)
        raise AssertionError(f"the portal does not answer: {log.read_text(encoding='utf-8')}")

    def _stop(self, process: subprocess.Popen[bytes], how: signal.Signals) -> int:
        began = time.monotonic()
        if process.poll() is None:
            os.kill(-process.pid if how == signal.SIGINT else process.pid, how)
        try:
            return process.wait(SECONDS_TO_STOP)
        finally:
            process.kill()
            self.seconds_to_stop = time.monotonic() - began

    def get(self, path: str) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()


def listening_on(port: int) -> int | None:
    """How many sockets take connections; None where the system does not tell."""
    table = Path("/proc/net/tcp")
    if not table.exists():
        return None
    rows = [row.split() for row in table.read_text(encoding="ascii").splitlines()[1:]]
    return sum(state == TCP_LISTEN and address.endswith(f":{port:04X}") for _, address, _, state, *_ in rows)


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """The environment for a database that no test shares: on PostgreSQL a new one, else SQLite in the portal's folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    server = environ.Env.db_url_config(url)
    name = f"portal_{uuid.uuid4().hex}"

    def tell(statement: str) -> None:
        with closing(
            psycopg2.connect(
                dbname="postgres",
                host=server["HOST"],
                port=server["PORT"] or None,
                user=server["USER"] or None,
                password=server["PASSWORD"] or None,
            )
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)

    tell(f"CREATE DATABASE {name}")
    try:
        yield {"DATABASE_URL": url.rpartition("/")[0] + f"/{name}"}
    finally:
        tell(f"DROP DATABASE {name} WITH (FORCE)")
