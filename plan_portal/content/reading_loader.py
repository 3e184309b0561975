"""Puts the shipped 読みの辞書 into the database: the words of the plan, of the portal itself and of daily life."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from plan_portal.content.errors import ContentError, in_one_line
from plan_portal.content.plan_files import read_entries
from plan_portal.foundation.models import Reading

READINGS_FILE = Path(settings.BASE_DIR) / "fixtures" / "readings.json"
REASON = "はじめから入っている読み"


@transaction.atomic
def load_readings(*, source: Path = READINGS_FILE, if_empty: bool = False) -> int:
    """Add the words that are missing, and change none; how many were added.

    if_empty: do nothing when there are words, or ever were: what staff deleted does not come back.
    Raises ContentError, with nothing written, for a file or record that cannot be used.
    """
    if if_empty and (Reading.objects.exists() or Reading.history.exists()):
        return 0
    known = set(Reading.objects.order_by("word").values_list("word", flat=True))
    missing: list[Reading] = []
    for entry in read_entries(source):
        reading = entry.build()
        if not isinstance(reading, Reading):
            raise ContentError(f"{entry.place}：読みの辞書の記録ではありません。")
        if reading.word in known:
            continue
        try:
            reading.full_clean(validate_unique=False)
        except ValidationError as error:
            raise ContentError(f"{entry.place}「{reading}」を登録できません。{in_one_line(error)}") from error
        known.add(reading.word)
        missing.append(reading)
    bulk_create_with_history(missing, Reading, batch_size=200, default_change_reason=REASON)
    return len(missing)
