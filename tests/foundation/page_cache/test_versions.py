"""A page is never older than its version; one makes it for all who wait; and what is kept is bounded."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.utils.timezone import get_default_timezone

from plan_portal.foundation.page_cache import day, flights
from plan_portal.foundation.page_cache.entry import Entry
from plan_portal.foundation.page_cache.shelves import BIGGEST_BODY, MIB, Shelf
from tests.foundation.page_cache.asking import Answer, Cached

READERS, SECONDS = 12, 20


def test_a_new_version_is_a_new_page(cached: Cached):
    for version in (1, 2, 1, "2"):
        cached.version.value = version
        assert cached.times_asked() == 1


def test_an_edit_while_a_page_is_made_is_not_hidden_by_it(cached: Cached):
    def edit() -> None:
        cached.version.value += 1

    cached.site.meanwhile = edit
    assert cached.ask().body.endswith(b" 1")
    cached.site.meanwhile = lambda: None
    assert cached.ask().body.endswith(b" 2"), "the version was read before the page was made"
    assert cached.ask().body.endswith(b" 2")


def test_after_midnight_every_page_is_made_again(cached: Cached, monkeypatch):
    midnight = datetime(2027, 4, 1, tzinfo=get_default_timezone())
    now = {"is": midnight - timedelta(seconds=1)}

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return now["is"].astimezone(tz)

    monkeypatch.setattr(day, "datetime", Clock)
    monkeypatch.setattr(day.time, "time", lambda: now["is"].timestamp())
    assert cached.times_asked() == 1
    now["is"] = midnight
    assert cached.times_asked() == 1
    now["is"] = midnight + timedelta(hours=23, minutes=59)
    assert cached.times_asked() == 0


def together(cached: Cached) -> list[Future[Answer]]:
    """What readers get who ask at once."""
    start = threading.Barrier(READERS, timeout=SECONDS)

    def read() -> Answer:
        start.wait()
        return cached.ask()

    with ThreadPoolExecutor(READERS) as pool:
        return [pool.submit(read) for _ in range(READERS)]


@pytest.fixture
def all_wait(cached: Cached, monkeypatch) -> Callable[[], None]:
    """Holds the site's first answer back until all other readers stand waiting for it."""
    waiting, everybody = [], threading.Event()
    wait = flights.Flight.wait

    def counted(flight: flights.Flight) -> Entry | None:
        if not flight.landed.is_set():
            waiting.append(flight)
            if len(waiting) == READERS - 1:
                everybody.set()
        return wait(flight)

    def hold() -> None:
        if len(cached.site.asked) == 1:
            assert everybody.wait(SECONDS)

    monkeypatch.setattr(flights.Flight, "wait", counted)
    cached.site.meanwhile = hold
    return hold


def test_one_makes_the_page_and_the_others_wait_for_it(cached: Cached, all_wait):
    assert {reading.result().body[-2:] for reading in together(cached)} == {b" 1"}
    assert len(cached.site.asked) == 1


def test_what_cannot_be_shared_is_made_for_each(cached: Cached, all_wait):
    cached.site.status = "404 Not Found"
    assert len({reading.result().body for reading in together(cached)}) == READERS
    assert len(cached.site.asked) == READERS


def test_who_leads_and_fails_leaves_nobody_waiting(cached: Cached, all_wait):
    def fail_when_all_wait() -> None:
        if len(cached.site.asked) == 1:
            all_wait()
            raise RuntimeError("broken")

    cached.site.meanwhile = fail_when_all_wait
    failures = [str(failure) for reading in together(cached) if (failure := reading.exception())]
    assert failures == ["broken"]
    assert len(cached.site.asked) == READERS
    assert cached.ask().status == 200


def test_readers_of_another_version_do_not_wait_for_the_old_one(cached: Cached):
    under_way, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        if len(cached.site.asked) == 1:
            under_way.set()
            assert go_on.wait(SECONDS)

    cached.site.meanwhile = hold
    with ThreadPoolExecutor(1) as pool:
        old = pool.submit(cached.ask)
        assert under_way.wait(SECONDS)
        cached.version.value = 2
        assert cached.ask().body.endswith(b" 2")
        go_on.set()
        assert old.result(SECONDS).body.endswith(b" 1")
    assert cached.ask().body[-2:] in {b" 2", b" 3"}, "never the old one"


def entry(size: int) -> Entry:
    return Entry(1, b"x" * size, [])


def test_a_shelf_holds_no_more_entries_and_bytes_than_it_may():
    shelf = Shelf(entries=3, size=100)
    for name, size in (("a", 10), ("b", 10), ("c", 10)):
        shelf.put(name, entry(size))
    assert shelf.get("a")
    shelf.put("d", entry(10))
    assert [name for name in "abcd" if shelf.get(name)] == ["a", "c", "d"], "the longest unused went"
    shelf.put("e", entry(85))
    assert [name for name in "acde" if shelf.get(name)] == ["d", "e"]
    shelf.put("e", entry(20))
    shelf.put("f", entry(70))
    assert [name for name in "def" if shelf.get(name)] == ["d", "e", "f"]
    shelf.remove("e")
    shelf.put("g", entry(20))
    assert [name for name in "dfg" if shelf.get(name)] == ["d", "f", "g"]
    shelf.put("h", entry(101))
    assert len(shelf) == 0


def test_nothing_enormous_is_kept(cached: Cached):
    cached.site.text = "x" * BIGGEST_BODY
    assert cached.times_asked() == 2
    cached.site.text = "x" * (BIGGEST_BODY - 10)
    assert cached.times_asked() == 1


def test_a_flood_of_queries_hosts_and_ports_takes_no_page_away(cached: Cached):
    cached.site.text = "x" * 10_000
    important = cached.ask().body
    for number in range(1500):
        cached.ask("/search/", f"q={number}")
        cached.ask(HOST=f"testserver:{number + 1000}")
    shelves = cached.cache.shelves
    assert len(shelves.pages) == 1
    assert shelves.asked._bytes <= 4 * MIB
    assert len(shelves.asked) == 4 * MIB // 10_006
    assert cached.ask().body == important
    cached.site.text = ""
    cached.version.value = 2
    for number in range(1500):
        cached.ask("/search/", f"q={number}")
    assert len(shelves.asked) == 512
