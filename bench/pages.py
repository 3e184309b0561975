"""What a public page costs when no page is cached: CPU time of the whole WSGI call, and queries.

    python -m bench.pages

Uses a throw-away SQLite database with the plan and the 見本. Prints a table and writes it to bench/RESULTS.md.
"""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROUNDS, WARM_UP = 200, 20
PAGES = (
    "/",
    "/plan/",
    "/goals/",
    "/goals/4/",
    "/goals/7/4/",
    "/initiatives/",
    "/kizuna/",
    "/kizuna/goals/2/",
    "/kizuna/items/7/",
    "/relationship/",
    "/relationship/?goal=3",
    "/relationship.svg",
    "/sdgs/",
    "/sdgs/3/",
    "/search/?q=支援",
    "/accessibility/",
)


def prepare(folder: str) -> Callable[[str], tuple[int, int]]:
    """Set up a portal in `folder`; returns a function that asks for a page and gives (bytes, queries)."""
    os.environ |= {"PORTAL_VAR": folder, "DJANGO_SETTINGS_MODULE": "plan_portal.settings", "SECRET_KEY": "bench"}
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_plan", verbosity=0, stdout=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    call_command("load_readings", verbosity=0, stdout=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    call_command("load_sample", verbosity=0, stdout=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    call_command("collectstatic", verbosity=0, interactive=False)
    from django.db import connection
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    from plan_portal.wsgi import application

    def ask(page: str, count: bool = False) -> tuple[int, int]:
        environ = RequestFactory().get(page, HTTP_HOST="127.0.0.1").environ
        status: list[str] = []

        def start(line: str, _headers: Iterable[Any]) -> None:
            status.append(line)

        if count:
            with CaptureQueriesContext(connection) as queries:
                body = b"".join(application(environ, start))
            return len(body), len(queries)
        body = b"".join(application(environ, start))
        if not status[0].startswith("200"):
            raise RuntimeError(f"{page}: {status[0]}")
        return len(body), 0

    return ask


def cpu_ms(call: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """CPU milliseconds of each of `rounds` calls."""
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        call()
        times.append((time.process_time() - begin) * 1000)
    return times


def forget_texts() -> None:
    """Empty the memories of pure text functions, as in a process that has just started."""
    from plan_portal.foundation import phrases

    for name in ("phrases", "breakable", "cells", "clusters", "wrap", "wrap_upright"):
        getattr(phrases, name).cache_clear()


def measure(ask: Callable[..., tuple[int, int]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("page", "CPU ms, median", "best", "queries", "bytes")]
    for page in PAGES:
        for _ in range(WARM_UP):
            ask(page)
        size, queries = ask(page, count=True)
        times = cpu_ms(lambda page=page: ask(page))
        rows.append((page, f"{statistics.median(times):.2f}", f"{min(times):.2f}", str(queries), str(size)))
    cold = []
    for _ in range(20):
        forget_texts()
        cold += cpu_ms(lambda: ask("/relationship/"), rounds=1)
    rows.append(
        ("/relationship/, all texts wrapped anew", f"{statistics.median(cold):.2f}", f"{min(cold):.2f}", "4", "")
    )
    return rows


def table(rows: list[tuple[str, ...]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---|---:|---:|---:|---:|", *body])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(prepare(folder))
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    text = (
        "# Measured\n\nMade by `make bench`; each run writes it anew.\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}. Embedded SQLite, DEBUG off, no page cache, "
        f"{ROUNDS} calls of the WSGI application a page.\n\n{table(rows)}\n"
    )
    Path(__file__).with_name("RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
