"""Queries whose SQL never changes, made into SQL once a process instead of once a page.

Building and compiling a query set costs Django several times what the database takes to answer it (docs/decisions.md).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from plan_portal.foundation.replica import read_alias

_PARAMETER = -987_654_321


class CompiledQuery:
    """A `values_list` query that differs from call to call only in one number, such as the key of a plan.

    Values come as the database's driver gives them: select numbers and text, and bool() what is a truth value.
    """

    def __init__(self, build: Callable[[int], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._sql = lru_cache(maxsize=4)(self._compile)

    def rows(self, parameter: int) -> list[tuple[Any, ...]]:
        """Ask the database, with `parameter` wherever the query set was built with it."""
        connection = connections[read_alias()]
        sql, params = self._sql(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [parameter if value == _PARAMETER else value for value in params])
            return [tuple(row) for row in cursor.fetchall()]

    def _compile(self, _vendor: str) -> tuple[str, tuple[Any, ...]]:
        sql, params = self._build(_PARAMETER).query.sql_with_params()
        return str(sql), tuple(params)
