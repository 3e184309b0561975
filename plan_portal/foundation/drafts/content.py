"""What a draft says, beside what is public. Nothing here writes."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from plan_portal.foundation.history_entries import EMPTY, value_of
from plan_portal.foundation.models import Draft, DraftedModel
from plan_portal.foundation.text_diff import Kind, Piece, compare_whole

Values = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One field that a draft changes, in full. pieces: both texts in reading order."""

    name: str
    field: str
    before: str
    after: str
    official: bool
    pieces: tuple[Piece, ...] = ()

    @property
    def old(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind is not Kind.NEW]

    @property
    def new(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind is not Kind.GONE]


def fields_of(model: type[models.Model]) -> list[Any]:
    """The fields that staff write, in the order of the model."""
    return [field for field in model._meta.concrete_fields if field.editable and not field.primary_key]


def values_of(record: models.Model) -> Values:
    """By column name: fit for JSON, as the drafted models have texts, numbers and foreign keys only."""
    return {field.attname: getattr(record, field.attname) for field in fields_of(type(record))}


def with_values(record: DraftedModel, values: Mapping[str, Any]) -> DraftedModel:
    """A copy of the record with these values. Not saved."""
    changed = copy.copy(record)
    for name, value in values.items():
        setattr(changed, name, value)
    return changed


def model_of(draft: Draft) -> type[DraftedModel]:
    model = draft.content_type.model_class()
    if model is None or not issubclass(model, DraftedModel):
        raise LookupError(f"{draft.content_type} has no drafts")
    return model


def public_record(draft: Draft) -> DraftedModel | None:
    """The published record; None for one that is not published yet, or is gone."""
    found = None if draft.object_id is None else model_of(draft)._base_manager.filter(pk=draft.object_id).first()
    return found if isinstance(found, DraftedModel) else None


def changes_of(draft: Draft) -> Values:
    """The values that the draft changes: what else its record holds is taken from what is public at the time."""
    return {name: value for name, value in draft.values.items() if name not in draft.base or draft.base[name] != value}


def proposed(draft: Draft, record: DraftedModel | None = None) -> DraftedModel:
    """The record as it would be when published. Not saved. `record`: the published one, if it is known already."""
    return with_values(record or public_record(draft) or model_of(draft)(), changes_of(draft))


def differences(old: DraftedModel | None, new: DraftedModel) -> list[Difference]:
    """What differs, with names of choices and parents. Without an old one: all that the new one has."""
    return [
        _difference(field, old, new)
        for field in fields_of(type(new))
        if (
            value_of(new, field) != EMPTY if old is None else getattr(old, field.attname) != getattr(new, field.attname)
        )
    ]


def unchanged(new: DraftedModel, changed: Iterable[Difference]) -> list[tuple[str, str]]:
    """(name, value) of the other fields."""
    names = {difference.name for difference in changed}
    return [(str(f.verbose_name), value_of(new, f)) for f in fields_of(type(new)) if f.name not in names]


def needs_reason(draft: Draft, record: DraftedModel | None) -> bool:
    """Whether it changes wording of the printed plan, adds a record or takes one away."""
    if draft.removes or record is None:
        return True
    return any(difference.official for difference in differences(record, proposed(draft, record)))


def _difference(field: Any, old: DraftedModel | None, new: DraftedModel) -> Difference:
    before, after = EMPTY if old is None else value_of(old, field), value_of(new, field)
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    whole = (Piece(Kind.GONE, before), Piece(Kind.NEW, after))
    return Difference(
        name=field.name,
        field=str(field.verbose_name),
        before=before,
        after=after,
        official=field.name in new.OFFICIAL,
        pieces=tuple(compare_whole(before, after)) if is_text and EMPTY not in (before, after) else whole,
    )
