"""The way back: everything in the database becomes what a backup holds, all at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from plan_portal.operations import backup_files, postgresql_files, release, sqlite_files
from plan_portal.operations.backup import make_backup_now
from plan_portal.operations.lock import Say, one_at_a_time
from plan_portal.operations.refusal import OperationRefusedError, first_line, troubles_in_plain_words
from plan_portal.startup.database import migrate_if_needed

_FILES: dict[str, Any] = {"sqlite": sqlite_files, "postgresql": postgresql_files}


@dataclass(frozen=True)
class Backup:
    """A file that was read from end to end."""

    path: Path
    vendor: str
    migrations: frozenset[tuple[str, str]]
    rows: int
    summed: bool

    @property
    def is_older(self) -> bool:
        return bool(release.missing(self.migrations))


def examine(path: Path) -> Backup:
    """Refuses what is damaged, is no backup of a portal, or was made by a newer release."""
    if not path.is_file():
        raise OperationRefusedError(f"{path} というファイルがありません。名前を確かめてください。")
    with troubles_in_plain_words(f"{path} を読むことが"):
        vendor = next((name for name, files in _FILES.items() if files.is_one(path)), None)
        if vendor is None:
            raise OperationRefusedError(f"{path} は、バックアップのファイルではありません。")
        summed = backup_files.check_sum(path)
        migrations, rows = _FILES[vendor].read(path)
    if not release.is_portal(migrations):
        raise OperationRefusedError(f"{path} は、このポータルのバックアップではありません。")
    if newer := release.unknown(migrations):
        raise OperationRefusedError(
            f"{path} は、もっと新しい版のポータルで作られています（{'.'.join(newer[0])}）。"
            "ポータルを新しい版にしてから、もう一度行ってください。"
        )
    return Backup(path, vendor, frozenset(migrations), rows, summed)


def restore(backup: Backup, *, replace: bool, folder: Path, say: Say) -> None:
    """`folder`: where a backup of what there is now is made first.

    An older release's backup is brought up to this release. Everybody has to log in again: a backup also holds sessions that
    have been ended since.
    """
    if backup.vendor != connection.vendor:
        raise OperationRefusedError(_ANOTHER_DATABASE[connection.vendor])
    with troubles_in_plain_words("復元が"), one_at_a_time(say):
        before = None
        if release.has_content(connection):
            if not replace:
                raise OperationRefusedError(
                    "データベースには、もう中身があります。それをバックアップに置きかえるときは、--replace を付けてください。"
                )
            say("はじめに、今の中身のバックアップを作ります。")
            before = make_backup_now(folder=folder, say=say)
        say("復元しています。")
        with _of_this_release(backup, say) as source:
            _pour(source)
        try:
            _make_ready()
        except Exception as error:
            if before:
                _pour(before)
            raise OperationRefusedError(f"今の版に直せませんでした（{first_line(error)}）。") from error


def _pour(path: Path) -> None:
    if connection.vendor == "sqlite":
        sqlite_files.pour(path, Path(connection.settings_dict["NAME"]))
    else:
        postgresql_files.pour(path, connection)
    connection.close()


def _make_ready() -> None:
    migrate_if_needed()
    Session.objects.all().delete()


_ANOTHER_DATABASE = {
    "postgresql": "これは SQLite のバックアップなので、PostgreSQL には復元できません。"
    "PostgreSQL に移すときは、manage.py move_database を使ってください。",
    "sqlite": "これは PostgreSQL のバックアップなので、SQLite には復元できません。"
    "DATABASE_URL に PostgreSQL を指定して、もう一度行ってください。",
}


@contextmanager
def _of_this_release(backup: Backup, say: Say) -> Iterator[Path]:
    """The backup's file; of SQLite, a copy of it that was migrated, if need be: nobody sees the steps in between."""
    if backup.vendor != "sqlite" or not backup.is_older:
        yield backup.path
        return
    say("前の版のバックアップなので、今の版に直しています。")
    with TemporaryDirectory(dir=settings.VAR_DIR, prefix="restore-") as folder:
        copy = Path(folder) / "portal.sqlite3"
        sqlite_files.copy(backup.path, copy)
        migrate_file(copy)
        yield copy


def migrate_file(path: Path) -> None:
    """In a process of its own: migrations find their database by the settings. Afterwards the file stands alone."""
    said = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{path}",
            "DATABASE_REPLICA_URL": "",
            "SECRET_KEY": settings.SECRET_KEY,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if said.returncode:
        reason = first_line(said.stderr.strip().rpartition("\n")[2])
        raise OperationRefusedError(f"今の版に直せませんでした（{reason}）。データベースは、元のままです。")
