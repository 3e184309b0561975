"""Fifty readers for a minute while two of the staff save: no error, and no page older than what was saved before it was asked for."""

import re
import threading
import time
from collections import Counter

from tests.faults.conftest import Times
from tests.faults.fragile_portal import FragilePortal
from tests.faults.saving import Editor, editors, saving
from tests.faults.staff import Visitor

READERS, STAFF, SECONDS = 50, 2, 60


def test_readers_see_no_error_and_nothing_old(portal: FragilePortal, times: Times, counts: Counter[str]) -> None:
    portal.start()
    staff = editors(portal, STAFF)
    pages = [page_of(portal, editor) for editor in staff]
    ends = time.monotonic() + times(SECONDS)
    read: list[int] = []
    faults: list[str] = []

    def reader(number: int) -> None:
        visitor, asked = Visitor(portal.port), 0
        editor, page = staff[number % STAFF], pages[number % STAFF]
        while time.monotonic() < ends and not faults:
            wanted = len(editor.acknowledged)
            answer = visitor.ask(page)
            shown = re.findall(rf"000-{editor.department:03}-(\d+)", answer.text)
            newest = max(map(int, shown), default=-1)
            if answer.status != 200 or newest < wanted - 1:
                faults.append(f"{answer.status}: {newest} is shown after {wanted} saves")
            asked += 1
        read.append(asked)

    with saving(staff):
        readers = [threading.Thread(target=reader, args=(number,)) for number in range(READERS)]
        for one in readers:
            one.start()
        for one in readers:
            one.join()
    assert faults == []
    assert len(read) == READERS
    assert [editor.faults() + editor.not_opened + editor.refused for editor in staff] == [[]] * STAFF
    counts["pages read while staff saved"] += sum(read)
    counts["saves while pages were read"] += sum(len(editor.acknowledged) for editor in staff)


def page_of(portal: FragilePortal, editor: Editor) -> str:
    """The page of a 取組 that names the editor's 担当."""
    found = portal.ask(
        "SELECT goal.number, initiative.number FROM initiatives_initiative AS initiative"
        " JOIN goals_basicgoal AS goal ON goal.id = initiative.goal_id WHERE initiative.department_id = ?"
        " ORDER BY initiative.id",
        (editor.department,),
    )
    goal, number = found[0]
    return f"/goals/{goal}/{number}/"
