"""All rows of a table as Python knows them, the same from either database, and their sum."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models

Row = tuple[Any, ...]
Fields = Sequence["models.Field[Any, Any]"]
AT_A_TIME = 200


def tables() -> list[type[models.Model]]:
    """Every table of the portal, with those between two, without the sessions."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model is not Session
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def stored_fields(model: type[models.Model]) -> Fields:
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def rows(model: type[models.Model], *, using: str) -> Iterator[Row]:
    """By primary key, a few at a time."""
    names = [field.attname for field in stored_fields(model)]
    found = model._base_manager.using(using).order_by("pk").values_list(*names)
    return iter(found.iterator(chunk_size=AT_A_TIME))


class Sum:
    """The sha256 of rows in their order."""

    def __init__(self) -> None:
        self.rows = 0
        self._hash = hashlib.sha256()

    def add(self, row: Row) -> None:
        self.rows += 1
        self._hash.update(json.dumps([_plain(value) for value in row], sort_keys=True).encode("ascii") + b"\n")

    @property
    def value(self) -> str:
        return self._hash.hexdigest()


def sum_of(model: type[models.Model], *, using: str) -> Sum:
    found = Sum()
    for row in rows(model, using=using):
        found.add(row)
    return found


def _plain(value: Any) -> Any:
    """As JSON tells it, so that 1, true, "1" and [1] stay four things."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return {"at": value.astimezone(UTC).isoformat(timespec="microseconds")}
        case date():
            return {"on": value.isoformat()}
        case bytes() | memoryview():
            return {"bytes": bytes(value).hex()}
        case dict() | list():
            return {"json": value}
        case _:
            return {type(value).__name__: str(value)}
