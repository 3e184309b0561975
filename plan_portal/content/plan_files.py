"""Reads content files: Django's serialization format with natural keys, and nothing but the plan's own models."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.core.serializers.base import DeserializationError
from django.core.serializers.python import Deserializer

from plan_portal.content.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.db import models

LOADABLE = (
    "goals.plan",
    "goals.plansection",
    "goals.basicgoal",
    "initiatives.initiative",
    "sdgs.sdg",
    "sdgs.plansdg",
    "kizuna.kizunaplan",
    "kizuna.kizunagoal",
    "kizuna.kizunaitem",
    "foundation.reading",
)


@dataclass(frozen=True)
class Entry:
    """One record of a file. place: where it stands, for messages."""

    place: str
    model: type[models.Model]
    fields: dict[str, Any]

    def stated_fields(self) -> list[models.Field[Any, Any]]:
        """The fields that the file speaks about; of all others it says nothing."""
        return [f for f in self.model._meta.concrete_fields if f.name in self.fields]

    def build(self) -> models.Model:
        """The record as an unsaved row; its pk is set when the database has a row of the same natural key."""
        record = {"model": self.model._meta.label_lower, "fields": self.fields}
        try:
            (found,) = Deserializer([record])
        except FieldDoesNotExist as error:
            raise ContentError(f"{self.place}：知らない項目があります。{error}") from error
        except (DeserializationError, ObjectDoesNotExist) as error:
            raise ContentError(
                f"{self.place}を読めません。値の形と、指している記録（計画や基本目標）が前にあるかを見てください。{error}"
            ) from error
        row: models.Model = found.object
        return row


def read_entries(source: Path) -> Iterator[Entry]:
    """All records of a .json file, or of the .json files of a folder in order of name."""
    files = sorted(source.glob("*.json")) if source.is_dir() else [source]
    if not files:
        raise ContentError(f"{source} に .json のファイルがありません。")
    for file in files:
        for position, record in enumerate(_records(file), start=1):
            yield _entry(f"{file.name} の{position}番目の記録", record)


def _records(file: Path) -> list[Any]:
    try:
        records = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ContentError(f"{file} を開けません。場所と名前を確かめてください。") from error
    except UnicodeDecodeError as error:
        raise ContentError(f"{file.name} の文字を読めません。UTF-8 で保存してください。") from error
    except json.JSONDecodeError as error:
        raise ContentError(
            f"{file.name} を読めません。{error.lineno}行目の{error.colno}文字目あたりで、JSON の形がくずれています。"
        ) from error
    if not isinstance(records, list):
        raise ContentError(f"{file.name} は、記録のならび（[ … ]）ではありません。")
    return records


def _entry(place: str, record: Any) -> Entry:
    if (
        not isinstance(record, dict)
        or not isinstance(record.get("fields"), dict)
        or {"pk", "id"} & {*record, *record["fields"]}
    ):
        raise ContentError(f"{place}：model と fields だけを書いてください（pk は書きません）。")
    if record.get("model") not in LOADABLE:
        raise ContentError(f"{place}：「{record.get('model')}」は、計画の記録として読み込めません。")
    return Entry(place, apps.get_model(record["model"]), record["fields"])
