"""Puts 見本 beside the plan: 担当, reasons for SDGs and linkages that show how the portal works.

Every 見本 row has `is_sample` and says 見本 in its text; a real row is never changed, except that an initiative without a
担当 gets a 見本 one, until `clear_sample`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Department, Initiative
from kizuna.actions import place_sample
from kizuna.linkage_content import LinkageContent
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage, LinkagePair
from plan_portal.content.errors import ContentError, in_one_line
from plan_portal.content.sample_files import Sample, SampleLinkage
from sdgs.models import GoalSdgLink, PlanSdg, Sdg

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE_FILE = Path(settings.BASE_DIR) / "fixtures" / "sample.json"
REASON = "見本の読み込み"
Row = TypeVar("Row", bound=models.Model)

PLAN_MODELS: tuple[Any, ...] = (
    *(Plan, PlanSection, BasicGoal, Initiative),
    *(Sdg, PlanSdg, KizunaPlan, KizunaGoal, KizunaItem),
)
SAMPLE_MODELS: tuple[Any, ...] = (Department, GoalSdgLink, Linkage)


@dataclass
class SampleReport:
    """What `load_sample` did. added, kept: per Japanese name of the model; kept is what was there already, 見本 or real."""

    added: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    assigned: int = 0
    skipped: bool = False

    def lines(self) -> Iterator[str]:
        if self.skipped:
            yield "見本は読み込みませんでした。ポータルは、もう使われはじめています。"
            return
        for kind in dict.fromkeys((*self.added, *self.kept)):
            yield f"{kind}：見本を追加 {self.added[kind]}件、もうあるのでそのまま {self.kept[kind]}件"
        yield f"見本の担当を付けた取組：{self.assigned}件"


@transaction.atomic
def load_sample(*, source: Path = SAMPLE_FILE, if_empty: bool = False) -> SampleReport:
    """Add the 見本 of `source` to the plan that it names.

    if_empty: do nothing once somebody has worked in the portal, or a 担当, SDG link or linkage is there or ever was:
    what `clear_sample` removed does not come back at the next start.
    Raises ContentError, with nothing written, when the plan is missing or the file cannot be used.
    """
    if if_empty and _in_use():
        return SampleReport(skipped=True)
    sample = Sample.read(source)
    plan = Plan.objects.filter(municipality=sample.municipality, ordinal=sample.ordinal).first()
    if plan is None:
        raise ContentError(
            f"{sample.municipality}の第{sample.ordinal}期の計画がありません。先に manage.py load_plan を動かしてください。"
        )
    report = SampleReport()
    _add_departments(plan, sample, report)
    _add_sdg_links(plan, sample, report)
    for linkage in sample.linkages:
        _add_linkage(plan, linkage, report)
    return report


def _in_use() -> bool:
    return any(model.objects.exists() or model.history.exists() for model in SAMPLE_MODELS) or any(
        model.history.filter(history_user_id__isnull=False).exists() for model in PLAN_MODELS
    )


def _add_departments(plan: Plan, sample: Sample, report: SampleReport) -> None:
    for wanted in sample.departments:
        row = Department(name=wanted.name, email=wanted.email, is_sample=True)
        present = Department.objects.filter(name=wanted.name, valid_from=None).first()
        row = _add_unless(present, row, report)
        if not row.is_sample:
            continue
        for initiative in Initiative.objects.for_plan(plan).with_goal().filter(department=None).in_plan_order():
            if (initiative.goal.number, initiative.number) in wanted.initiatives:
                initiative.department = row
                initiative._change_reason = REASON  # type: ignore[attr-defined]
                initiative.save(update_fields=["department"])
                report.assigned += 1


def _add_sdg_links(plan: Plan, sample: Sample, report: SampleReport) -> None:
    for wanted in sample.sdg_links:
        goal = BasicGoal.objects.for_plan(plan).filter(number=wanted.goal).first()
        sdg = Sdg.objects.filter(number=wanted.sdg).first()
        if goal and sdg:
            present = GoalSdgLink.objects.filter(goal=goal, sdg=sdg).first()
            _add_unless(present, GoalSdgLink(goal=goal, sdg=sdg, reason=wanted.reason, is_sample=True), report)


def _add_linkage(plan: Plan, wanted: SampleLinkage, report: SampleReport) -> None:
    goal = BasicGoal.objects.for_plan(plan).filter(number=wanted.goal).first()
    kizuna_plan = KizunaPlan.objects.for_plan(plan).first()
    kizuna_goal = kizuna_plan and KizunaGoal.objects.for_plan(kizuna_plan).filter(number=wanted.kizuna_goal).first()
    if not goal or not kizuna_goal:
        return
    kind, present = str(Linkage._meta.verbose_name), Linkage.objects.filter(goal=goal, kizuna_goal=kizuna_goal)
    if present.exists():
        report.kept[kind] += 1
        return
    content = LinkageContent(wanted.summary, wanted.since, wanted.partners, tuple(_pairs(goal, kizuna_goal, wanted)))
    try:
        linkage = place_sample(
            goal=goal, kizuna_goal=kizuna_goal, content=content, standing=wanted.state, agreed_on=wanted.agreed_on
        )
    except ValidationError as error:
        raise ContentError(f"見本の連携「{goal} と {kizuna_goal}」を登録できません。{in_one_line(error)}") from error
    report.added[kind] += 1
    report.added[str(LinkagePair._meta.verbose_name)] += linkage.pairs.count()


def _pairs(goal: BasicGoal, kizuna_goal: KizunaGoal, wanted: SampleLinkage) -> Iterator[tuple[int, int]]:
    for initiative_number, item_number in wanted.pairs:
        initiative = goal.initiatives.filter(number=initiative_number).first()
        item = kizuna_goal.items.filter(number=item_number).first()  # none, if staff moved it to another goal
        if initiative and item:
            yield initiative.pk, item.pk


def _add_unless(present: Row | None, row: Row, report: SampleReport) -> Row:
    kind = str(row._meta.verbose_name)
    if present is not None:
        report.kept[kind] += 1
        return present
    _save(row)
    report.added[kind] += 1
    return row


def _save(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise ContentError(f"見本の{row._meta.verbose_name}「{row}」を登録できません。{in_one_line(error)}") from error
    row._change_reason = REASON  # type: ignore[attr-defined]
    row.save()
