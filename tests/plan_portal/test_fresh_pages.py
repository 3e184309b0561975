"""The portal as it is served: an edit shows on the next request, also under load; and what readers get without a database."""

from __future__ import annotations

import json
import os
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.plan_portal.served import Browser, OwnServer, database_of, once
from tests.portal_process import PortalProcess

EDITS, READERS, EVERY = 1000, 3, 25
DATA, PAGE = "/api/v1/goals/1/", "/goals/1/"
NUMBER = re.compile(r"かえた([0-9]+)ばん")
ENOUGH = 80  # connections, by which each process of the server is met
SECONDS = 60


def number_in(text: str) -> int:
    return int(NUMBER.search(text)[1])


@contextmanager
def title_changed(portal: PortalProcess) -> Iterator[Callable[[str], object]]:
    """Changes the title of the first goal from outside of the portal, and in the end back."""
    before = once(portal, DATA).text
    with database_of(portal) as execute:

        def change(title: str) -> None:
            execute("UPDATE goals_basicgoal SET title = %s WHERE number = 1", title)

        try:
            yield change
        finally:
            change(json.loads(before)["title"])


class Edits:
    """How many edits are committed, and what readers make of it."""

    def __init__(self) -> None:
        self.committed, self.is_over = 0, threading.Event()
        self.stale: list[tuple[str, int, int]] = []
        self.read = Counter[str]()

    def check(self, browser: Browser, path: str) -> None:
        """No answer may be older than what was committed before it was asked for."""
        known = self.committed
        answer = browser.ask(path)
        assert answer.status == 200
        assert "Cache-Status" not in answer.headers
        if (shown := number_in(answer.text)) < known:
            self.stale.append((path, known, shown))
        self.read[path] += 1


def test_no_answer_is_older_than_the_last_edit(portal_server: PortalProcess, counts: Counter[str]) -> None:
    """1,000 edits by another program, each read at once by who made it, while others read without a pause."""
    edits = Edits()

    def read_on(path: str) -> None:
        with Browser(portal_server) as browser:
            while not edits.is_over.is_set():
                edits.check(browser, path)

    with title_changed(portal_server) as change, ThreadPoolExecutor(READERS) as pool, Browser(portal_server) as browser:
        change("かえた0ばん")
        readers = [pool.submit(read_on, path) for path in (DATA, DATA, PAGE)]
        try:
            for number in range(1, EDITS + 1):
                change(f"かえた{number}ばん")
                edits.committed = number
                edits.check(browser, DATA if number % EVERY else PAGE)
        finally:
            edits.is_over.set()
        for reader in readers:
            reader.result(SECONDS)
    assert edits.stale == []
    counts["edits shown on the next request"] += EDITS
    counts["answers none of which was old"] += sum(edits.read.values())


@contextmanager
def without_a_database(portal: PortalProcess, server: OwnServer | None) -> Iterator[Callable[[], None]]:
    """Yields what brings it back."""
    place = portal.var / "portal.sqlite3"
    if server is None:
        place.rename(place.with_suffix(".away"))
    else:
        server.control("-m", "immediate", "stop")
    is_back = []

    def bring_back() -> None:
        if not is_back:
            is_back.append(True)
            place.with_suffix(".away").rename(place) if server is None else server.start()

    try:
        yield bring_back
    finally:
        bring_back()


@pytest.fixture
def own_portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[PortalProcess, OwnServer | None]]:
    """A portal whose database may be taken away; a server of PostgreSQL is one that no other test needs."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield request.getfixturevalue("portal_server"), None
        return
    with OwnServer() as server:
        portal = PortalProcess(tmp_path / "portal", SAMPLE="0", DATABASE_URL=server.url)
        with portal.running():
            yield portal, server


def test_without_a_database_readers_read_on(own_portal: tuple[PortalProcess, OwnServer | None]) -> None:
    portal, server = own_portal
    never_asked = f"/search/?q={uuid.uuid4().hex}"  # whatever other tests have read of this portal
    fresh = [once(portal, PAGE) for _ in range(ENOUGH)][-1]
    with without_a_database(portal, server) as bring_back:
        for _ in range(ENOUGH):
            stale = once(portal, PAGE)
            assert (stale.status, stale.text) == (200, fresh.text)
            assert re.fullmatch(r"plan-portal; hit; ttl=-\d+; detail=database-gone", stale.headers["Cache-Status"])
            assert stale.headers["Content-Security-Policy"]
        for path, method in ((never_asked, "GET"), ("/admin/", "GET"), ("/admin/login/", "POST"), ("/nowhere/", "GET")):
            refused = once(portal, path, method, "" if method == "POST" else None)
            assert refused.status == 503
            assert refused.headers["Retry-After"] == "10"
            assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
            assert "ただいま使えません" in refused.text
            assert ("まだ保存されていません" in refused.text) == (method == "POST")
        assert once(portal, "/livez").status == 200
        assert once(portal, re.search(r'href="(/static/[^"]+\.css)"', refused.text)[1]).status == 200
        bring_back()
        deadline = time.monotonic() + SECONDS
        while any("Cache-Status" in once(portal, PAGE).headers for _ in range(ENOUGH)):
            assert time.monotonic() < deadline, "it does not recover without a restart"
        assert once(portal, never_asked).status == 200
        with title_changed(portal) as change:
            change("かえた1ばん")
            assert {number_in(once(portal, PAGE).text) for _ in range(ENOUGH)} == {1}
