"""Citizens read a standby of PostgreSQL, staff the database that they write to; without the standby both go on."""

import time
from collections.abc import Iterator

import pytest

from tests.faults.fragile_portal import FragilePortal
from tests.faults.recovery import SECONDS_TO_RECOVER, is_stale, recovers
from tests.faults.staff import Staff, Visitor
from tests.faults.standby import Standby
from tests.portal_process import ANSWERS_OF_BOTH_WORKERS

pytestmark = pytest.mark.only_on("postgresql")
PAGE = "/goals/4/"


@pytest.fixture
def standby(portal: FragilePortal) -> Iterator[Standby]:
    """Of the portal's own server; the portal is started with it."""
    assert portal.server is not None
    standby = Standby(portal.server)
    portal.environment["DATABASE_REPLICA_URL"] = standby.url(portal.name)
    try:
        portal.start()
        yield standby
    finally:
        portal.kill()
        del portal.environment["DATABASE_REPLICA_URL"]
        standby.remove()


def write(portal: FragilePortal, field: str) -> None:
    portal.ask("UPDATE goals_basicgoal SET field = ? WHERE number = 4", [field])


def wait_until_read(portal: FragilePortal, field: str) -> None:
    end = time.monotonic() + SECONDS_TO_RECOVER
    while field not in Visitor(portal.port).ask(PAGE).text:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_citizens_read_the_standby_and_staff_what_was_written(portal: FragilePortal, standby: Standby) -> None:
    write(portal, "FIRST")
    wait_until_read(portal, "FIRST")
    standby.fall_behind()
    write(portal, "SECOND")
    staff = Staff(portal.port).log_in("city-editor")
    for _ in range(ANSWERS_OF_BOTH_WORKERS):
        assert "FIRST" in Visitor(portal.port).ask(PAGE).text
        assert "SECOND" in staff.ask(PAGE).text
    standby.follow()
    wait_until_read(portal, "SECOND")


def test_without_the_standby_citizens_have_kept_pages_and_staff_work_on(
    portal: FragilePortal, standby: Standby
) -> None:
    for _ in range(ANSWERS_OF_BOTH_WORKERS):
        Visitor(portal.port).ask(PAGE)
    standby.stop()
    staff = Staff(portal.port).log_in("city-editor")
    for _ in range(ANSWERS_OF_BOTH_WORKERS):
        kept = Visitor(portal.port).ask(PAGE)
        assert (kept.status, is_stale(kept)) == (200, True)
        assert Visitor(portal.port).ask("/sdgs/9/").status == 503
        assert staff.ask("/admin/").status == 200
        assert staff.ask(PAGE).status == 200
    standby.start()
    recovers(portal)
