"""The database, written to and asked from a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.db import connection

from goals.models import BasicGoal
from plan_portal.foundation.content_version import ContentVersion

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


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
