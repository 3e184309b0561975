"""The database at a start: migrated when something is new, filled when it is empty, else left alone."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from plan_portal.content import ContentError, load_plan, load_readings, load_sample
from plan_portal.foundation.triggers import unguarded
from plan_portal.startup.refusal import StartRefusedError


@contextmanager
def database_troubles_in_plain_words() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise StartRefusedError(_plain(error)) from error


def refuse_unless_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StartRefusedError(
            f"{folder} に書き込めません（{error.strerror}）。"
            "書き込めるフォルダーで動かすか、PORTAL_VAR に書き込めるフォルダーを指定してください。"
        ) from error


def migrate_if_needed() -> bool:
    """True when something was migrated, or a table that only grows had lost its triggers."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()) and not unguarded(connection):
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True


@transaction.atomic
def fill_if_empty(*, with_sample: bool) -> bool:
    """Load the plan into a portal that never had one, and the 見本 with it. True when this was done.

    Both or neither: a start that is broken off leaves no portal without its 見本 behind. The 読みの辞書 comes by itself: it is
    newer than the plan of some portals.
    """
    try:
        load_readings(if_empty=True)
        if load_plan(if_empty=True).skipped:
            return False
        if with_sample:
            load_sample(if_empty=True)
    except ContentError as error:
        raise StartRefusedError(str(error)) from error
    return True


def _plain(error: DatabaseError) -> str:
    if not isinstance(error, OperationalError):
        reason = str(error).partition("\n")[0]
        return f"データベースを使えません（{reason}）。その中身と、利用者の権限を確かめてください。"
    if connection.vendor != "sqlite":
        return (
            "データベースにつながりません。データベースのサーバーが動いているか、"
            "DATABASE_URL の住所・名前・パスワードが正しいかを確かめてください。"
        )
    if "full" in str(error):
        return "ディスクがいっぱいで、データベースに書き込めません。空きを作って、もう一度始めてください。"
    if "locked" in str(error):
        return "データベースがほかのプログラムに使われています。それが終わってから、もう一度始めてください。"
    return (
        f"データベース {connection.settings_dict['NAME']} を開けません。"
        "このファイルとフォルダーに書き込めるか、DATABASE_URL が正しいかを確かめてください。"
    )
