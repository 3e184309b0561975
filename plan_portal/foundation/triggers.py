"""Triggers by which the database itself keeps what was written once, and the accounts of those who wrote it; and all others.

They are put in after every `migrate`, not by a migration: SQLite makes a table anew for most changes of a field, and its
triggers go with the old one. A data migration that has to rewrite such a table must drop them; afterwards they are back.
Whoever owns the database can drop them too: they stop mistakes and the portal's own code, and backups stop the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import checks
from django.db import connections, models, transaction

from plan_portal.foundation import content_triggers
from plan_portal.foundation.append_only import AppendOnlyModel
from plan_portal.foundation.trigger import Trigger

WRITTEN_ONCE = "変更の記録は、変えることも消すこともできません。"
NEVER_DELETED = "利用者は消せません。「有効」の印を外してください。"

_FUNCTION = """
CREATE OR REPLACE FUNCTION portal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END $$
"""
_INSTALLED = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND tgenabled = 'A' AND pg_table_is_visible(tgrelid)
    """,
}


def wanted(connection: Any) -> list[Trigger]:
    """The triggers of all tables that are there."""
    there = set(connection.introspection.table_names())
    return [*refusing(connection, there), *content_triggers.content_triggers(connection, there)]


def refusing(connection: Any, there: Set[str]) -> list[Trigger]:
    """Those that keep what was written once."""
    make = {"sqlite": _for_sqlite, "postgresql": _for_postgresql}[connection.vendor]
    kept = [model for model in apps.get_models() if issubclass(model, AppendOnlyModel)]
    guarded = [(model, True, WRITTEN_ONCE) for model in kept] + [(get_user_model(), False, NEVER_DELETED)]
    return [
        trigger
        for model, written_once, message in guarded
        if model._meta.db_table in there
        for trigger in make(model, written_once=written_once, message=message)
    ]


def install(connection: Any, triggers: Iterable[Trigger] | None = None) -> None:
    """Put in all triggers, or some, in place of what there is of them."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in (_FUNCTION, *content_triggers.PREPARE):
                cursor.execute(statement)
        for trigger in wanted(connection) if triggers is None else triggers:
            cursor.execute(trigger.drop(connection.vendor))
            for statement in trigger.create:
                cursor.execute(statement)


def unguarded(connection: Any) -> list[str]:
    """The tables that lack a trigger, or on which one is switched off."""
    with connection.cursor() as cursor:
        cursor.execute(_INSTALLED[connection.vendor])
        installed = set(cursor.fetchall())
    return sorted({trigger.table for trigger in wanted(connection) if (trigger.table, trigger.name) not in installed})


def install_after_migrate(*, using: str, **_: Any) -> None:
    install(connections[using])


@checks.register(checks.Tags.database)
def check_triggers(*, databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """A warning, not an error: `migrate`, which mends it, runs this check first."""
    return [
        checks.Warning(
            f"データベースの見張りが欠けています（消せない記録を守り、ページを新しく保つもの）：{'、'.join(tables)}",
            hint="manage.py migrate が、守りを元に戻します。",
            id="foundation.W001",
        )
        for alias in databases or ()
        if (tables := unguarded(connections[alias]))
    ]


def _for_sqlite(model: type[models.Model], *, written_once: bool, message: str) -> Iterator[Trigger]:
    """REPLACE takes away the row that is in the way without a delete trigger, so whatever would replace one is refused."""
    table = model._meta.db_table
    unique = [field.column for field in model._meta.concrete_fields if field.unique]
    taken = " OR ".join(f'"{column}" = NEW."{column}"' for column in unique)
    columns = ", ".join(f'"{column}"' for column in unique)

    def trigger(event: str, of: str = "", when: str = "") -> Trigger:
        name = f"{table}_refuse_{event.lower()}"
        body = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        return Trigger(table, name, [f'CREATE TRIGGER "{name}" BEFORE {event} {of} ON "{table}" {when} {body}'])

    yield trigger("DELETE")
    yield trigger("INSERT", when=f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {taken})')  # noqa: S608  # our own names
    if written_once:
        yield trigger("UPDATE")
    else:
        others = f'SELECT 1 FROM "{table}" WHERE ({taken}) AND rowid <> OLD.rowid'  # noqa: S608
        yield trigger("UPDATE", of=f"OF {columns}", when=f"WHEN EXISTS ({others})")


def _for_postgresql(model: type[models.Model], *, written_once: bool, message: str) -> Iterator[Trigger]:
    """ALWAYS: also for a session that plays the part of a replica."""
    table = model._meta.db_table
    events = "UPDATE OR DELETE" if written_once else "DELETE"
    for name, event, each in (("refuse_rows", events, "ROW"), ("refuse_truncate", "TRUNCATE", "STATEMENT")):
        yield Trigger(
            table,
            name,
            [
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {each} '
                f"EXECUTE FUNCTION portal_refuse('{message}')",
                f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"',
            ],
        )
