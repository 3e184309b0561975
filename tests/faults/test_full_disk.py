"""The disk fills up while staff save: nothing that was acknowledged is lost, the rest is told in plain words, and it goes on by itself."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from tests.faults.fragile_portal import FragilePortal, children
from tests.faults.own_postgresql import OwnPostgresql
from tests.faults.recovery import recovers
from tests.faults.saving import Editor, editors
from tests.faults.small_disk import SmallDisk, limit_writing, small_disk
from tests.faults.staff import Answer, Visitor

STAFF = 2
# PostgreSQL keeps three databases of its own; each needs room for its log, which it makes ahead.
MEGABYTES = {"sqlite": 8, "postgresql": 120}
SAVES_UNTIL_FULL = 300


@pytest.fixture
def disk(prepared_portal: FragilePortal) -> Iterator[SmallDisk]:
    with small_disk(MEGABYTES["sqlite" if prepared_portal.server is None else "postgresql"]) as disk:
        yield disk


@pytest.fixture
def server(prepared_portal: FragilePortal, disk: SmallDisk) -> Iterator[OwnPostgresql | None]:
    if prepared_portal.server is None:
        yield None
        return
    server = OwnPostgresql(disk.place / "postgresql")
    try:
        yield server
    finally:
        server.end()


@pytest.fixture
def portal(prepared_portal: FragilePortal, disk: SmallDisk, server: OwnPostgresql | None) -> Iterator[FragilePortal]:
    """On the small disk; its other files are those of the prepared portal."""
    portal = FragilePortal(prepared_portal.var, server, database=disk.place / "portal.sqlite3")
    prepared_portal.renew()
    portal.replace_database(prepared_portal.dump())
    disk.limit_writing = partial(limit_all, portal)
    with portal.killed_afterwards():
        yield portal


def limit_all(portal: FragilePortal, size: str) -> None:
    assert portal.process is not None
    for worker in children(portal.process.pid):
        limit_writing(worker, size)
    if portal.server is not None and portal.server.running:
        for pid in (portal.server.pid, *children(portal.server.pid)):
            limit_writing(pid, size, run_as=portal.server.run_as)


def test_a_full_disk_loses_nothing(portal: FragilePortal, disk: SmallDisk, counts: Counter[str]) -> None:
    portal.start()
    staff = editors(portal, STAFF)
    for editor in staff:
        editor.save()
    disk.fill()
    for editor in staff:
        until_refused(editor)
    assert {answer.status for answer in public_pages(portal)} <= {200, 503}
    disk.free()
    if portal.server is not None and not portal.server.running:
        portal.server.start()  # as the machine's own supervisor does: without room PostgreSQL cannot recover
    recovers(portal)
    for editor in staff:
        if editor.kept:
            editor.send_again()
        editor.save()
    assert any(editor.kept for editor in staff)
    assert [editor.faults() for editor in staff] == [[]] * STAFF
    assert {status for editor in staff for status in editor.not_opened + editor.refused} == {503}
    counts["saves around a full disk"] += sum(len(editor.acknowledged) for editor in staff)
    counts["full disks, mounted" if disk.mounted else "full disks, by a limit to writing"] += 1


def until_refused(editor: Editor) -> None:
    for _ in range(SAVES_UNTIL_FULL):
        editor.save()
        if editor.refused or editor.not_opened:
            return
    raise AssertionError("the disk does not fill up")


def public_pages(portal: FragilePortal) -> list[Answer]:
    return [
        Visitor(portal.port).ask(path)
        for path in ("/", "/goals/1/", "/search/?q=%E7%A6%8F", "/livez")
        for _ in range(4)
    ]
