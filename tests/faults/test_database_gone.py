"""The database goes away while 1,000 pages are read: every reader is answered, and the portal goes on by itself once it is back."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tests.faults.conftest import Times
from tests.faults.fragile_portal import FragilePortal
from tests.faults.recovery import SECONDS_TO_RECOVER, is_stale, recovers
from tests.faults.saving import editors
from tests.faults.staff import Answer, Visitor
from tests.portal_process import ANSWERS_OF_BOTH_WORKERS

PAGES, READERS = 1_000, 4
WARM = ["/", "/goals/1/", "/relationship/", "/initiatives/", "/kizuna/", "/api/v1/goals/"]


@contextmanager
def database_gone(portal: FragilePortal) -> Iterator[None]:
    if portal.server is not None:
        portal.server.stop()
        yield
        portal.server.start()
        return
    aside = portal.database.with_name("aside")
    portal.database.rename(aside)
    yield
    aside.rename(portal.database)


def says_later(answer: Answer) -> bool:
    return answer.status == 503 and int(answer.headers["Retry-After"]) > 0 and "ただいま使えません" in answer.text


def test_every_reader_is_answered(portal: FragilePortal, times: Times, counts: Counter[str]) -> None:
    portal.start()
    (editor,) = editors(portal, 1)
    for path in WARM * ANSWERS_OF_BOTH_WORKERS:
        assert Visitor(portal.port).ask(path).status == 200
    pages = times(PAGES)
    one_more = threading.Semaphore(0)

    def read(number: int) -> Answer:
        """Every tenth page is one that nobody has asked for."""
        path = f"/search/?q={number}" if number % 10 == 9 else WARM[number % len(WARM)]
        answer = Visitor(portal.port).ask(path)
        one_more.release()
        return answer

    with ThreadPoolExecutor(READERS) as readers:
        answers = readers.map(read, range(pages))
        wait_for(one_more, pages // 4)
        with database_gone(portal):
            editor.save()
            wait_for(one_more, pages // 2)
        told = list(answers)
    fresh = sum(answer.status == 200 and not is_stale(answer) for answer in told)
    stale = sum(answer.status == 200 and is_stale(answer) for answer in told)
    later = sum(says_later(answer) for answer in told)
    assert fresh + stale + later == len(told) == pages, portal.said()
    assert min(fresh, stale, later) > 0
    assert editor.not_opened == [503]
    recovers(portal)
    editor.save()
    assert len(editor.acknowledged) == 1
    assert editor.faults() == []
    counts["pages read while the database went"] += pages
    counts["of them stale"] += stale
    counts["of them later (503)"] += later


def wait_for(one_more: threading.Semaphore, count: int) -> None:
    for _ in range(count):
        assert one_more.acquire(timeout=SECONDS_TO_RECOVER)
