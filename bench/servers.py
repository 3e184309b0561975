"""The servers that are measured, each in processes of its own on a free port of this machine, stopped by its own pid."""

import contextlib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import program
from bench.processes import SERVER_CORE, cpu_seconds, on_core
from tests.portal_process import ROOT, clean_environment, free_port

SECONDS_TO_START, SECONDS_TO_STOP = 90, 20


@dataclass(frozen=True)
class Server:
    """beside: pids of other processes that work for it, such as its PostgreSQL."""

    name: str
    port: int
    pid: int
    beside: tuple[int, ...] = ()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def cpu_seconds(self) -> float:
        return cpu_seconds((self.pid, *self.beside))

    def get(self, path: str, coding: str = "gzip") -> tuple[dict[str, str], bytes]:
        """Headers (names in lower case) and body as sent, on a connection of its own."""
        request = urllib.request.Request(self.url(path), headers={"Accept-Encoding": coding})  # noqa: S310
        with urllib.request.urlopen(request, timeout=SECONDS_TO_STOP) as answer:  # noqa: S310
            headers = {name.lower(): ", ".join(answer.headers.get_all(name, [])) for name in answer.headers}
            return headers, answer.read()


@dataclass(frozen=True)
class Database:
    """What a portal on it is started with: its folder and its environment; pids of the database server."""

    name: str
    var: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    pids: tuple[int, ...] = ()

    def clean_environment(self, **added: str) -> dict[str, str]:
        environment = clean_environment(PORTAL_VAR=str(self.var), SECRET_KEY="bench", **self.environment, **added)  # noqa: S106
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an ordinary start finds its code compiled
        return environment


@contextmanager
def postgresql(var: Path) -> Iterator[Database]:
    """A throw-away PostgreSQL, gone when the block ends."""
    with on_core(SERVER_CORE):
        holder = subprocess.Popen(
            ["sh", "tests/postgresql.sh", "sh", "-c", 'echo "$DATABASE_URL"; read -r _ || true'],  # noqa: S607
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
    try:
        url = holder.stdout.readline().strip() if holder.stdout else ""
        if not url:
            raise RuntimeError("PostgreSQL did not start")
        place = url.partition("@/")[2].rpartition("/")[0]
        pid = int(Path("/", place, "data", "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])
        yield Database("PostgreSQL", var, {"DATABASE_URL": url}, (pid,))
    finally:
        holder.communicate(timeout=SECONDS_TO_STOP)


@contextmanager
def running(
    name: str,
    command: list[str],
    port: int,
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    beside: tuple[int, ...] = (),
) -> Iterator[Server]:
    """On the core of the servers, until the block ends."""
    with log.open("ab") as output, on_core(SERVER_CORE):
        process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        server = Server(name, port, process.pid, beside)
        _wait_until_it_answers(server, process, log)
        yield server
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_STOP)
        process.kill()
        process.wait()


def portal(name: str, database: Database) -> AbstractContextManager[Server]:
    """The portal as `make run` starts it: prepares its database at the first start."""
    port = free_port()
    environment = database.clean_environment(PORT=str(port))
    command = [sys.executable, "manage.py", "start"]
    return running(name, command, port, log=database.var / "portal.log", environment=environment, beside=database.pids)


def uncached(name: str, database: Database) -> AbstractContextManager[Server]:
    """Django alone, in the server of `make run` and as many workers."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1"]
    command += ["--log-level", "error", "--port", str(port), "bench.uncached:application"]
    environment = database.clean_environment()
    return running(
        name, command, port, log=database.var / "uncached.log", environment=environment, beside=database.pids
    )


def nginx(name: str, configuration: Path, port: int, beside: tuple[int, ...] = ()) -> AbstractContextManager[Server]:
    """configuration: a whole nginx.conf that listens on `port` and does not go into the background."""
    command = [str(program("nginx")), "-p", str(configuration.parent), "-e", "stderr", "-c", str(configuration)]
    return running(name, command, port, log=configuration.with_suffix(".log"), beside=beside)


def _wait_until_it_answers(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            server.get("/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{server.name} does not answer: {log.read_text(encoding='utf-8')[-2000:]}")
