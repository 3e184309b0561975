"""What a public page costs to make after an edit: CPU time of the whole WSGI call, and queries; and what a hit costs.

    python -m bench.pages ROUNDS

Wants the environment of a portal whose database is ready. Prints JSON; `section` makes the table of it.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

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
OTHER = "/relationship.svg"  # is asked for before each page: reads the plan and both outlines
COLD = f"{FIGURE}, its texts wrapped and its picture drawn anew"
HEAD = ("page", "CPU ms, median", "best", "first", "queries", "first", "bytes", "hit: CPU µs", "queries")
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Edited:
    """The portal behind its page cache, for a version of the content that is told by hand: no page is kept for the next."""

    def __init__(self) -> None:
        from plan_portal.cached_pages import CACHEABLE
        from plan_portal.foundation.page_cache import PageCache
        from plan_portal.wsgi import django_application

        self.version = 0
        self.application: Any = PageCache(django_application, CACHEABLE, self)  # type: ignore[arg-type]  # as ContentVersion

    def current(self) -> int:
        return self.version

    def edit(self, *, before: str = "") -> None:
        """before: a page that somebody asks for next."""
        self.version += 1
        if before:
            ask(self.application, before)


def ask(application: Application, page: str) -> bytes:
    """The page as it is, not compressed."""
    return call(application, environ(page))


def environ(page: str, **headers: str) -> dict[str, Any]:
    """Of a request as a browser sends it."""
    from django.test import RequestFactory

    return RequestFactory().get(quote(page, safe="/?=&"), HTTP_HOST="127.0.0.1", **headers).environ


def call(application: Application, request: dict[str, Any]) -> bytes:
    status: list[str] = []
    answer = application(dict(request), lambda line, _headers, _error=None: status.append(line))
    body = b"".join(answer)
    if close := getattr(answer, "close", None):
        close()
    if not status[0].startswith("200"):
        raise RuntimeError(f"{request['PATH_INFO']}: {status[0]}")
    return body


def queries(application: Application, page: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask(application, page)
    return len(captured)


def cpu_ms(work: Callable[[], object], rounds: int, before: Callable[[], object] = lambda: None) -> list[float]:
    """CPU milliseconds of each of `rounds` calls; `before` is called before each, and not counted."""
    times = []
    for _ in range(rounds):
        before()
        begin = time.process_time()
        work()
        times.append((time.process_time() - begin) * 1000)
    return times


def forget_figure() -> None:
    """Empty the memories of pure functions, as in a process that has just started, or when every title was changed."""
    from kizuna.figure import drawing, layout
    from plan_portal.foundation import phrases

    drawing.draw.cache_clear()
    layout.lay_out.cache_clear()
    for name in ("phrases", "breakable", "cells", "clusters", "wrap", "wrap_upright"):
        getattr(phrases, name).cache_clear()


def hit_us(application: Application, page: str, rounds: int) -> float:
    """CPU microseconds of an answer from the page cache, the server itself not counted."""
    asked = environ(page, HTTP_ACCEPT_ENCODING="gzip")
    call(application, asked)
    begin = time.process_time()
    for _ in range(rounds):
        call(application, asked)
    return (time.process_time() - begin) / rounds * 1e6


def made(edited: Edited, page: str, rounds: int, **more: str) -> dict[str, float]:
    """Of one page, by column; more: the page that is asked for before it."""

    def edit() -> None:
        edited.edit(**more)

    cpu_ms(lambda: ask(edited.application, page), WARM_UP, edit)
    times = cpu_ms(lambda: ask(edited.application, page), rounds, edit)
    edit()
    return {"cpu": statistics.median(times), "best": min(times), "queries": queries(edited.application, page)}


def measure(rounds: int) -> dict[str, dict[str, float]]:
    from plan_portal.wsgi import application as cached

    edited, found = Edited(), dict[str, dict[str, float]]()
    for page in PAGES:
        first = made(edited, page, rounds)
        found[page] = made(edited, page, rounds, before=OTHER if page != OTHER else FIGURE) | {
            "first": first["cpu"],
            "first_queries": first["queries"],
            "bytes": len(ask(cached, page)),
            "hit": hit_us(cached, page, rounds),
            "hit_queries": queries(cached, page),
        }

    def edit() -> None:
        edited.edit()
        forget_figure()

    cold = cpu_ms(lambda: ask(edited.application, FIGURE), 20, edit)
    return found | {COLD: found[FIGURE] | {"cpu": statistics.median(cold), "best": min(cold)}}


def section(database: Database, rounds: int) -> Section:
    found = run_module("bench.pages", database, str(rounds))
    rows: list[Row] = []
    for page, one in found.items():
        first, hit = (
            (f"{one['first']:.2f}", f"{one['first_queries']:.0f}"),
            (f"{one['hit']:.0f}", f"{one['hit_queries']:.0f}"),
        )
        if page == COLD:
            first, hit = ("", first[1]), ("", "")
        rows.append(
            (
                page,
                f"{one['cpu']:.2f}",
                f"{one['best']:.2f}",
                first[0],
                f"{one['queries']:.0f}",
                first[1],
                f"{one['bytes']:.0f}",
                *hit,
            )
        )
    measured = {
        "figure_cpu": found[FIGURE]["cpu"],
        "queries": max(one["queries"] for one in found.values()),
        "queries_on_hit": max(one["hit_queries"] for one in found.values()),
    }
    note = (
        f"{database.name}, DEBUG off, {rounds} calls of the WSGI application a page, without a server and without compressing. Every "
        f"call comes after an edit that changed something else, and after another page was made ({OTHER}), which read for that version "
        "what pages share: the plan and both outlines. First: it reads them itself, as the very first page after an edit. "
        "The picture of the figure is drawn again only when something in it changed (last row). A hit asks for the version of the "
        "content over a connection of its own, which is in its CPU time and not among the queries; gzip."
    )
    return Section(f"A page after an edit, {database.name}", note, HEAD, rows, measured)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(int(sys.argv[1]))))
