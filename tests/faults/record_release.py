"""Keeps the databases that a release writes, for test_releases.py. Run once for each release, when it has landed:

    .venv/bin/python -m tests.faults.record_release COMMIT NAME

The release's own code is started on SQLite and on PostgreSQL, with the plan and the 見本; staff change what they may. Look at what is
printed, then commit tests/faults/releases/. NAME: letters, digits and -, as in 2026-11-25-reader.
"""

import gzip
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.faults.fragile_portal import FragilePortal
from tests.faults.own_postgresql import OwnPostgresql
from tests.faults.staff import Staff, form_in

ROOT = Path(__file__).resolve().parent.parent.parent
RELEASES = Path(__file__).resolve().parent / "releases"
RECORDS_EACH = 2
# What staff write into the fields of these names, wherever a form has them.
WRITTEN = {
    "summary_easy": "やさしく書きなおした文です。",
    "phone": "000-123-4567",
    "email": "madoguchi@city.example",
    "reason": "見本　計画の本文から読み取れるため。",
    "scope": "このポータルのすべてのページ",
    "tester": "市の担当者",
    "change_reason": "電話で確かめたため",
}
PROPOSED = {
    "state": "proposed",
    "summary": "毎月の集まりを、いっしょに開く。",
    "since": "令和8",
    "version": "0",
    "agreed_on": "",
}


def main(commit: str, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "code"
        code.mkdir()
        files = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x"], cwd=code, input=files, check=True)
        server = OwnPostgresql()
        try:
            for database in (None, server):
                record(code, Path(folder) / ("postgresql" if database else "sqlite"), database, name)
        finally:
            server.remove()
    known = RELEASES / "releases.json"
    releases = json.loads(known.read_text(encoding="utf-8")) if known.exists() else {}
    releases[name] = {"commit": commit, "leaves": leaves(code_leaves=RELEASES / f"{name}.sqlite.sql.gz")}
    known.write_text(json.dumps(releases, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def record(code: Path, var: Path, server: OwnPostgresql | None, name: str) -> None:
    portal = FragilePortal(var, server)
    portal.code = code
    portal.empty()
    with portal.running():
        for line in changes(portal):
            print(f"{var.name}: {line}")
    kind = "sqlite" if server is None else "postgresql"
    target = RELEASES / f"{name}.{kind}.sql.gz"
    target.write_bytes(gzip.compress(portal.dump().encode(), mtime=0))
    print(f"{target.name}: {target.stat().st_size:,} bytes")


def changes(portal: FragilePortal) -> Iterator[str]:
    """Each of the staff opens some records of every list that they see, writes, and saves; 社協 proposes linkages."""
    for name in ("city-editor", "city-approver", "shakyo", "admin"):
        staff = Staff(portal.port).log_in(name)
        for path in dict.fromkeys(re.findall(r'href="(/admin/[a-z_]+/[a-z]+/)"', staff.ask("/admin/").text)):
            records = dict.fromkeys(re.findall(rf'href="({path}\d+/change/)', staff.ask(path).text))
            for record in [*records][:RECORDS_EACH]:
                yield from change(staff, name, record)
    staff = Staff(portal.port).log_in("shakyo")
    linked = set(portal.ask("SELECT goal_id, kizuna_goal_id FROM kizuna_linkage"))
    kizuna = [key for (key,) in portal.ask("SELECT id FROM kizuna_kizunagoal ORDER BY id")]
    goals = [key for (key,) in portal.ask("SELECT id FROM goals_basicgoal ORDER BY id")]
    free = [(goal, other) for goal in goals for other in kizuna if (goal, other) not in linked]
    for (goal, other), button in zip(free, ("_save", "_save", "_propose"), strict=False):
        ends = {"goal": [str(goal)], "kizuna_goal": [str(other)], button: ["1"]}
        wanted = {field: [text] for field, text in PROPOSED.items()} | ends
        for path in ("/admin/kizuna/linkage/add/", f"/admin/kizuna/linkage/new/{goal}/{other}/"):
            if (form := form_or_none(staff, path)) is not None:
                yield f"shakyo proposes {goal}–{other}: {staff.ask(path, form | wanted).status}"


def form_or_none(staff: Staff, path: str) -> dict[str, list[str]] | None:
    answer = staff.ask(path)
    return form_in(answer.text) if answer.status == 200 else None


def change(staff: Staff, name: str, path: str) -> Iterator[str]:
    form = form_or_none(staff, path)
    written = {field: [text] for field, text in WRITTEN.items() if field in (form or {})}
    if form and written:
        yield f"{name} writes {'、'.join(written)} at {path}: {staff.ask(path, form | written | {'_save': ['1']}).status}"


def leaves(code_leaves: Path) -> dict[str, str]:
    """The newest migration of each app, as the dump holds it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(gzip.decompress(code_leaves.read_bytes()).decode())
        return dict(connection.execute("SELECT app, MAX(name) FROM django_migrations GROUP BY app ORDER BY app"))


if __name__ == "__main__":
    main(*sys.argv[1:])
