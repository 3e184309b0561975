"""Every committed change of what citizens read is a new version, whoever makes it and however; a read is none."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import psycopg2
import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.connection import ConnectionDoesNotExist

from goals.models import BasicGoal
from plan_portal.foundation.content_triggers import content_models
from plan_portal.foundation.content_version import ContentVersion
from plan_portal.foundation.models import Reading
from sdgs.models import Sdg
from tests import factories as f
from tests.foundation.page_cache.elsewhere import IS_SQLITE, TABLE, Elsewhere, sql
from tests.plan_portal.admin_world import client_as, seen


def changed_goal() -> BasicGoal:
    goal = BasicGoal.objects.get()
    goal.field = "まとめて"
    return goal


def in_a_savepoint_after_another_was_undone() -> None:
    with transaction.atomic():
        undone = transaction.atomic()
        undone.__enter__()
        BasicGoal.objects.update(field="あ")
        undone.__exit__(ValueError, ValueError(), None)
        with transaction.atomic():
            BasicGoal.objects.update(field="い")


def by_another_program() -> None:
    statement = f"UPDATE {TABLE} SET field = 'よそ'"  # noqa: S608
    if IS_SQLITE:
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other, other:
            other.execute(statement)
    else:
        parameters = connection.get_connection_params()
        with closing(psycopg2.connect(**parameters)) as other, other, other.cursor() as cursor:
            cursor.execute(statement)


WAYS: dict[str, Callable[[], object]] = {
    "save()": lambda: BasicGoal.objects.get().save(),
    "create()": f.InitiativeFactory,
    "update()": lambda: BasicGoal.objects.update(field="あ"),
    "bulk_update()": lambda: BasicGoal.objects.bulk_update([changed_goal()], ["field"]),
    "bulk_create()": lambda: Reading.objects.bulk_create([Reading(word="福祉", ruby="{福祉|ふくし}")]),
    "delete()": lambda: BasicGoal.objects.get().delete(),
    "UPDATE": lambda: sql(f"UPDATE {TABLE} SET field = 'い'"),  # noqa: S608
    "UPDATE of a row": lambda: sql(f"UPDATE {TABLE} SET field = 'い' WHERE id IN (SELECT MIN(id) FROM {TABLE})"),  # noqa: S608
    "DELETE": lambda: sql(f"DELETE FROM {Sdg._meta.db_table}"),  # noqa: S608
    "another program": by_another_program,
    "after a savepoint": in_a_savepoint_after_another_was_undone,
}
if not IS_SQLITE:
    WAYS |= {
        "TRUNCATE": lambda: sql(f"TRUNCATE {Reading._meta.db_table}"),
        "the role of a replica": lambda: sql(
            f"BEGIN; SET LOCAL session_replication_role = replica; UPDATE {TABLE} SET field = 'う'; COMMIT"  # noqa: S608
        ),
        "WITH": lambda: sql(f"WITH changed AS (UPDATE {TABLE} SET field = 'え' RETURNING 1) SELECT * FROM changed"),  # noqa: S608
        "COPY": lambda: sql(f"COPY {Reading._meta.db_table} (word, ruby) FROM PROGRAM 'true'"),
    }


@pytest.mark.parametrize("way", WAYS)
def test_a_change_is_a_new_version(elsewhere: Elsewhere, way: str) -> None:
    elsewhere.do(lambda: [f.BasicGoalFactory(), f.SdgFactory()])
    before = elsewhere.current()
    assert elsewhere.current() == before
    elsewhere.do(WAYS[way])
    after = elsewhere.current()
    assert after != before
    assert elsewhere.current() == after
    elsewhere.do(lambda: [list(model._base_manager.all()) for model in (BasicGoal, Sdg, Reading)])
    assert elsewhere.current() == after, "reading is no change"
    elsewhere.do(lambda: f.DepartmentFactory())
    assert elsewhere.current() not in {before, after}


def test_a_save_in_the_admin_is_a_new_version(elsewhere: Elsewhere) -> None:
    department, editor = elsewhere.do(lambda: (f.DepartmentFactory(), client_as("市・編集")))
    address = reverse("admin:initiatives_department_change", args=[department.pk])
    form = {
        "name": "変えたグループ",
        "valid_from": "2026-04-01",
        "edit_version": elsewhere.do(lambda: seen(department)),
    }
    elsewhere.do(lambda: editor.get(address))
    before = elsewhere.current()
    assert elsewhere.do(lambda: editor.post(address, form)).status_code == 302
    assert elsewhere.current() != before


def test_a_change_counts_from_its_commit_on(elsewhere: Elsewhere) -> None:
    elsewhere.do(f.BasicGoalFactory)
    before = elsewhere.current()
    block = transaction.atomic()
    elsewhere.do(block.__enter__)
    elsewhere.do(lambda: BasicGoal.objects.update(field="あ"))
    assert elsewhere.current() == before
    elsewhere.do(lambda: block.__exit__(None, None, None))
    assert elsewhere.current() != before


def test_nothing_undone_is_a_change(elsewhere: Elsewhere) -> None:
    before = elsewhere.current()

    def undo() -> None:
        with transaction.atomic():
            f.BasicGoalFactory()
            transaction.set_rollback(True)

    elsewhere.do(undo)
    assert elsewhere.current() == before


def test_asking_is_no_query_of_django(elsewhere: Elsewhere) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            elsewhere.version.current()
        return len(queries)

    elsewhere.current()
    assert elsewhere.do(ask) == 0


def test_two_processes_see_the_same_change(elsewhere: Elsewhere) -> None:
    """Each with a connection of its own."""
    other = ContentVersion()
    before = elsewhere.current(), elsewhere.do(other.current)
    elsewhere.do(f.BasicGoalFactory)
    assert elsewhere.current() != before[0]
    assert elsewhere.do(other.current) != before[1]
    other.close()


def test_every_table_that_citizens_see_counts() -> None:
    """Only these do not. A new table counts unless it is named in content_triggers."""
    others = {model._meta.label for model in apps.get_models(include_auto_created=True)} - {
        model._meta.label for model in content_models()
    }
    private_apps = {"admin", "auth", "axes", "contenttypes", "otp_static", "otp_totp", "sessions"}
    assert {label for label in others if label.split(".")[0] not in private_apps} == {
        "foundation.Draft",
        "foundation.DraftStep",
        "plan_portal.SentDigest",
    }


def test_an_alias_that_is_not_configured() -> None:
    with pytest.raises(ConnectionDoesNotExist):
        ContentVersion("nowhere")


def test_a_failure_is_remembered_for_a_moment(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that takes two seconds to fail does not cost every reader two seconds."""
    clock = {"now": 100.0}
    tries = []

    class Slow:
        errors = (OperationalError,)

        def __init__(self, _wrapper: object) -> None:
            tries.append(clock["now"])
            clock["now"] += 2
            raise OperationalError("no answer")

    kinds = "plan_portal.foundation.content_version._KINDS"
    monkeypatch.setattr("plan_portal.foundation.content_version.time.monotonic", lambda: clock["now"])
    with monkeypatch.context() as broken:
        broken.setattr(kinds, {"sqlite": Slow, "postgresql": Slow})
        for _ in range(3):
            with pytest.raises(OperationalError):
                elsewhere.current()
        assert tries == [100.0]
        clock["now"] += 7.9
        with pytest.raises(OperationalError):
            elsewhere.current()
        assert len(tries) == 1
    clock["now"] += 0.2
    assert elsewhere.current() is not None
