"""The linkages that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from kizuna.models import Linkage, LinkageStep, ProposalState
from plan_portal.foundation.organisations import Actor, Organisation
from plan_portal.todays_work.work import MOST, Work

Step = LinkageStep.Step
CITY, SHAKYO = Organisation.CITY, Organisation.SHAKYO
STEP_OF_STATE = {
    ProposalState.WRITING: (Step.STARTED, Step.SAVED, Step.WITHDRAWN),
    ProposalState.WAITING: (Step.PROPOSED,),
    ProposalState.RETURNED: (Step.RETURNED,),
}


def linkage_work(who: Actor) -> Iterator[Work]:
    """Of those who decide for their organisation: 市・編集 only reads linkages."""
    if not who.decides or who.organisation is None:
        return
    open_ones = Linkage.objects.filter(Q(proposal__isnull=False) | ~Q(end_asked_by=""))
    linkages = list(open_ones.select_related("goal", "kizuna_goal", "proposal").order_by("pk")[:MOST])
    steps = _newest_steps(linkages)
    for linkage in linkages:
        if linkage.end_asked_by:
            yield _ending(linkage, who.organisation, steps[linkage.pk])
        if getattr(linkage, "proposal", None) is not None:
            yield from _proposed(linkage, who.organisation, steps[linkage.pk])


def _newest_steps(linkages: list[Linkage]) -> dict[int, dict[str, LinkageStep]]:
    """Linkage → step → the newest of its kind."""
    newest: dict[int, dict[str, LinkageStep]] = {linkage.pk: {} for linkage in linkages}
    for step in LinkageStep.objects.filter(linkage__in=newest).order_by("pk"):
        newest[step.linkage_id][step.step] = step
    return newest


def _ending(linkage: Linkage, organisation: Organisation, steps: dict[str, LinkageStep]) -> Work:
    step = steps[Step.END_ASKED]
    asker = Organisation(linkage.end_asked_by)
    mine = organisation is not asker
    return Work(
        mine=mine,
        kind="解消の申し出",
        title=_title(linkage),
        who=f"{asker.label}が申し出",
        note=f"「{step.comment}」返事があるまで、連携は公開されたままです。",
        since=step.at,
        url=_url(linkage),
        go="内容を見て返事をする" if mine else "内容を見る",
    )


def _proposed(linkage: Linkage, organisation: Organisation, steps: dict[str, LinkageStep]) -> Iterator[Work]:
    state = ProposalState(linkage.proposal.state)
    taken = [steps[step] for step in STEP_OF_STATE[state] if step in steps]
    step = max(taken, key=lambda one: one.pk)
    line: dict[str, Any] = {"title": _title(linkage), "since": step.at, "url": _url(linkage)}
    match state, organisation:
        case ProposalState.WAITING, Organisation.CITY:
            yield Work(
                **line,
                mine=True,
                kind="連携の確認",
                who="社協が提案",
                note=f"取組と基本計画の組　{len(linkage.proposal.pairs)}",
                go="内容を見て返事をする",
            )
        case ProposalState.WAITING, Organisation.SHAKYO:
            yield Work(**line, mine=False, kind="市の確認待ちの連携", who="提案", note="", go="内容を見る")
        case ProposalState.RETURNED, Organisation.SHAKYO:
            yield Work(
                **line,
                mine=True,
                kind="差し戻された連携",
                who="市が差し戻し",
                note=f"「{step.comment}」",
                go="直して もう一度提案する",
            )
        case ProposalState.RETURNED, Organisation.CITY:
            yield Work(
                **line, mine=False, kind="差し戻した連携", who="差し戻し", note="社協が直しています。", go="内容を見る"
            )
        case ProposalState.WRITING, Organisation.SHAKYO:
            yield Work(
                **line,
                mine=True,
                kind="書きかけの連携",
                who="保存",
                note="まだ市には届いていません。",
                go="続きを書く",
                answers=False,
            )


def _title(linkage: Linkage) -> str:
    return f"連携　市{linkage.goal.number} {linkage.goal.title} と きずな{linkage.kizuna_goal.number} {linkage.kizuna_goal.title}"


def _url(linkage: Linkage) -> str:
    return reverse("admin:kizuna_linkage_change", args=[linkage.pk])
