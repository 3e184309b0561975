"""From nothing to the first page, and what the processes hold afterwards."""

import re
import socket
import statistics
import subprocess
import sys
import time
from urllib.parse import quote, urlsplit

from bench.processes import memory
from bench.report import Row, Section
from bench.servers import SECONDS_TO_START, SECONDS_TO_STOP, Database, Server
from tests.portal_process import ROOT, free_port

REQUESTS, MEGABYTE = 1000, 1e6
ASK = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def first_page(port: int, end: float) -> None:
    """Wait until the portal answers with a page."""
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_START) as connection:
                connection.sendall(ASK)
                answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        except ConnectionError:
            time.sleep(0.001)
        else:
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(answer[:200].decode())
            return
    raise RuntimeError("the portal does not answer")


def cold_start(database: Database) -> float:
    """Seconds from exec of `manage.py start` to the first page, with database and static files ready."""
    port = free_port()
    begin = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start"],
        cwd=ROOT,
        env=database.clean_environment(PORT=str(port)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        first_page(port, begin + SECONDS_TO_START)
        return time.monotonic() - begin
    finally:
        process.terminate()
        process.wait(SECONDS_TO_STOP)


def run_python(database: Database, code: str) -> float:
    begin = time.monotonic()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=database.clean_environment(), check=True)  # noqa: S603
    return time.monotonic() - begin


def measure_starts(database: Database, times: int) -> Section:
    kinds = {
        "`manage.py start` → first page": lambda: cold_start(database),
        "`import plan_portal.wsgi` in a new Python": lambda: run_python(database, "import plan_portal.wsgi"),
        "an empty Python": lambda: run_python(database, ""),
    }
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(times):
        for kind, start in kinds.items():
            taken[kind].append(start())
    rows: list[Row] = [
        (kind, f"{statistics.median(own):.3f}", f"{min(own):.3f}", f"{max(own):.3f}") for kind, own in taken.items()
    ]
    note = f"{times} times each, in turns, {database.name} ready and static files collected, on all cores."
    measured = {"cold_start": statistics.median(next(iter(taken.values())))}
    return Section("Cold start", note, ("what", "median s", "best", "longest"), rows, measured)


def addresses(server: Server, count: int) -> list[str]:
    """Different ones: every page of the sitemap, then searches."""
    sitemap = server.get("/sitemap.xml", "identity")[1].decode()
    pages = [urlsplit(place).path for place in re.findall(r"<loc>([^<]+)</loc>", sitemap)]
    searches = [f"/{kind}/?q={quote(f'支援{number}')}" for number in range(count) for kind in ("search", "initiatives")]
    return [*pages, *searches][:count]


def measure_memory(server: Server, count: int = REQUESTS) -> Section:
    fresh = memory(server.pid)
    for path in addresses(server, count):
        server.get(path)
    held = memory(server.pid)
    names = ["first process", *(f"worker or helper {number}" for number in range(1, len(held)))]
    rows: list[Row] = [
        (name, f"{fresh.get(pid, 0) / MEGABYTE:.1f}", f"{bytes_held / MEGABYTE:.1f}")
        for name, (pid, bytes_held) in zip(names, held.items(), strict=True)
    ]
    rows.append(("all together", f"{sum(fresh.values()) / MEGABYTE:.1f}", f"{sum(held.values()) / MEGABYTE:.1f}"))
    note = (
        f"PSS (memory shared by several processes counts in parts) of the portal on SQLite before and after {count:,} different "
        "addresses: all pages of the sitemap, then searches."
    )
    measured = {"memory": max(held.values()) / MEGABYTE}
    return Section("Memory", note, ("process", "MB at first", "MB afterwards"), rows, measured)
