"""manage.py move_database: from SQLite to PostgreSQL, row by row the same, or not at all."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from goals.models import Plan
from initiatives.models import Initiative
from kizuna.models import LinkageStep
from plan_portal.foundation.models import Draft
from plan_portal.foundation.triggers import unguarded
from plan_portal.operations import moving, release, sqlite_files
from plan_portal.operations.refusal import OperationRefusedError
from plan_portal.operations.table_rows import Sum, tables
from sdgs.models import SdgIcon
from tests.factories import DraftFactory
from tests.plan_portal.operations.conftest import SQLITE, Portal, connected, fill

postgresql = pytest.mark.only_on("postgresql")


@pytest.fixture(scope="session")
def embedded_once(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> tuple[Path, dict[str, str]]:
    """A portal in use on SQLite whose last draft was thrown away, and the sums of its tables."""
    place = tmp_path_factory.mktemp("embedded")
    path, copy = place / "live.sqlite3", place / "copy.sqlite3"
    with django_db_blocker.unblock(), connected({**SQLITE, "NAME": str(path)}):
        call_command("migrate", verbosity=0, interactive=False)
        fill()
        draft_of_the_plan().delete()
        sums = Portal(place, {}).sums
        sqlite_files.copy(path, copy)
    return copy, sums


@pytest.fixture
def source(embedded_once: tuple[Path, dict[str, str]], tmp_path: Path) -> Path:
    return Path(shutil.copy(embedded_once[0], tmp_path / "old.sqlite3"))


def draft_of_the_plan() -> Draft:
    return DraftFactory(record=Initiative.objects.order_by("pk").first())


def change(source: Path, *statements: str) -> None:
    with closing(sqlite3.connect(source)) as database, database:
        for statement in statements:
            database.execute(statement)


def refusal(source: Path, portal: Portal) -> str:
    """Why it was not moved; and then there is not one row of it."""
    with pytest.raises(OperationRefusedError) as refused:
        moving.move(source, say=portal.say)
    assert not release.has_content(connection)
    assert "moved_from" not in connections.settings
    assert [path for path in portal.var.iterdir() if path.name.startswith("move-")] == []
    return str(refused.value)


@postgresql
def test_every_table_is_the_same(
    empty_portal: Portal, source: Path, embedded_once: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids, histories, bytes, JSON and times: few at a time, as a large database is moved."""
    monkeypatch.setattr(moving, "AT_A_TIME", 7)
    before = source.read_bytes()
    moving.move(source, say=empty_portal.say)
    assert empty_portal.sums == embedded_once[1]
    assert sum(words.startswith("同じ") for words in empty_portal.said) == len(tables())
    assert any(embedded_once[1]["kizuna_linkagestep"] in words for words in empty_portal.said)
    assert SdgIcon.objects.count() > 0
    assert source.read_bytes() == before


@postgresql
def test_what_comes_next_is_as_it_would_have_been(unused_portal: Portal, source: Path) -> None:
    """The number of a draft that was thrown away is not given again: its steps still tell of it."""
    moving.move(source, say=unused_portal.say)
    with closing(sqlite3.connect(source)) as database:
        (last,) = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'foundation_draft'").fetchone()
    assert not Draft.objects.filter(pk=last).exists()
    assert draft_of_the_plan().pk == last + 1
    assert unguarded(connection) == []
    with pytest.raises(DatabaseError, match="変更の記録は"), transaction.atomic():
        LinkageStep.objects.all().delete()


@postgresql
def test_a_portal_that_still_has_its_log_of_changes(unused_portal: Portal, source: Path) -> None:
    """What SQLite has not yet written into the file itself is moved, too."""
    with closing(sqlite3.connect(source)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("UPDATE goals_plan SET name = 'さっき変わった計画'")
        writer.commit()
        moving.move(source, say=unused_portal.say)
    assert set(Plan.objects.values_list("name", flat=True)) == {"さっき変わった計画"}


@postgresql
def test_a_difference_takes_everything_back(
    unused_portal: Portal, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = moving._insert

    def mistaken(model: Any, batch: list[Any]) -> None:
        insert(model, batch[:-1] if model is LinkageStep else batch)

    monkeypatch.setattr(moving, "_insert", mistaken)
    assert "移したあとの中身が違います：kizuna_linkagestep。" in refusal(source, unused_portal)
    assert any(words.startswith("違う  kizuna_linkagestep") for words in unused_portal.said)


@postgresql
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE auth_user SET username = hex(zeroblob(200)) WHERE username = 'hanako'", "表 auth_user の"),
        ("UPDATE goals_plansection SET body = 'あ' || char(0) WHERE id = 1", "表 goals_plansection の"),
        ("CREATE TABLE photos (id)", "移し方の分からない表があります：photos。"),
        ("INSERT INTO django_migrations (app, name, applied) VALUES ('goals', '9999', '')", "もっと新しい版"),
        ("DROP TABLE django_migrations", "このポータルのデータベースではない"),
    ],
)
def test_what_postgresql_does_not_take(unused_portal: Portal, source: Path, statement: str, words: str) -> None:
    change(source, statement)
    assert words in refusal(source, unused_portal)


@postgresql
def test_an_older_release_is_brought_up_on_the_way(unused_portal: Portal, source: Path) -> None:
    change(
        source,
        "DROP TABLE plan_portal_sentdigest",
        "DELETE FROM django_migrations WHERE app = 'plan_portal' AND name = '0002_sent_digest'",
    )
    moving.move(source, say=unused_portal.say)
    assert Plan.objects.exists()


@postgresql
def test_a_database_with_content_is_left_alone(portal: Portal, source: Path) -> None:
    before = portal.sums
    with pytest.raises(OperationRefusedError, match="もう中身があります。空のデータベースを作って"):
        moving.move(source, say=portal.say)
    assert portal.sums == before


@postgresql
def test_a_database_of_another_program_is_left_alone(empty_portal: Portal, source: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE photos (id int)")
    assert "もう中身があります" in refusal(source, empty_portal)
    assert connection.introspection.table_names() == ["photos"]


@postgresql
def test_the_command(unused_portal: Portal, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="移していません。元のデータベースは、そのままです。"):
        call_command("move_database", unused_portal.var / "none")
    call_command("move_database", source)
    said = capsys.readouterr().out
    assert "どの表も元と同じです。" in said
    assert "この DATABASE_URL を付けて、ポータルを始めてください。" in said


@pytest.mark.only_on("sqlite")
def test_there_must_be_a_postgresql_to_move_to(portal: Portal, filled: Path) -> None:
    before = portal.sums
    with pytest.raises(OperationRefusedError, match="DATABASE_URL=postgres://"):
        moving.move(filled, say=portal.say)
    assert portal.sums == before


@pytest.mark.parametrize(
    "values",
    [
        (1, True, "1", [1], {"1": 1}, None, "", 1.0),
        (datetime(2026, 4, 1, tzinfo=UTC), "2026-04-01T00:00:00+00:00", date(2026, 4, 1), b"2026-04-01"),
        ("ab", "a", b"a", ["a"], "['a']"),
    ],
)
def test_values_that_differ_have_sums_that_differ(values: tuple[Any, ...]) -> None:
    def value(*rows: tuple[Any, ...]) -> str:
        found = Sum()
        for row in rows:
            found.add(row)
        return found.value

    assert len({value((one,)) for one in values}) == len(values)
    assert value((values[0], values[1])) != value((values[0],), (values[1],))


def test_sums_do_not_depend_on_how_a_database_keeps_a_value() -> None:
    def value(one: Any) -> str:
        found = Sum()
        found.add((one,))
        return found.value

    tokyo = datetime.fromisoformat("2026-04-01T09:00:00.5+09:00")
    assert value(tokyo) == value(datetime(2026, 4, 1, 0, 0, 0, 500_000, tzinfo=UTC))
    assert value({"b": 1, "a": 2}) == value({"a": 2, "b": 1})
    assert value(b"x") == value(memoryview(b"x"))


def test_every_table_is_moved_or_known_to_stay(portal: Portal) -> None:
    moved = {model._meta.db_table for model in tables()}
    there = set(connection.introspection.table_names())
    assert there - moved <= moving._NOT_MOVED | {"portal_content_version"}
    assert moved <= there


def test_the_source_must_be_a_database(unused_portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    (unused_portal.var / "words").write_text("これはデータベースではありません。", encoding="utf-8")
    monkeypatch.setattr(moving, "connection", type("", (), {"vendor": "postgresql"}))
    for name in ("words", "none"):
        with pytest.raises(OperationRefusedError, match="SQLite のデータベースではありません。"):
            moving.move(unused_portal.var / name, say=unused_portal.say)
