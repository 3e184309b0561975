"""A backup: one moment of the whole database in one file, made while the portal runs."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.template.defaultfilters import filesizeformat

from plan_portal.operations import backup_files, postgresql_files, release, sqlite_files
from plan_portal.operations.lock import Say, one_at_a_time
from plan_portal.operations.refusal import OperationRefusedError, troubles_in_plain_words

_SPARE = 1 << 20


def make_backup(*, folder: Path, keep: int | None = None, say: Say) -> Path:
    """Returns the file. Raises OperationRefusedError, and then leaves no file behind."""
    with troubles_in_plain_words("バックアップを作ることが"), one_at_a_time(say):
        return make_backup_now(folder=folder, keep=keep, say=say)


def make_backup_now(*, folder: Path, keep: int | None = None, say: Say) -> Path:
    """Like make_backup(), for who holds the lock."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    backup_files.remove_parts(folder)
    _refuse_without_room(folder)
    say("バックアップを作っています。")
    path = folder / backup_files.new_name(connection.vendor)
    with _becomes(path) as part:
        if connection.vendor == "sqlite":
            sqlite_files.copy(database_file(), part)
            migrations, _rows = sqlite_files.read(part)
        else:
            postgresql_files.copy(connection, part)
            migrations, _rows = postgresql_files.read(part)
        if not release.is_portal(migrations):
            raise OperationRefusedError("このデータベースには、ポータルがありません。DATABASE_URL を確かめてください。")
    say(f"保存しました：{path}（{filesizeformat(path.stat().st_size)}）")
    if keep is not None and (removed := backup_files.remove_all_but(folder, keep)):
        say(f"古いバックアップを{removed}つ消しました（新しい{keep}つを残しています）。")
    return path


def database_file() -> Path:
    path = Path(connection.settings_dict["NAME"])
    if not path.is_file():
        raise OperationRefusedError(
            f"データベース {path} がありません。DATABASE_URL と PORTAL_VAR を確かめてください。"
        )
    return path


@contextmanager
def _becomes(path: Path) -> Iterator[Path]:
    """An empty file for the owner only. It takes its name, with its sum, when the block ends well, and is gone when not."""
    part = path.with_name(f".{path.name}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        _sync(part)
        summed = backup_files.write_sum(path, of=part)
        summed.rename(backup_files.sum_file(path))
        part.rename(path)
        _sync(path.parent)
    except BaseException:
        backup_files.remove_parts(path.parent)
        backup_files.sum_file(path).unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    """A file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_without_room(folder: Path) -> None:
    needed = sqlite_files.size(database_file()) if connection.vendor == "sqlite" else postgresql_files.size(connection)
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE:
        raise OperationRefusedError(
            f"{folder} に空きが足りません（要る：{filesizeformat(needed + _SPARE)}、空き：{filesizeformat(free)}）。"
            "空きを作るか、--to で別のフォルダーを指定してください。"
        )
