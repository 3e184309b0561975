"""manage.py restore: all of the backup or nothing, never over content without a word."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from goals.models import Plan
from kizuna.models import LinkageStep
from plan_portal.foundation.triggers import unguarded
from plan_portal.operations import release, restore, sqlite_files
from plan_portal.operations.backup import make_backup
from plan_portal.operations.refusal import OperationRefusedError
from plan_portal.operations.restore import examine
from tests.plan_portal.operations.conftest import Portal, poured

NAMES = "SELECT name FROM goals_plan"


def bring_back(portal: Portal, path: Path, *, replace: bool = True) -> None:
    restore.restore(examine(path), replace=replace, folder=portal.backups, say=portal.say)


@pytest.fixture
def backup(portal: Portal) -> Path:
    """Of a portal that was changed afterwards."""
    path = make_backup(folder=portal.var, say=portal.say)
    Plan.objects.update(name="あとで変わった計画")
    return path


def test_into_an_empty_database(empty_portal: Portal, filled: Path) -> None:
    bring_back(empty_portal, filled, replace=False)
    assert Plan.objects.count() > 0
    assert not empty_portal.backups.exists()


def test_the_guards_are_back_and_sessions_are_not(portal: Portal, backup: Path) -> None:
    assert Session.objects.exists()
    bring_back(portal, backup)
    assert unguarded(connection) == []
    with pytest.raises(DatabaseError, match="変更の記録は"), transaction.atomic():
        LinkageStep.objects.all().delete()
    assert not Session.objects.exists()


def test_content_is_not_replaced_without_a_word(portal: Portal, backup: Path) -> None:
    before = portal.sums
    with pytest.raises(OperationRefusedError, match=r"もう中身があります。.*--replace を付けてください。"):
        bring_back(portal, backup, replace=False)
    assert portal.sums == before
    assert not portal.backups.exists()


def test_an_account_is_content(unused_portal: Portal) -> None:
    assert not release.has_content(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO auth_user (username, password, first_name, last_name, email, is_active, is_staff, is_superuser,"
            " date_joined) VALUES ('hanako', '', '', '', '', true, true, true, '2026-04-01T00:00:00+00:00')"
        )
    assert release.has_content(connection)


def test_what_is_replaced_was_backed_up(portal: Portal, backup: Path) -> None:
    after = portal.sums
    bring_back(portal, backup)
    assert portal.sums != after
    (kept,) = (path for path in portal.backups.iterdir() if path.suffix != ".sha256")
    bring_back(portal, kept)
    assert portal.sums == after


def test_who_is_connected_sees_the_old_or_the_new(portal: Portal, backup: Path, second_connection: Any) -> None:
    """A reader that stands in the old content holds nobody up on SQLite; on PostgreSQL readers are waited for."""
    reader = second_connection.cursor()
    if connection.vendor == "sqlite":
        reader.execute("BEGIN")
    reader.execute(NAMES)
    seen = {name for (name,) in reader.fetchall()}
    assert seen == {"あとで変わった計画"}
    if connection.vendor == "postgresql":
        second_connection.commit()
    bring_back(portal, backup)
    if connection.vendor == "sqlite":
        reader.execute(NAMES)
        assert {name for (name,) in reader.fetchall()} == seen
        second_connection.commit()
    reader.execute(NAMES)
    assert seen.isdisjoint(name for (name,) in reader.fetchall())


def test_a_writer_at_work_is_not_run_over(
    portal: Portal, backup: Path, second_connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_files, "SECONDS_FOR_A_LOCK", 0)
    monkeypatch.setattr("plan_portal.operations.postgresql_files.SECONDS_FOR_A_LOCK", 0.2)
    before = portal.sums
    second_connection.cursor().execute("UPDATE goals_plan SET name = 'いま書いている'")
    with pytest.raises(OperationRefusedError, match=r"locked|lock timeout"):
        bring_back(portal, backup)
    second_connection.rollback()
    assert portal.sums == before


@pytest.mark.only_on("sqlite")
def test_the_disk_fills_up_while_it_is_restored(portal: Portal, backup: Path) -> None:
    """There is room for the backup of what is replaced, and not for the log of the change, which is longer."""
    before = portal.sums
    said = portal.manage("restore", str(backup), "--replace", largest_file=backup.stat().st_size + 2048)
    assert said.returncode == 1
    assert "復元しています。" in said.stdout
    assert "復元していません。" in said.stderr
    assert "Traceback" not in said.stderr
    assert portal.sums == before


def unapply() -> None:
    """Back to the release before the mails of 連携."""
    call_command("migrate", "plan_portal", "0001", verbosity=0, interactive=False)


def test_a_backup_of_an_older_release_is_brought_up(portal: Portal) -> None:
    sums = portal.sums
    unapply()
    old = make_backup(folder=portal.var, say=portal.say)
    assert examine(old).is_older
    call_command("migrate", verbosity=0, interactive=False)
    bring_back(portal, old)
    assert release.missing(release.applied_to(connection)) == []
    ids_differ = {"auth_permission", "auth_group_permissions", "django_content_type"}
    assert {name: value for name, value in portal.sums.items() if name not in ids_differ} == {
        name: value for name, value in sums.items() if name not in ids_differ
    }
    assert unguarded(connection) == []


@pytest.mark.only_on("sqlite")
def test_a_backup_that_cannot_be_brought_up_changes_nothing(portal: Portal) -> None:
    """Its table of the migration to come is there already."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'plan_portal' AND name = '0002_sent_digest'")
    odd = make_backup(folder=portal.var, say=portal.say)
    before = portal.sums
    with pytest.raises(OperationRefusedError, match=r"今の版に直せませんでした（.*already exists）"):
        bring_back(portal, odd)
    assert portal.sums == before


def test_what_there_was_is_back_when_the_last_step_fails(
    portal: Portal, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("a migration that fails")

    before = portal.sums
    monkeypatch.setattr(restore, "_make_ready", fail)
    with pytest.raises(OperationRefusedError, match="a migration that fails"):
        bring_back(portal, backup)
    assert portal.sums == before


def test_a_backup_of_a_newer_release(portal: Portal) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('goals', '9999_later', '2036-04-01')"
        )
    path = make_backup(folder=portal.var, say=portal.say)
    with pytest.raises(OperationRefusedError, match=r"もっと新しい版のポータルで作られています（goals\.9999_later）"):
        examine(path)


@pytest.mark.parametrize("place", [0.3, 0.6, 0.99])
def test_a_file_that_ends_too_soon(filled: Path, tmp_path: Path, place: float) -> None:
    cut = tmp_path / "cut"
    cut.write_bytes(filled.read_bytes()[: int(filled.stat().st_size * place)])
    with pytest.raises(OperationRefusedError, match=r"壊れて.*ほかのバックアップを使ってください。"):
        examine(cut)


def test_a_file_that_is_not_what_it_was(portal: Portal, backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[-9] ^= 1
    backup.write_bytes(content)
    with pytest.raises(OperationRefusedError, match="作ったときと中身が違います。"):
        examine(backup)


@pytest.mark.parametrize("content", [b"", b"SQLite", "これはバックアップではありません。".encode() * 99])
def test_a_file_that_is_something_else(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(OperationRefusedError, match="バックアップのファイルではありません。"):
        examine(tmp_path / "file")


def test_a_database_of_another_program(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other")) as other, other:
        other.execute("CREATE TABLE photos (id)")
    with pytest.raises(OperationRefusedError, match="このポータルのバックアップではありません。"):
        examine(tmp_path / "other")


@pytest.mark.only_on("sqlite")
def test_the_database_itself_is_no_backup(portal: Portal, second_connection: Any) -> None:
    second_connection.execute("UPDATE goals_plan SET name = 'x'")
    with pytest.raises(OperationRefusedError, match="動いているデータベースか、そのファイルをコピーしたもの"):
        examine(portal.var / "portal.sqlite3")


@pytest.mark.only_on("sqlite")
def test_a_damaged_database_is_set_aside_and_restored(portal: Portal, backup: Path) -> None:
    """As docs/operations.md says."""
    connection.close()
    (portal.var / "portal.sqlite3").write_text("これはデータベースではありません。" * 99, encoding="utf-8")
    with pytest.raises(OperationRefusedError, match="データベースのファイルが壊れています"):
        bring_back(portal, backup)
    connection.close()
    (portal.var / "aside").mkdir()
    for path in portal.var.glob("portal.sqlite3*"):
        path.rename(portal.var / "aside" / path.name)
    bring_back(portal, backup, replace=False)
    assert Plan.objects.exclude(name="あとで変わった計画").exists()


def test_a_backup_of_the_other_database(portal: Portal) -> None:
    other, words = {
        "postgresql": ("sqlite", "PostgreSQL には復元できません。.*move_database を使ってください。"),
        "sqlite": ("postgresql", "SQLite には復元できません。DATABASE_URL に PostgreSQL を"),
    }[connection.vendor]
    foreign = restore.Backup(Path("x"), other, frozenset(), 0, summed=True)
    with pytest.raises(OperationRefusedError, match=words):
        restore.restore(foreign, replace=True, folder=portal.backups, say=portal.say)


@pytest.mark.only_on("postgresql")
def test_postgresql_takes_nothing_of_a_file_that_breaks_off(portal: Portal, filled: Path, tmp_path: Path) -> None:
    before, cut = portal.sums, tmp_path / "cut"
    cut.write_bytes(filled.read_bytes()[:-200])
    with pytest.raises(OperationRefusedError, match="壊れているか"):
        poured(cut)
    assert portal.sums == before


@pytest.mark.only_on("postgresql")
def test_tables_of_a_newer_release_go_with_what_is_replaced(portal: Portal, backup: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (plan bigint REFERENCES goals_plan)")
        cursor.execute("CREATE FUNCTION later() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    bring_back(portal, backup)
    assert "later" not in connection.introspection.table_names()


def test_the_command(portal: Portal, backup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = portal.sums
    call_command("restore", backup, check=True)
    assert "壊れていません：" in capsys.readouterr().out
    assert portal.sums == before
    shutil.copy(backup, portal.var / "alone")
    call_command("restore", portal.var / "alone", check=True)
    assert "作ったときと同じかは確かめていません" in capsys.readouterr().out
    call_command("restore", backup, replace=True)
    assert "復元しました。みなさん、もう一度ログインしてください。" in capsys.readouterr().out
    with pytest.raises(CommandError, match="というファイルがありません。名前を確かめてください。\n復元していません。"):
        call_command("restore", portal.var / "none")
