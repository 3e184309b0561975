"""A portal of its own beside the database of the tests: a real file, or a database of the same PostgreSQL."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import environ
import psycopg2
import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, connections

from plan_portal.content import load_plan, load_sample
from plan_portal.operations import postgresql_files, sqlite_files
from plan_portal.operations.table_rows import sum_of, tables
from tests.factories import DraftStepFactory, SdgIconFactory, UserFactory
from tests.portal_process import ROOT, clean_environment, own_database

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;"},
}


class Portal:
    """The default connection leads here. `backups` is where they go, `said` what was told, `environment` for a process."""

    def __init__(self, var: Path, environment: dict[str, str]) -> None:
        self.var, self.backups, self.environment = var, var / "backups", {"PORTAL_VAR": str(var), **environment}
        self.said: list[str] = []

    def say(self, words: str) -> None:
        self.said.append(words)

    def manage(self, *arguments: str, largest_file: int) -> subprocess.CompletedProcess[str]:
        """In a process of its own, in which no file grows beyond so many bytes, as when the disk is full."""
        return subprocess.run(  # noqa: S603
            [
                "/bin/sh",
                "-c",
                f'ulimit -f {largest_file // 512}; exec "$@"',
                "sh",
                sys.executable,
                "manage.py",
                *arguments,
            ],
            cwd=ROOT,
            env=clean_environment(SECRET_KEY="x", **self.environment),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    @property
    def sums(self) -> dict[str, str]:
        return {model._meta.db_table: sum_of(model, using="default").value for model in tables()}


@contextmanager
def connected(database: dict[str, Any]) -> Iterator[None]:
    """The default connection is to another database until the block ends."""
    before, known = connections["default"], connections.settings["default"]
    connections.settings["default"] = {**known, **database}
    connections["default"] = connections.create_connection("default")
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"], connections.settings["default"] = before, known
        ContentType.objects.clear_cache()


@contextmanager
def another_database(place: Path) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Empty: as Django wants to be told of it, and for the environment of a process."""
    with own_database() as made:
        if made:
            yield {**environ.Env.db_url_config(made["DATABASE_URL"]), "OPTIONS": {"connect_timeout": 2}}, made
        else:
            yield {**SQLITE, "NAME": str(place / "portal.sqlite3")}, {}


def fill() -> None:
    """The plan, the 見本, and rows of every kind that a database holds: bytes, JSON, times, a session."""
    load_plan()
    load_sample()
    UserFactory(username="hanako")
    SdgIconFactory()
    DraftStepFactory()
    SessionStore().save()


def poured(path: Path) -> None:
    if connection.vendor == "sqlite":
        sqlite_files.pour(path, Path(connection.settings_dict["NAME"]))
    else:
        postgresql_files.pour(path, connection)


def copied(path: Path) -> Path:
    path.touch()
    if connection.vendor == "sqlite":
        sqlite_files.copy(Path(connection.settings_dict["NAME"]), path)
    else:
        postgresql_files.copy(connection, path)
    return path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> tuple[Path, Path]:
    """A portal that nobody has used, and one in use, as files that this run's database can be filled from."""
    place = tmp_path_factory.mktemp("made")
    with django_db_blocker.unblock(), another_database(place) as (database, _), connected(database):
        call_command("migrate", verbosity=0, interactive=False)
        unused = copied(place / "unused")
        fill()
        return unused, copied(place / "filled")


@pytest.fixture
def filled(made: tuple[Path, Path]) -> Path:
    return made[1]


@pytest.fixture
def empty_portal(tmp_path: Path, settings: Any, django_db_blocker: Any) -> Iterator[Portal]:
    """Not even migrated."""
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    with django_db_blocker.unblock(), another_database(tmp_path) as (database, environment), connected(database):
        yield Portal(tmp_path, environment)


@pytest.fixture
def unused_portal(empty_portal: Portal, made: tuple[Path, Path]) -> Portal:
    poured(made[0])
    return empty_portal


@pytest.fixture
def portal(empty_portal: Portal, filled: Path) -> Portal:
    poured(filled)
    return empty_portal


@pytest.fixture
def second_connection(empty_portal: Portal) -> Iterator[Any]:
    """Of another program to the same database. It commits when it is told to."""
    if connection.vendor == "sqlite":
        other: Any = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
    else:
        other = psycopg2.connect(**connection.get_connection_params())
    with closing(other):
        yield other
