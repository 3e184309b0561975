"""What readers are answered while the database is gone, and when the portal has found it again."""

import time

from tests.faults.fragile_portal import FragilePortal
from tests.faults.staff import Answer, Visitor
from tests.portal_process import ANSWERS_OF_BOTH_WORKERS

SECONDS_TO_RECOVER = 60


def is_stale(answer: Answer) -> bool:
    return "database-gone" in answer.headers.get("Cache-Status", "")


def recovers(portal: FragilePortal) -> None:
    """All pages are fresh again; the portal was not touched."""
    ends = time.monotonic() + SECONDS_TO_RECOVER
    well = 0
    while well < ANSWERS_OF_BOTH_WORKERS:
        answer = Visitor(portal.port).ask("/")
        well = well + 1 if answer.status == 200 and not is_stale(answer) else 0
        assert time.monotonic() < ends, answer
