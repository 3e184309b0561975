"""Fifty backups while two of the staff save, each restored: it holds one moment, whole, and every row is as it was."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.faults.conftest import Times
from tests.faults.fragile_portal import Contents, FragilePortal
from tests.faults.saving import editors, saving
from tests.portal_process import ROOT

BACKUPS, STAFF = 50, 2
# What a save adds to, and what it changes.
GROWING = {"initiatives_historicaldepartment", "foundation_publishedchange", "django_admin_log"}
CHANGING = {"initiatives_department"}
NOT_RESTORED = {"django_session", "sqlite_sequence", "portal_content_version"}
Rows = dict[str, set[str]]


def test_every_backup_is_one_moment(portal: FragilePortal, times: Times, counts: Counter[str], tmp_path: Path) -> None:
    portal.start()
    staff = editors(portal, STAFF)
    saved_before: list[list[int]] = []
    with saving(staff), one_by_one(portal, "backup", "--to", str(tmp_path)) as one_more:
        for _ in range(times(BACKUPS)):
            saved_before.append([len(editor.acknowledged) for editor in staff])
            one_more("")
    last = rows(portal.contents())
    files = sorted(path for path in tmp_path.iterdir() if path.suffix in (".sqlite3", ".dump"))
    assert len(files) == len(saved_before)
    assert saved_before[-1] > saved_before[0]
    restored = FragilePortal(portal.var, portal.server, name="restored")
    with one_by_one(restored, "restore") as one_more:
        for file, saved in zip(files, saved_before, strict=True):
            restored.empty()
            one_more(str(file))
            then = rows(restored.contents())
            assert differences(then, last) == {}
            for editor, number in zip(staff, saved, strict=True):
                assert replace(editor, portal=restored, acknowledged=editor.acknowledged[:number]).faults() == []
            counts["rows of backups compared"] += sum(map(len, then.values()))
            counts["backups restored"] += 1
    counts["saves while backups were made"] += sum(len(editor.acknowledged) for editor in staff)
    assert [editor.refused + editor.not_opened for editor in staff] == [[]] * STAFF


def rows(contents: Contents) -> Rows:
    return {
        table: {json.dumps(row, sort_keys=True, default=str) for row in found}
        for table, found in contents.items()
        if table not in NOT_RESTORED
    }


def differences(then: Rows, last: Rows) -> dict[str, set[str]]:
    """By table: rows that nobody wrote, and rows that are missing and were not written since."""
    found = {
        table: (set() if table in CHANGING else then.get(table, set()) - last[table])
        | (set() if table in CHANGING | GROWING else last[table] - then.get(table, set()))
        for table in last
    }
    return {table: wrong for table, wrong in found.items() if wrong}


@contextmanager
def one_by_one(portal: FragilePortal, *command: str) -> Iterator[Callable[[str], None]]:
    """Gives what runs the command once more, with more arguments, and waits until it is done."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.one_by_one", *command],
        cwd=ROOT,
        env={**portal.environment, "DJANGO_SETTINGS_MODULE": "plan_portal.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        answers, lines = process.stdout, process.stdin

        def one_more(arguments: str) -> None:
            print(arguments, file=lines, flush=True)
            assert answers.readline() == "done\n"

        yield one_more
        lines.close()
        assert process.wait() == 0
