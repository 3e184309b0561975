"""Takes away every 見本, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError

from initiatives.models import Department, Initiative
from kizuna.models import Linkage, LinkagePair, LinkageProposal
from plan_portal.content.errors import ContentError
from plan_portal.foundation.models import SAMPLE_WORD
from sdgs.models import GoalSdgLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db import models

REASON = "見本の削除"


@dataclass
class ClearReport:
    """What `clear_sample` did. removed: per Japanese name of the model."""

    removed: Counter[str] = field(default_factory=Counter)
    unassigned: int = 0

    def lines(self) -> Iterator[str]:
        if not self.removed:
            yield "見本はありません。"
            return
        yield from (f"{kind}：見本を削除 {count}件" for kind, count in self.removed.items())
        yield f"担当を空（確認待ち）に戻した取組：{self.unassigned}件"


@transaction.atomic
def clear_sample() -> ClearReport:
    """Remove all 見本, also those that staff edited; a linkage takes its pairs and its proposal with it.

    Initiatives with a 見本 担当 are left without one, whoever chose it. History and the steps towards a linkage stay.
    Raises ContentError, with nothing removed, when a real record leans on a 見本.
    """
    report = ClearReport()
    _refuse_where_people_propose()
    _remove(LinkagePair.objects.filter(linkage__is_sample=True), report)
    _remove(Linkage.objects.filter(is_sample=True), report)
    _remove(GoalSdgLink.objects.filter(is_sample=True), report)
    for initiative in Initiative.objects.filter(department__is_sample=True):
        _empty(initiative, "department")
        report.unassigned += 1
    for successor in Department.objects.filter(replaces__is_sample=True):
        _empty(successor, "replaces")
    _remove(Department.objects.filter(is_sample=True), report)
    return report


def _refuse_where_people_propose() -> None:
    proposals = LinkageProposal.objects.filter(linkage__is_sample=True).exclude(summary__contains=SAMPLE_WORD)
    names = [f"「{proposal.linkage}」" for proposal in proposals.select_related("linkage")]
    if names:
        raise ContentError(
            f"見本の連携{'、'.join(names)}に、見本でない提案があるので、消せません。"
            "市が合意するか、社協が提案を捨てるのを待ってください。"
        )


def _empty(row: models.Model, name: str) -> None:
    setattr(row, name, None)
    row._change_reason = REASON  # type: ignore[attr-defined]
    row.save(update_fields=[name])


def _remove(rows: Iterable[Any], report: ClearReport) -> None:
    for row in rows:
        kind, name = str(row._meta.verbose_name), str(row)
        row._change_reason = REASON
        try:
            row.delete()
        except ProtectedError as error:
            users = "、".join(sorted(f"{user._meta.verbose_name}「{user}」" for user in error.protected_objects))
            raise ContentError(f"見本の{kind}「{name}」は、{users}が使っているので、消せません。") from error
        report.removed[kind] += 1
