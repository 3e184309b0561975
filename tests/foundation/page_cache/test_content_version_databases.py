"""What each of the two databases has of its own: a file that may be replaced, a server with many writers."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import closing

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.db import DatabaseError, connection, connections
from django.utils.timezone import now

from goals.models import BasicGoal
from plan_portal.foundation.content_triggers import content_triggers
from plan_portal.foundation.models import Draft
from plan_portal.foundation.triggers import unguarded
from sdgs.models import Sdg
from tests import factories as f
from tests.foundation.page_cache.elsewhere import IS_SQLITE, TABLE, Elsewhere, sql

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
