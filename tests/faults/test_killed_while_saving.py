"""kill -9 in the middle of saves: of the whole portal, of its parent alone, of PostgreSQL. What was acknowledged is there."""

import random
import threading
from collections import Counter

import pytest

from tests.faults.conftest import Times
from tests.faults.fragile_portal import FragilePortal
from tests.faults.saving import Editor, editors, saving

SEED = 20_261_126
STAFF = 3
SECONDS_UNTIL_A_SAVE = 30


def faults(staff: list[Editor]) -> list[str]:
    return [fault for editor in staff for fault in editor.faults()]


def other_answers(staff: list[Editor]) -> set[int]:
    return {status for editor in staff for status in editor.not_opened + editor.refused}


def tally(counts: Counter[str], staff: list[Editor], what: str) -> None:
    counts[f"saves acknowledged while {what}"] += sum(len(editor.acknowledged) for editor in staff)
    counts[f"saves cut off while {what}"] += sum(
        len(editor.sent) - len(editor.acknowledged) - len(editor.refused) for editor in staff
    )


def test_nothing_is_lost_when_the_portal_is_killed(portal: FragilePortal, times: Times, counts: Counter[str]) -> None:
    moment = random.Random(SEED)
    portal.start()
    staff = editors(portal, STAFF)
    for number in range(times(60)):
        with saving(staff) as acknowledged:
            assert acknowledged.wait(SECONDS_UNTIL_A_SAVE)
            threading.Event().wait(moment.uniform(0, 0.2))  # the moment is what is tried, nothing waits for it
            # Its workers may outlive the parent for a moment, and still finish a save.
            portal.kill_parent() if number % 10 == 9 else portal.kill()
        assert faults(staff) == []
        portal.start()
        counts["kill -9 of the portal"] += 1
    tally(counts, staff, "the portal was killed")
    assert other_answers(staff) == set()
    if portal.server is None:
        assert portal.ask("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.only_on("postgresql")
def test_nothing_is_lost_when_postgresql_is_killed(portal: FragilePortal, times: Times, counts: Counter[str]) -> None:
    """One process of a connection, or the whole server. The portal goes on by itself."""
    moment = random.Random(SEED)
    server = portal.server
    assert server is not None
    portal.start()
    staff = editors(portal, STAFF)
    for number in range(times(6)):
        with saving(staff) as acknowledged:
            assert acknowledged.wait(SECONDS_UNTIL_A_SAVE)
            threading.Event().wait(moment.uniform(0, 0.2))
            if number % 2:
                server.kill()
                server.start()
            else:
                server.kill_a_backend()
        server.wait_until_it_answers()
        assert faults(staff) == []
        counts["kill -9 of PostgreSQL"] += 1
    tally(counts, staff, "PostgreSQL was killed")
    assert other_answers(staff) <= {503}, portal.said()
