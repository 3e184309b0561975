"""What was written once stays: twelve ways to change or remove it, tried on four kinds of tables, on each database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from goals.models import BasicGoal
from kizuna.models import LinkageStep
from plan_portal.foundation.append_only import AppendOnlyModel
from plan_portal.foundation.models import DraftStep, PublishedChange
from plan_portal.foundation.triggers import NEVER_DELETED, WRITTEN_ONCE, install, unguarded, wanted
from plan_portal.startup.database import migrate_if_needed
from tests import factories as f
from tests.constraints import our_models
from tests.triggers import lifted

APPEND_ONLY = [model for model in apps.get_models() if issubclass(model, AppendOnlyModel)]
GoalRecord = BasicGoal.history.model


def goal_record() -> models.Model:
    return f.BasicGoalFactory().history.get()


def draft_step() -> models.Model:
    kind = ContentType.objects.get_for_model(BasicGoal)
    return DraftStep.objects.create(draft_id=1, content_type=kind, name="目標", step="saved", values={"title": "題"})


def linkage_step() -> models.Model:
    return LinkageStep.objects.create(linkage=f.LinkageFactory(), step="proposed", comment="伝言")


def published_change() -> models.Model:
    return PublishedChange.objects.create(by="city", title="何を", summary="どうした")


# A kind of table → what writes a row of it, and a column of text.
KINDS: dict[str, tuple[Callable[[], models.Model], str]] = {
    "history": (goal_record, "history_change_reason"),
    "steps of drafts": (draft_step, "comment"),
    "steps of linkages": (linkage_step, "comment"),
    "published changes": (published_change, "note"),
}


class Rows:
    """Two rows of one kind, and what is tried on them."""

    def __init__(self, kind: str) -> None:
        self.write, self.column = KINDS[kind]
        self.row, self.other = self.write(), self.write()
        self.model = type(self.row)
        self.all = self.model._base_manager.order_by("pk")

    def changed(self) -> models.Model:
        setattr(self.row, self.column, "書きかえた")
        return self.row

    def upsert(self) -> None:
        self.model._base_manager.bulk_create(
            [self.changed()],
            update_conflicts=True,
            unique_fields=[self.model._meta.pk.name],
            update_fields=[self.column],
        )

    def sql(self, statement: str) -> None:
        columns = [f'"{field.column}"' for field in self.model._meta.concrete_fields]
        named = {
            "table": f'"{self.model._meta.db_table}"',
            "column": f'"{self.column}"',
            "key": f'"{self.model._meta.pk.column}"',
            "row": self.row.pk,
            "other": self.other.pk,
            "columns": ", ".join(columns),
            "changed": ", ".join("'書きかえた'" if name == f'"{self.column}"' else name for name in columns),
        }
        with connection.cursor() as cursor:
            cursor.execute(statement.format(**named))


BY_DJANGO: dict[str, Callable[[Rows], Any]] = {
    "save()": lambda rows: rows.changed().save(),
    "update()": lambda rows: rows.all.filter(pk=rows.row.pk).update(**{rows.column: "書きかえた"}),
    "bulk_update()": lambda rows: rows.model._base_manager.bulk_update([rows.changed()], [rows.column]),
    "bulk_create() of conflicts": lambda rows: rows.upsert(),
    "delete()": lambda rows: rows.row.delete(),
    "delete() of all": lambda rows: rows.all.delete(),
}
ON_SQLITE = (
    "UPDATE {table} SET {column} = '書きかえた' WHERE {key} = {row}",
    "UPDATE OR REPLACE {table} SET {key} = {row} WHERE {key} = {other}",
    "DELETE FROM {table} WHERE {key} = {row}",
    "DELETE FROM {table}",  # without triggers, SQLite would truncate
    "INSERT OR REPLACE INTO {table} ({columns}) SELECT {changed} FROM {table}",
    "REPLACE INTO {table} ({columns}) SELECT {changed} FROM {table}",
)
ON_POSTGRESQL = (
    "UPDATE {table} SET {column} = '書きかえた' WHERE {key} = {row}",
    "WITH gone AS (DELETE FROM {table} WHERE {key} = {row} RETURNING *) SELECT COUNT(*) FROM gone",
    "TRUNCATE {table}",
    "TRUNCATE {table} RESTART IDENTITY CASCADE",
    "DECLARE c CURSOR FOR SELECT * FROM {table} FOR UPDATE; FETCH c; DELETE FROM {table} WHERE CURRENT OF c; CLOSE c",
    "SET LOCAL session_replication_role = replica; DELETE FROM {table}",
)
BY_SQL = ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL
WAYS = BY_DJANGO | {statement: lambda rows, statement=statement: rows.sql(statement) for statement in BY_SQL}


def test_there_are_twelve_ways():
    assert len(WAYS) == 12


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_refused_and_nothing_changed(kind, way):
    rows = Rows(kind)
    before = list(rows.all.values())
    with pytest.raises(IntegrityError, match=WRITTEN_ONCE), transaction.atomic():
        WAYS[way](rows)
    assert list(rows.all.values()) == before
    rows.write()
    assert list(rows.all.values())[:-1] == before


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_each_way_would_change_something_without_the_triggers(way):
    rows = Rows("history")
    before = list(rows.all.values())
    with lifted():
        WAYS[way](rows)
    assert list(rows.all.values()) != before


@pytest.mark.django_db
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_every_table_that_only_grows_is_guarded(model):
    assert model._meta.db_table in {trigger.table for trigger in wanted(connection)}
    assert model._meta.db_table not in unguarded(connection)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_only_the_key_can_be_in_the_way_of_a_new_row(model):
    """SQLite's guard against REPLACE looks at columns that are unique by themselves."""
    assert [field.name for field in model._meta.concrete_fields if field.unique] == [model._meta.pk.name]
    assert not model._meta.unique_together
    assert not [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]


def test_all_history_only_grows():
    kept = [model.history.model for model in our_models() if hasattr(model, "history")]
    assert len(kept) >= 17
    assert set(kept) <= set(APPEND_ONLY)


@pytest.mark.django_db(transaction=True)
def test_migrate_brings_back_what_a_change_of_a_table_lost():
    old = GoalRecord._meta.get_field("title")
    new = models.CharField(max_length=401)
    new.set_attributes_from_name("title")
    new.model = GoalRecord
    with connection.schema_editor() as editor:
        editor.alter_field(GoalRecord, old, new)
        editor.alter_field(GoalRecord, new, old)
    if connection.vendor == "sqlite":
        assert unguarded(connection) == [GoalRecord._meta.db_table]
    call_command("migrate", verbosity=0)
    assert unguarded(connection) == []
    record = goal_record()
    with pytest.raises(IntegrityError, match=WRITTEN_ONCE):
        record.delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_flush_of_the_tests_leaves_what_the_migrations_made(time):
    assert not GoalRecord.objects.exists()
    assert unguarded(connection) == []
    assert f.UserFactory(role="市・編集").has_perm("goals.change_basicgoal")
    goal_record()


@pytest.mark.django_db
def test_a_lost_trigger_is_reported_and_comes_back_at_a_start():
    assert migrate_if_needed() is False
    assert run_checks(databases=["default"]) == run_checks()
    trigger = next(trigger for trigger in wanted(connection) if trigger.table == PublishedChange._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(trigger.drop(connection.vendor))
    assert unguarded(connection) == [trigger.table]
    usual = run_checks()
    (warning,) = [message for message in run_checks(databases=["default"]) if message not in usual]
    assert trigger.table in warning.msg
    assert migrate_if_needed() is True
    assert unguarded(connection) == []


@pytest.mark.django_db
def test_installing_again_is_the_same():
    def triggers() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"
                if connection.vendor == "sqlite"
                else "SELECT COUNT(*) FROM pg_trigger WHERE NOT tgisinternal"
            )
            return cursor.fetchone()[0]

    before = triggers()
    install(connection)
    assert triggers() == before == len(wanted(connection))


@pytest.mark.django_db
def test_what_steps_are_about_may_go():
    step = linkage_step()
    step.linkage.delete()
    assert LinkageStep.objects.get().linkage_id == step.linkage_id


DELETE_A_USER = ["DELETE FROM auth_user", "DELETE FROM auth_user WHERE id = {user}"] + (
    [
        "INSERT OR REPLACE INTO auth_user SELECT * FROM auth_user WHERE id = {user}",
        "UPDATE OR REPLACE auth_user SET username = '{name}' WHERE id = {other}",
        "UPDATE OR REPLACE auth_user SET id = {user} WHERE id = {other}",
    ]
    if connection.vendor == "sqlite"
    else [
        "TRUNCATE auth_user CASCADE",
        "SET LOCAL session_replication_role = replica; DELETE FROM auth_user WHERE id = {user}",
    ]
)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", DELETE_A_USER)
def test_no_account_is_deleted(statement):
    user, other = f.UserFactory(role="社協"), f.UserFactory()
    connection.check_constraints()  # PostgreSQL truncates nothing that still waits for its check
    before = list(User.objects.order_by("pk").values())
    with (
        pytest.raises(IntegrityError, match=NEVER_DELETED),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(user=user.pk, name=user.username, other=other.pk))
    assert list(User.objects.order_by("pk").values()) == before
    assert user.groups.exists()


@pytest.mark.django_db
def test_no_account_is_deleted_by_django():
    user = f.UserFactory(role="社協")
    for delete in (user.delete, User.objects.all().delete):
        with pytest.raises(IntegrityError, match=NEVER_DELETED), transaction.atomic():
            delete()
    assert user.groups.exists()


@pytest.mark.django_db
def test_an_account_still_changes():
    user = f.UserFactory()
    user.username, user.is_active = "atarashii", False
    user.save()
    assert User.objects.get().username == "atarashii"
