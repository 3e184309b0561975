"""Puts the printed plan into the database, once and without ever overwriting what people did since.

A row is known again by its natural key. What is missing is added, what is there is only compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from goals.models import Plan
from plan_portal.content.errors import ContentError, in_one_line
from plan_portal.content.plan_files import Entry, read_entries

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAN_FIXTURES = Path(settings.BASE_DIR) / "fixtures" / "plan"
REASON = "計画書（第４章）から登録"


@dataclass
class PlanReport:
    """What `load_plan` found and did.

    had_plan: some of the plan was there before. skipped: nothing was read, because the portal is in use.
    """

    added: list[models.Model] = field(default_factory=list)
    unchanged: list[models.Model] = field(default_factory=list)
    edited: list[models.Model] = field(default_factory=list)
    had_plan: bool = False
    skipped: bool = False

    def lines(self) -> Iterable[str]:
        """The report in Japanese: a line per model, then names."""
        if self.skipped:
            yield "計画はもう登録されています。何も変えていません。"
            return
        kinds = dict.fromkeys(str(row._meta.verbose_name) for row in (*self.added, *self.unchanged, *self.edited))
        for kind in kinds:
            counts = (_count(rows, kind) for rows in (self.added, self.unchanged, self.edited))
            yield "{}：追加 {}件、変わりなし {}件、手を加えてあるもの {}件".format(kind, *counts)
        if self.edited:
            yield "次の記録は、手を加えてあるので、そのままにしました。"
            yield from _names(self.edited)
        if self.had_plan and self.added:
            yield "次の記録は、なかったので追加しました（前に消したものも、もう一度入っています）。"
            yield from _names(self.added)


@transaction.atomic
def load_plan(*, source: Path = PLAN_FIXTURES, if_empty: bool = False) -> PlanReport:
    """Load the plan in `source` (a .json file, or a folder of them, read in order of name).

    if_empty: do nothing when a plan is in the portal, or ever was. Without it, rows that staff deleted come back.
    Raises ContentError, with nothing written, when a file cannot be read or a record is refused.
    """
    if if_empty and (Plan.objects.exists() or Plan.history.exists()):
        return PlanReport(skipped=True)
    report = PlanReport(had_plan=Plan.objects.exists())
    for entry in read_entries(source):
        _load(entry, report)
    return report


def _load(entry: Entry, report: PlanReport) -> None:
    wanted = entry.build()
    if wanted in (*report.added, *report.unchanged, *report.edited):
        raise ContentError(f"{entry.place}「{wanted}」は、前にも書いてあります。どちらかを消してください。")
    if wanted.pk is None:
        _add(entry, wanted)
        report.added.append(wanted)
        return
    present = type(wanted)._default_manager.get(pk=wanted.pk)
    same = all(
        getattr(present, attname) == getattr(wanted, attname) for attname in (f.attname for f in entry.stated_fields())
    )
    (report.unchanged if same else report.edited).append(present)


def _add(entry: Entry, row: models.Model) -> None:
    try:
        row.full_clean()
        row._change_reason = REASON  # type: ignore[attr-defined]
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise ContentError(f"{entry.place}「{row}」を登録できません。{in_one_line(error)}") from error
    except IntegrityError as error:
        raise ContentError(f"{entry.place}「{row}」を、データベースが受け付けませんでした。{error}") from error


def _count(rows: list[models.Model], kind: str) -> int:
    return sum(str(row._meta.verbose_name) == kind for row in rows)


def _names(rows: Iterable[models.Model]) -> Iterable[str]:
    return (f"  ・{row._meta.verbose_name}「{row}」" for row in rows)
