"""The move from the embedded SQLite to PostgreSQL: every row with its id, history included, and every table compared afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import Error, connection, connections, models, transaction

from plan_portal.operations import release, sqlite_files
from plan_portal.operations.lock import Say, one_at_a_time
from plan_portal.operations.refusal import OperationRefusedError, first_line, troubles_in_plain_words
from plan_portal.operations.restore import migrate_file
from plan_portal.operations.table_rows import AT_A_TIME, Row, Sum, rows, stored_fields, sum_of, tables

SOURCE = "moved_from"
_NOT_MOVED = {"django_migrations", "sqlite_sequence", Session._meta.db_table}


def move(source: Path, *, say: Say) -> None:
    """`source`: the file of the embedded database, or a backup of one; it is only read.

    Raises OperationRefusedError, and then the PostgreSQL has no row more than before.
    """
    if connection.vendor != "postgresql":
        raise OperationRefusedError(
            "移す先の PostgreSQL が分かりません。DATABASE_URL=postgres://利用者:パスワード@ホスト/データベース を付けてください。"
        )
    if not source.is_file() or not sqlite_files.is_one(source):
        raise OperationRefusedError(f"{source} は、SQLite のデータベースではありません。名前を確かめてください。")
    with troubles_in_plain_words("データベースを移すことが"), one_at_a_time(say):
        with TemporaryDirectory(dir=settings.VAR_DIR, prefix="move-") as folder:
            say("元のデータベースを写しています。")
            with _opened(_snapshot(source, Path(folder))) as origin:
                _prepare_target()
                _move_rows(origin, say)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _snapshot(source: Path, folder: Path) -> Path:
    """One moment of the source, as this release knows it."""
    copy = folder / "portal.sqlite3"
    sqlite_files.copy(source, copy)
    migrations, _rows = sqlite_files.read(copy)
    if not release.is_portal(migrations) or release.unknown(migrations):
        raise OperationRefusedError(
            f"{source} は、このポータルのデータベースではないか、もっと新しい版で作られています。"
        )
    if release.missing(migrations):
        migrate_file(copy)
    return copy


def _prepare_target() -> None:
    """Empty, and with all tables."""
    there = connection.introspection.table_names()
    if release.has_content(connection) or (there and "django_migrations" not in there):
        raise OperationRefusedError(
            "移す先の PostgreSQL には、もう中身があります。空のデータベースを作って、DATABASE_URL に指定してください。"
        )
    call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    connections.settings[SOURCE] = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {},
    }
    try:
        yield connections[SOURCE]
    finally:
        connections[SOURCE].close()
        del connections[SOURCE]
        del connections.settings[SOURCE]


def _move_rows(origin: Any, say: Say) -> None:
    moved = tables()
    if unknown := set(origin.introspection.table_names()) - {model._meta.db_table for model in moved} - _NOT_MOVED:
        raise OperationRefusedError(f"移し方の分からない表があります：{'、'.join(sorted(unknown))}。")
    with transaction.atomic():
        _remove_what_migrate_made(moved)
        sent = {model: _send(model) for model in moved}
        connection.check_constraints()
        different = [model._meta.db_table for model in moved if not _is_equal(model, sent[model], say)]
        if different:
            raise OperationRefusedError(
                f"移したあとの中身が違います：{'、'.join(different)}。移したものは、すべて元に戻しました。"
            )
        _continue_numbers(origin, moved)
    say(f"{len(moved)}の表、{sum(found.rows for found in sent.values()):,}行を移し、どの表も元と同じです。")


def _remove_what_migrate_made(moved: list[type[models.Model]]) -> None:
    """Groups, rights and content types: their ids differ from those that come."""
    with connection.cursor() as cursor:
        for model in moved:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608  # our own names


def _send(model: type[models.Model]) -> Sum:
    """As they are: no save(), no signal, no automatic date."""
    sent, waiting = Sum(), rows(model, using=SOURCE)
    try:
        while batch := list(islice(waiting, AT_A_TIME)):
            for row in batch:
                sent.add(row)
            _insert(model, batch)
    except (Error, ValueError) as error:
        raise OperationRefusedError(
            f"表 {model._meta.db_table} の{sent.rows}行目までに、PostgreSQL に入らない値があります（{first_line(error)}）。"
            "移したものは、すべて元に戻しました。"
        ) from error
    return sent


def _insert(model: type[models.Model], batch: list[Row]) -> None:
    fields, quoted = stored_fields(model), connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(batch))
    values = [
        field.get_db_prep_save(value, connection) for row in batch for field, value in zip(fields, row, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES {places}", values)  # noqa: S608


def _is_equal(model: type[models.Model], sent: Sum, say: Say) -> bool:
    arrived = sum_of(model, using="default")
    equal = (arrived.rows, arrived.value) == (sent.rows, sent.value)
    say(f"{'同じ' if equal else '違う'}  {model._meta.db_table:<44} {arrived.rows:>8,}行  {arrived.value}")
    return equal


def _continue_numbers(origin: Any, moved: list[type[models.Model]]) -> None:
    """The next id is the one that SQLite would have given: never that of a row that was deleted, of which history tells."""
    with origin.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        last = dict(cursor.fetchall())
    with connection.cursor() as cursor:
        for model in moved:
            table, key = model._meta.db_table, model._meta.pk
            if isinstance(key, models.AutoField) and last.get(table):
                place = (f'"{table}"', str(key.column))
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", (*place, last[table]))
