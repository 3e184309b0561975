"""manage.py backup: one moment of the database in one file, whole or not at all."""

import fcntl
import os
import shutil
import subprocess
from collections import namedtuple
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from goals.models import Plan
from kizuna.models import LinkagePair
from plan_portal.operations import postgresql_files, restore
from plan_portal.operations.backup import make_backup
from plan_portal.operations.refusal import OperationRefusedError
from tests.plan_portal.operations.conftest import Portal


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_brings_back_every_row(portal: Portal) -> None:
    before = portal.sums
    path = make_backup(folder=portal.backups, say=portal.say)
    Plan.objects.update(name="変わった計画")
    LinkagePair.objects.all().delete()
    assert portal.sums != before
    restore.restore(restore.examine(path), replace=True, folder=portal.backups, say=portal.say)
    assert portal.sums == before


def test_it_is_for_the_owner_only_and_its_sum_lies_beside_it(portal: Portal) -> None:
    path = make_backup(folder=portal.backups, say=portal.say)
    assert names(portal.backups) == [path.name, f"{path.name}.sha256"]
    assert [
        portal.backups.stat().st_mode & 0o777,
        *(found.stat().st_mode & 0o777 for found in portal.backups.iterdir()),
    ] == [
        0o700,
        0o600,
        0o600,
    ]
    program = shutil.which("sha256sum")
    assert program
    checked = subprocess.run([program, "--check", f"{path.name}.sha256"], cwd=portal.backups, check=False)  # noqa: S603
    assert checked.returncode == 0
    assert str(path) in portal.said[-1]


def test_what_is_not_committed_is_not_in_it(portal: Portal, second_connection: Any) -> None:
    """And a writer in the middle of its work does not hold it up."""
    cursor = second_connection.cursor()
    cursor.execute("INSERT INTO plan_portal_sentdigest (organisation, day) VALUES ('city', '2026-04-01')")
    rows = restore.examine(make_backup(folder=portal.backups, say=portal.say)).rows
    second_connection.commit()
    more = restore.examine(make_backup(folder=portal.backups, say=portal.say)).rows
    assert more - rows == (
        2 if connection.vendor == "sqlite" else 1
    )  # SQLite counts the row that numbers the table, too


def test_the_newest_are_kept(portal: Portal) -> None:
    made = [make_backup(folder=portal.backups, say=portal.say) for _ in range(3)]
    others = ("portal-mine.sqlite3", "readme.txt")
    for name in others:
        (portal.backups / name).touch()
    made.append(make_backup(folder=portal.backups, keep=2, say=portal.say))
    kept = [path.name for path in made[-2:]]
    assert names(portal.backups) == sorted([*kept, *(f"{name}.sha256" for name in kept), *others])
    assert portal.said[-1] == "古いバックアップを2つ消しました（新しい2つを残しています）。"


def test_no_room(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(10**9, 10**9, 4096))
    with pytest.raises(
        OperationRefusedError, match=r"に空きが足りません（要る：.*空き：4\.0.KB）。空きを作るか、--to で"
    ):
        make_backup(folder=portal.backups, say=portal.say)
    assert names(portal.backups) == []


def test_the_disk_fills_up_while_it_is_made(portal: Portal) -> None:
    kept = names_after_a_backup(portal)
    said = portal.manage("backup", "--keep=1", largest_file=65_536)
    assert said.returncode == 1
    assert "ディスクに空きがあるかを確かめてください。\nバックアップはできていません。" in said.stderr
    assert "Traceback" not in said.stderr
    assert names(portal.backups) == kept


def names_after_a_backup(portal: Portal) -> list[str]:
    make_backup(folder=portal.backups, say=portal.say)
    return names(portal.backups)


def test_what_a_killed_backup_left_is_cleared_away(portal: Portal) -> None:
    portal.backups.mkdir()
    for name in (".portal-20260401T000000.000Z.dump.part", ".portal-20260401T000000.000Z.dump.part.sha256"):
        (portal.backups / name).touch()
    path = make_backup(folder=portal.backups, say=portal.say)
    assert names(portal.backups) == [path.name, f"{path.name}.sha256"]


def test_a_database_without_a_portal(empty_portal: Portal) -> None:
    """A wrong DATABASE_URL must not push the true backups out."""
    connection.ensure_connection()
    with pytest.raises(OperationRefusedError, match="このデータベースには、ポータルがありません"):
        make_backup(folder=empty_portal.backups, keep=1, say=empty_portal.say)
    assert names(empty_portal.backups) == []


@pytest.mark.only_on("sqlite")
def test_a_database_that_is_not_there(empty_portal: Portal) -> None:
    with pytest.raises(OperationRefusedError, match="がありません。DATABASE_URL と PORTAL_VAR を確かめてください。"):
        make_backup(folder=empty_portal.backups, say=empty_portal.say)
    assert not (empty_portal.var / "portal.sqlite3").exists()


@pytest.mark.only_on("sqlite")
def test_a_damaged_database_makes_no_backup(portal: Portal) -> None:
    connection.close()
    with (portal.var / "portal.sqlite3").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)
    with pytest.raises(OperationRefusedError, match="データベースのファイルが壊れています"):
        make_backup(folder=portal.backups, say=portal.say)
    assert names(portal.backups) == []


def test_one_waits_for_another(portal: Portal) -> None:
    waiting, made = Event(), []

    def say(words: str) -> None:
        portal.say(words)
        waiting.set()

    def back_up() -> None:
        made.append(make_backup(folder=portal.backups, say=say))
        connections.close_all()

    with (portal.var / "operations.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        thread = Thread(target=back_up)
        thread.start()
        assert waiting.wait(30)
        assert portal.said == ["ほかのバックアップか復元が終わるのを待っています。"]
        assert not portal.backups.exists()
    thread.join(30)
    assert made[0].is_file()


def test_the_command(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("backup", to=portal.var / "elsewhere", keep=1)
    assert "保存しました：" in capsys.readouterr().out
    assert len(names(portal.var / "elsewhere")) == 2
    (portal.var / "file").touch()
    with pytest.raises(CommandError, match="バックアップはできていません。"):
        call_command("backup", to=portal.var / "file")
    with pytest.raises(CommandError, match="1以上の数を指定してください。"):
        call_command("backup", "--keep=0")


class TestPrograms:
    """pg_dump, pg_restore and psql: which, and what they are told where."""

    @pytest.fixture
    def machine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(postgresql_files, "FOLDERS", [f"{str(tmp_path).lstrip('/')}/*/bin"])
        monkeypatch.setenv("PATH", str(tmp_path / "none"))
        return tmp_path

    def has(self, machine: Path, release: int, does: str = "") -> str:
        program = machine / str(release) / "bin" / "pg_dump"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n[ $1 = --version ] && echo pg_dump {release}.3 && exit\n{does}\n")
        program.chmod(0o755)
        return str(program)

    def test_the_server_s_own_release_or_the_next(self, machine: Path) -> None:
        made = {release: self.has(machine, release) for release in (9, 14, 15, 17)}
        assert postgresql_files.program("pg_dump", 15) == made[15]
        assert postgresql_files.program("pg_dump", 16) == made[17]
        assert postgresql_files.program("pg_dump") == made[17]

    def test_one_on_path_is_found(self, machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = self.has(machine, 15)
        monkeypatch.setattr(postgresql_files, "FOLDERS", [])
        monkeypatch.setenv("PATH", str(Path(made).parent))
        assert postgresql_files.program("pg_dump", 15) == made

    @pytest.mark.parametrize("there", [(), (14,)])
    def test_none_that_fits(self, machine: Path, there: tuple[int, ...]) -> None:
        for release in there:
            self.has(machine, release)
        with pytest.raises(OperationRefusedError, match=r"同じ版（15）では見つかりません.*postgresql-client-15$"):
            postgresql_files.program("pg_dump", 15)

    def test_the_password_is_where_ps_does_not_show_it(self, machine: Path) -> None:
        self.has(
            machine, 15, f'echo "$@" >{machine}/said; echo "$PGPASSWORD $PGSSLMODE $PGHOST" >{machine}/env; exit 1'
        )
        database = {"HOST": "db", "PORT": "", "USER": "portal", "PASSWORD": "himitsu", "NAME": "plan"}
        there = type("", (), {"pg_version": 150_004, "settings_dict": {**database, "OPTIONS": {"sslmode": "require"}}})
        with pytest.raises(OperationRefusedError, match="pg_dump: 1"):
            postgresql_files.copy(there, machine / "target")
        assert "himitsu" not in (machine / "said").read_text()
        assert (machine / "env").read_text() == "himitsu require db\n"

    def test_what_is_not_told_is_left_to_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PGPASSFILE", "/etc/pgpass")
        database = {"HOST": "", "PORT": "", "USER": "", "PASSWORD": "", "NAME": "plan", "OPTIONS": {}}
        told = postgresql_files.environment(database)
        assert (told["PGPASSFILE"], told["PGDATABASE"]) == ("/etc/pgpass", "plan")
        assert "PGPASSWORD" not in set(told) - set(os.environ)
