"""What a public page costs when no page is cached: CPU time of the whole WSGI call, and queries; and what a hit costs.

    python -m bench.pages ROUNDS

Wants the environment of a portal whose database is ready. Prints JSON; `section` makes the table of it.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from bench.django_child import run_module
from bench.report import Row, Section
from bench.servers import Database

WARM_UP = 10
FIGURE = "/relationship/"
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
    FIGURE,
    "/relationship/?goal=3",
    "/relationship.svg",
    "/sdgs/",
    "/sdgs/3/",
    "/search/?q=支援",
    "/accessibility/",
    "/updates/",
    "/data/",
)
COLD = f"{FIGURE}, all texts wrapped anew"
HEAD = ("page", "CPU ms, median", "best", "queries", "bytes", "hit: CPU µs", "queries")
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def ask(application: Application, page: str) -> bytes:
    from django.test import RequestFactory

    return call(application, RequestFactory().get(page, HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING="gzip").environ)


def call(application: Application, environ: dict[str, Any]) -> bytes:
    status: list[str] = []
    answer = application(dict(environ), lambda line, _headers, _error=None: status.append(line))
    body = b"".join(answer)
    if close := getattr(answer, "close", None):
        close()
    if not status[0].startswith("200"):
        raise RuntimeError(f"{environ['PATH_INFO']}: {status[0]}")
    return body


def queries(application: Application, page: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask(application, page)
    return len(captured)


def cpu_ms(work: Callable[[], object], rounds: int) -> list[float]:
    """CPU milliseconds of each of `rounds` calls."""
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        times.append((time.process_time() - begin) * 1000)
    return times


def forget_texts() -> None:
    """Empty the memories of pure text functions, as in a process that has just started."""
    from plan_portal.foundation import phrases

    for name in ("phrases", "breakable", "cells", "clusters", "wrap", "wrap_upright"):
        getattr(phrases, name).cache_clear()


def hit_us(application: Application, page: str, rounds: int) -> float:
    """CPU microseconds of an answer from the page cache, the server itself not counted."""
    from django.test import RequestFactory

    environ = RequestFactory().get(page, HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING="gzip").environ
    call(application, environ)
    begin = time.process_time()
    for _ in range(rounds):
        call(application, environ)
    return (time.process_time() - begin) / rounds * 1e6


def measure(rounds: int) -> dict[str, dict[str, float]]:
    from bench.uncached import application
    from plan_portal.wsgi import application as cached

    found: dict[str, dict[str, float]] = {}
    for page in PAGES:
        cpu_ms(lambda page=page: ask(application, page), WARM_UP)
        times = cpu_ms(lambda page=page: ask(application, page), rounds)
        found[page] = {
            "cpu": statistics.median(times),
            "best": min(times),
            "queries": queries(application, page),
            "bytes": len(ask(application, page)),
            "hit": hit_us(cached, page, rounds),
            "hit_queries": queries(cached, page),
        }
    cold = []
    for _ in range(20):
        forget_texts()
        cold += cpu_ms(lambda: ask(application, FIGURE), 1)
    return found | {COLD: {**found[FIGURE], "cpu": statistics.median(cold), "best": min(cold)}}


def section(database: Database, rounds: int) -> Section:
    found = run_module("bench.pages", database, str(rounds))
    rows: list[Row] = []
    for page, one in found.items():
        hit = (f"{one['hit']:.0f}", f"{one['hit_queries']:.0f}") if page != COLD else ("", "")
        rows.append(
            (page, f"{one['cpu']:.2f}", f"{one['best']:.2f}", f"{one['queries']:.0f}", f"{one['bytes']:.0f}", *hit)
        )
    measured = {
        "figure_cpu": found[FIGURE]["cpu"],
        "queries": max(one["queries"] for one in found.values()),
        "queries_on_hit": max(one["hit_queries"] for one in found.values()),
    }
    note = (
        f"{database.name}, DEBUG off, {rounds} calls of the WSGI application a page, without a server. A hit asks for the version of the "
        "content over a connection of its own, which is in its CPU time and not among the queries."
    )
    return Section(f"A page without the page cache, {database.name}", note, HEAD, rows, measured)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(int(sys.argv[1]))))
