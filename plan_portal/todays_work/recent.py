"""最近の変更: the steps of both organisations, and what was published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from kizuna.models import LinkageStep
from plan_portal.foundation.history_entries import people
from plan_portal.foundation.models import DraftStep, PublishedChange

SHOWN = 10
# What the other organisation may not know yet, and what 更新情報 tells.
DRAFT_STEPS = (DraftStep.Step.ASKED, DraftStep.Step.RETURNED)
LINKAGE_STEPS = (
    *(LinkageStep.Step.PROPOSED, LinkageStep.Step.WITHDRAWN, LinkageStep.Step.RETURNED),
    *(LinkageStep.Step.END_ASKED, LinkageStep.Step.END_WITHDRAWN, LinkageStep.Step.END_REFUSED),
)


class RecentChange(NamedTuple):
    at: datetime
    organisation: str
    by: str
    who: str
    what: str


def recent_changes() -> list[RecentChange]:
    """The newest first. Four queries."""
    steps: list[Any] = [
        *DraftStep.objects.filter(step__in=DRAFT_STEPS).order_by("-pk")[:SHOWN],
        *LinkageStep.objects.filter(step__in=LINKAGE_STEPS)
        .select_related("linkage__goal", "linkage__kizuna_goal")
        .order_by("-pk")[:SHOWN],
    ]
    names = people(step.person_id for step in steps)
    found = [*_published(), *(_taken(step, names.get(step.person_id, "")) for step in steps)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:SHOWN]


def _published() -> Iterator[RecentChange]:
    for change in PublishedChange.objects.order_by("-at", "-pk")[:SHOWN]:
        yield RecentChange(change.at, change.by, change.get_by_display(), "", str(change))


def _taken(step: Any, who: str) -> RecentChange:
    what = step.name if isinstance(step, DraftStep) else f"連携　{step.linkage.short_name}"
    return RecentChange(
        step.at,
        step.organisation,
        step.get_organisation_display(),
        who,
        f"{what}：{step.get_step_display()}",
    )
