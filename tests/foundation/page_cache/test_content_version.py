"""Every committed change of what citizens read is a new version, whoever makes it and however; a read is none."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.connection import ConnectionDoesNotExist
from django.utils.timezone import now

from goals.models import BasicGoal
from plan_portal.foundation.content_triggers import content_models, content_triggers
from plan_portal.foundation.content_version import ContentVersion
from plan_portal.foundation.models import Draft, Reading
from plan_portal.foundation.triggers import unguarded
from sdgs.models import Sdg
from tests import factories as f

SECONDS = 30
IS_SQLITE = connection.vendor == "sqlite"
TABLE = BasicGoal._meta.db_table


class Elsewhere:
    """The database, written to from a thread of its own; on SQLite a copy in a file, because memory lends no private connection."""

    def __init__(self, pool: ThreadPoolExecutor, place: Path) -> None:
        self.pool, self.place = pool, place
        self.version = ContentVersion()

    def do(self, function: Callable) -> object:
        return self.pool.submit(function).result(SECONDS)

    def current(self) -> object:
        return self.do(self.version.current)


@pytest.fixture
def elsewhere(transactional_db: None, tmp_path: Path) -> Iterator[Elsewhere]:
    place = tmp_path / "copy.sqlite3"
    if IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(place)])
    # Undone before the database in memory is flushed, which under another name would be closed, and lost.
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        if IS_SQLITE:
            patch.setitem(connections.settings["default"], "NAME", str(place))
        world = Elsewhere(pool, place)
        world.do(BasicGoal.objects.count)  # the first connection of all sets a mode in the file
        yield world
        world.do(world.version.close)
        world.do(connections.close_all)


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


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
    from django.apps import apps

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


if IS_SQLITE:

    class TestFile:
        def test_moved_away_and_back(self, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
            monkeypatch.setattr("plan_portal.foundation.content_version.SHORTEST_PAUSE", 0)
            monkeypatch.setattr("plan_portal.foundation.content_version.PAUSE_PER_SECOND_LOST", 0)
            before = elsewhere.current()
            away = elsewhere.place.rename(elsewhere.place.with_suffix(".away"))
            for _ in range(2):
                with pytest.raises(DatabaseError):
                    elsewhere.current()
            assert not elsewhere.place.exists(), "asking makes no file"
            away.rename(elsewhere.place)
            assert elsewhere.current() != before

        def test_replaced_by_a_backup(self, elsewhere: Elsewhere) -> None:
            """Django's own connection must not go on reading the file that was replaced."""
            backup = elsewhere.place.with_suffix(".backup")
            elsewhere.do(lambda: f.BasicGoalFactory(field="保存した時"))
            elsewhere.do(lambda: sql(f"VACUUM INTO '{backup}'"))
            elsewhere.do(lambda: BasicGoal.objects.update(field="そのあと"))
            before = elsewhere.current()
            backup.replace(elsewhere.place)
            assert elsewhere.current() != before
            assert elsewhere.do(lambda: BasicGoal.objects.get().field) == "保存した時"

        def test_no_database_at_all(self, elsewhere: Elsewhere) -> None:
            elsewhere.do(connections.close_all)
            elsewhere.place.write_bytes(b"no database" * 1000)
            with pytest.raises(DatabaseError):
                elsewhere.current()


if not IS_SQLITE:

    def test_no_writer_waits_for_another(elsewhere: Elsewhere) -> None:
        """Two transactions under way at once, the second commits first; both are seen, in either order, and leave one row."""
        seen = []
        elsewhere.do(lambda: [f.BasicGoalFactory(), f.SdgFactory()])
        parameters = connection.get_connection_params()
        with closing(psycopg2.connect(**parameters)) as slow, closing(psycopg2.connect(**parameters)) as quick:
            for writer, table, column in ((slow, TABLE, "field"), (quick, Sdg._meta.db_table, "name_en")):
                with writer.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '5s'")
                    cursor.execute(f"UPDATE {table} SET {column} = 'x'")  # noqa: S608
                seen.append(elsewhere.current())
            assert seen[0] == seen[1]
            for writer in (quick, slow):
                writer.commit()
                seen.append(elsewhere.current())
        assert len(set(seen)) == 3
        elsewhere.do(lambda: BasicGoal.objects.update(field="あ"))
        assert len(elsewhere.current()) == 1

    @pytest.mark.parametrize(
        "write",
        [
            lambda: Session.objects.create(session_key="x" * 32, session_data="", expire_date=now()),
            lambda: Draft.objects.all().delete(),
            lambda: f.UserFactory(),
        ],
    )
    def test_what_only_staff_see_makes_no_page_anew(elsewhere: Elsewhere, write: Callable) -> None:
        before = elsewhere.current()
        elsewhere.do(write)
        assert elsewhere.current() == before

    def test_a_connection_that_hangs_is_given_up(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("plan_portal.foundation.content_version.SECONDS_TO_ANSWER", 0.2)
        before = elsewhere.current()
        backend = elsewhere.version._database._connection.get_backend_pid()
        os.kill(backend, signal.SIGSTOP)
        try:
            assert elsewhere.current() == before
            assert elsewhere.version._database._connection.get_backend_pid() != backend
        finally:
            os.kill(backend, signal.SIGCONT)

    @pytest.mark.django_db
    def test_a_table_that_nobody_watches_is_reported() -> None:
        trigger = next(one for one in content_triggers(connection, {TABLE}))
        sql(trigger.drop("postgresql"))
        assert unguarded(connection) == [TABLE]
        usual = run_checks()
        assert [TABLE in warning.msg for warning in run_checks(databases=["default"]) if warning not in usual] == [True]
