"""Two people at one record: which version of it a person saw, who saved since, and how the words of both are told apart.

The version of a record is the id of its newest historical record, 0 without any: the history is append-only, so it needs no
column, and what the person saw is that historical record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime

from plan_portal.foundation.history_entries import entries, with_related
from plan_portal.foundation.organisations import Organisation

MOST_SAVES = 20


@dataclass(frozen=True)
class Save:
    """Somebody saved a record. `fields`: the names of the fields that changed by it."""

    user_id: int | None
    person: str
    organisation: str
    at: datetime
    fields: Sequence[str] = ()

    @property
    def organisation_word(self) -> str:
        return Organisation(self.organisation).label if self.organisation else ""

    def __str__(self) -> str:
        """市 見本 次郎さんが11月23日 10:20に保存しました（変わった欄：題、本文）"""
        who = f"{self.organisation_word} {self.person}".strip()
        what = f"（変わった欄：{'、'.join(self.fields)}）" if self.fields else ""
        return f"{who}さんが{date_format(localtime(self.at), 'n月j日 H:i')}に保存しました{what}"


class ChangedMeanwhileError(Exception):
    """Somebody saved the record after the version that a person saw. `saves`: newest first."""

    def __init__(self, saves: Sequence[Save]) -> None:
        what = f"、{saves[0]}。" if saves else "に、この記録は変わりました。"
        super().__init__(f"あなたがこの画面を開いたあと{what}")
        self.saves = saves


class Verdict(StrEnum):
    """What became of one field, since a person opened it."""

    SAME = "same"  # what both want is the same
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"  # only a person can tell


def judge(base: str | None, theirs: str, mine: str) -> Verdict:
    """base: what stood there when `mine` was begun; None when that is not known."""
    if theirs == mine:
        return Verdict.SAME
    if base is not None and mine == base:
        return Verdict.THEIRS
    if base is not None and theirs == base:
        return Verdict.MINE
    return Verdict.BOTH


def lock(model: type[models.Model], pk: Any) -> None:
    """Hold the row until the transaction ends. SQLite, where writers wait for each other anyway, needs no lock."""
    model._base_manager.select_for_update().filter(pk=pk).values_list("pk", flat=True).first()


def edit_version(record: models.Model) -> int:
    newest: int | None = _history(record).values_list("history_id", flat=True).first()
    return newest or 0


def check_version(record: models.Model, version: int) -> None:
    """Lock the record and raise ChangedMeanwhileError if it has another version: for whoever is about to write it.

    In a transaction only. Every writer that shows a person what it will do (a revert, a deletion, each row of an import)
    keeps the version that was shown.
    """
    lock(type(record), record.pk)
    if edit_version(record) != version:
        raise ChangedMeanwhileError(saves_since(record, version))


def values_at(record: models.Model, version: int) -> Mapping[str, Any] | None:
    """The values that the record had in that version, by field; None if it never had it."""
    then = _history(record).filter(history_id=version).first()
    return None if then is None else values_of(then, type(record))


def values_of(row: Any, model: Any) -> Mapping[str, Any]:
    """The tracked values of a record of `model` or of one of its historical records; a foreign key gives its id."""
    return {field.name: getattr(row, field.attname) for field in model.history.model.tracked_fields}


def rows_version(model: Any, parent_column: str, parent_pk: Any) -> int:
    """The same for all rows of an inline together."""
    rows = model.history.filter(**{parent_column: parent_pk}).order_by("-history_id")
    newest: int | None = rows.values_list("history_id", flat=True).first()
    return newest or 0


def rows_at(model: Any, parent_column: str, parent_pk: Any, version: int) -> dict[str, Mapping[str, Any]]:
    """The rows of an inline as they were in that version: id → values."""
    until = model.history.filter(**{parent_column: parent_pk}, history_id__lte=version).order_by()
    newest = until.values("id").annotate(newest=models.Max("history_id")).values("newest")
    rows = model.history.filter(history_id__in=newest).exclude(history_type="-").order_by("history_id")
    return {str(row.id): values_of(row, model) for row in rows}


def saves_since(record: models.Model, version: int) -> list[Save]:
    """Newest first; the newest of all when the version is not known."""
    records = list(with_related(_history(record))[:MOST_SAVES])
    newer = [row for row in records if row.history_id > version] if version else records[:1]
    return [
        Save(
            row.history_user_id,
            entry.who,
            row.history_organisation,
            row.history_date,
            [change.field for change in entry.changes],
        )
        for row, entry in zip(newer, entries(records), strict=False)
    ]


def _history(record: models.Model) -> Any:
    return type(record).history.filter(id=record.pk).order_by("-history_id")  # type: ignore[attr-defined]
