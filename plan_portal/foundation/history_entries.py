"""Historical records put into words: one entry a change, with the fields before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.functions import Lag

from plan_portal.foundation.fiscal_years import FiscalYearField, label
from plan_portal.foundation.organisations import Organisation
from plan_portal.foundation.text_diff import Piece, compare, shorten

EMPTY = "（空）"
NO_ACCOUNT = "（削除された利用者）"
KINDS = {"+": "新しく登録", "~": "変更", "-": "削除"}
MAX_CHILD_RECORDS = 100


@dataclass(frozen=True)
class Change:
    """One field. Texts that were given before and after have `pieces`, everything else only the two values."""

    field: str
    before: str
    after: str
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class Entry:
    """organisation: for which the person acted; None for the system, the administrator, and before it was kept."""

    record: Any
    kind: str
    who: str
    organisation: Organisation | None
    reason: str
    changes: Sequence[Change]
    name: str = ""


@dataclass(frozen=True)
class FieldRow:
    """One field of an old version beside today's value."""

    field: str
    then: str
    now: str

    @property
    def differs(self) -> bool:
        return self.then != self.now


def with_related(records: Any) -> Any:
    """Join the records that foreign keys point to, so that naming them asks nothing more."""
    relations = [field.name for field in records.model.tracked_fields if field.is_relation]
    return records.select_related(*relations) if relations else records


def entries(records: Sequence[Any]) -> list[Entry]:
    """For records newest first; each is compared with the one after it."""
    names = _names(records)
    previous: list[Any] = [*records[1:], None]
    return [_entry(record, older, names) for record, older in zip(records, previous, strict=True)]


def child_entries(model: type[models.Model], parent: str, parent_id: Any) -> list[Entry]:
    """The newest records of the children of one parent: each with the names of what it joins, or else with its fields."""
    history = with_related(model.history.filter(**{parent: parent_id}))  # type: ignore[attr-defined]
    before = models.Window(Lag("history_id"), partition_by="id", order_by=["history_date", "history_id"])
    newest_first = history.annotate(before_id=before).order_by("-history_date", "-history_id")
    records = list(newest_first[:MAX_CHILD_RECORDS])
    older = history.in_bulk([record.before_id for record in records if record.before_id is not None])
    names = _names(records)
    own = [field for field in history.model.tracked_fields if not field.primary_key and field.name != parent]
    joined = [field for field in own if field.is_relation]
    return [
        _entry(
            record,
            older.get(record.before_id),
            names,
            name=" と ".join(value_of(record, field) for field in joined)
            or "、".join(f"{field.verbose_name}：{value_of(record, field)}" for field in own),
        )
        for record in records
    ]


def field_rows(record: Any, live: Any) -> list[FieldRow]:
    """The fields as they were in `record` and as they are now (empty when the object is gone).

    Fields that no form shows are among them once they say something: the state and text of a 連携 change by what both
    organisations say.
    """
    versions = [record] if live is None else [record, live]
    return [
        FieldRow(str(field.verbose_name), value_of(record, field), "" if live is None else value_of(live, field))
        for field in record.tracked_fields
        if not field.primary_key and (field.editable or any(_says_something(one, field) for one in versions))
    ]


def _says_something(record: Any, field: Any) -> bool:
    return bool(getattr(record, field.attname) != field.get_default())


def value_of(record: Any, field: Any) -> str:
    """A value as a person writes it. Never raises: what a foreign key pointed to may be gone."""
    raw = getattr(record, field.attname)
    if raw is None or raw == "":
        return EMPTY
    if field.is_relation:
        try:
            related = getattr(record, field.name)
            return "（消された記録）" if related is None else str(related)
        except ObjectDoesNotExist:
            return "（消された記録）"
    if field.choices:
        return str(dict(field.flatchoices).get(raw, raw))
    if isinstance(field, FiscalYearField):
        return label(raw)
    if isinstance(raw, date):
        return f"{raw.year}年{raw.month}月{raw.day}日"
    if isinstance(field, models.BooleanField):
        return "はい" if raw else "いいえ"
    return str(raw)


def name_of(instance: models.Model) -> str:
    """str(), also for a record whose parent is gone."""
    try:
        return str(instance)
    except ObjectDoesNotExist:
        return f"消された{instance._meta.verbose_name}（{instance.pk or '新しい記録'}）"


def person(user: Any) -> str:
    """Family name first; the login name when no name is given."""
    return f"{user.last_name} {user.first_name}".strip() or str(user.get_username())


def people(ids: Iterable[int | None]) -> dict[int | None, str]:
    """Names by the id of the account; None and accounts that are not there have none. One query."""
    users = get_user_model()._default_manager.in_bulk({user_id for user_id in ids if user_id is not None})
    return {user_id: person(user) for user_id, user in users.items()}


def _entry(record: Any, older: Any, names: dict[int | None, str], *, name: str = "") -> Entry:
    organisation = record.history_organisation
    return Entry(
        record=record,
        kind=KINDS.get(record.history_type, record.history_type),
        who="（システム）" if record.history_user_id is None else names.get(record.history_user_id, NO_ACCOUNT),
        organisation=Organisation(organisation) if organisation else None,
        reason=record.history_change_reason or "",
        changes=() if older is None or record.history_type != "~" else _changes(older, record),
        name=name,
    )


def _changes(older: Any, newer: Any) -> list[Change]:
    return [
        _change(field, older, newer)
        for field in newer.tracked_fields
        if not field.primary_key and getattr(older, field.attname) != getattr(newer, field.attname)
    ]


def _change(field: Any, older: Any, newer: Any) -> Change:
    before, after = value_of(older, field), value_of(newer, field)
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    pieces = compare(before, after) if is_text and EMPTY not in (before, after) else ()
    return Change(str(field.verbose_name), shorten(before), shorten(after), pieces)


def _names(records: Iterable[Any]) -> dict[int | None, str]:
    return people(record.history_user_id for record in records)
