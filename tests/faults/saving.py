"""Staff who save one change after another, and what must be found of it afterwards: a save is whole, or is not there."""

import http.client
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.fragile_portal import FragilePortal
from tests.faults.staff import Staff, form_in

# There is no portal (any more).
GONE = (OSError, http.client.HTTPException)
# 見本, each named by some 取組: what is saved of them is public, and told in 更新情報.
DEPARTMENTS = range(1, 8)


@dataclass
class Editor:
    """One of the staff with a 担当 of their own, whose phone number each save changes."""

    portal: FragilePortal
    department: int
    staff: Staff
    # The number that each save wrote, in order; those whose 302 came back; other answers, to opening or saving the form.
    sent: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    not_opened: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    # What the page that refused the last save would send again.
    kept: dict[str, list[str]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/admin/initiatives/department/{self.department}/change/"

    def save(self) -> None:
        """Raises one of GONE when the portal is not there."""
        opened = self.staff.ask(self.path)
        if opened.status != 200:
            self.not_opened.append(opened.status)
            return
        phone = f"000-{self.department:03}-{len(self.sent):06}"
        changed = {"phone": [phone], "change_reason": [phone], "_save": ["1"]}
        self.sent.append(phone)
        answer = self.staff.ask(self.path, form_in(opened.text) | changed)
        if answer.status == 302:
            self.acknowledged.append(phone)
        else:
            self.refused.append(answer.status)
            self.kept = form_in(answer.text)

    def send_again(self) -> None:
        """Press the button of the page that refused the last save."""
        answer = self.staff.ask(self.path, self.kept)
        assert answer.status == 302, answer.text
        self.acknowledged.append(*self.kept["phone"])

    def faults(self) -> list[str]:
        """What was acknowledged and is lost, and what is there in part. Empty when all is well."""
        history = self.portal.ask(
            "SELECT phone, history_change_reason FROM initiatives_historicaldepartment"
            " WHERE id = ? AND history_type = '~' ORDER BY history_id",
            (self.department,),
        )
        saved = [phone for phone, reason in history if phone == reason]
        changes = self.portal.ask("SELECT changes FROM foundation_publishedchange ORDER BY id")
        told = [one["after"] for (change,) in changes for one in _read(change)]
        told = [phone for phone in told if phone in set(self.sent)]
        now = self.portal.ask("SELECT phone FROM initiatives_department WHERE id = ?", (self.department,))
        logged = self.portal.ask("SELECT COUNT(*) FROM django_admin_log WHERE object_id = ?", (str(self.department),))
        found = [f"lost: {phone}" for phone in self.acknowledged if phone not in set(saved)]
        if len(saved) != len(history) or told != saved or logged != [(len(saved),)]:
            found.append(f"half-saved: history {history}, told {told}, in the log {logged}")
        if saved and now != [(saved[-1],)]:
            found.append(f"half-saved: the record says {now}, its history {saved[-1]}")
        return found


def editors(portal: FragilePortal, count: int) -> list[Editor]:
    """Logged in: the portal must run."""
    return [Editor(portal, department, Staff(portal.port).log_in("city-editor")) for department in DEPARTMENTS[:count]]


@contextmanager
def saving(staff: Sequence[Editor]) -> Iterator[threading.Event]:
    """They save, each in a thread, until the block ends or the portal is gone. The event: something was acknowledged."""
    stop, acknowledged, errors = threading.Event(), threading.Event(), []

    def work(editor: Editor) -> None:
        try:
            while not stop.is_set():
                before = len(editor.acknowledged)
                editor.save()
                if len(editor.acknowledged) > before:
                    acknowledged.set()
        except GONE:
            pass
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(editor,)) for editor in staff]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert errors == []


def _read(changes: object) -> list[dict[str, str]]:
    return json.loads(changes) if isinstance(changes, str) else changes
