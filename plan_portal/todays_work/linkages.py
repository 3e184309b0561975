"""The linkages that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from kizuna.models import Linkage, LinkageStep, ProposalState
from plan_portal.foundation.organisations import Actor, Organisation
from plan_portal.todays_work.work import MOST, Work

Step = LinkageStep.Step
CITY, SHAKYO = Organisation.CITY, Organisation.SHAKYO


class Line(NamedTuple):
    """How a linkage stands before one organisation. steps: one of which it waits since; note: may hold {comment} and {pairs}."""

    steps: tuple[LinkageStep.Step, ...]
    kind: str
    who: str
    note: str
    go: str
    answers: bool = True


SENT, BACK = (Step.PROPOSED,), (Step.RETURNED,)
WRITTEN = (Step.STARTED, Step.SAVED, Step.WITHDRAWN)
# What the city does not see, 社協's writing, is not here for it.
LINES = {
    (ProposalState.WAITING, CITY): Line(
        SENT, "連携の確認", "社協が提案", "取組と基本計画の組　{pairs}", "内容を見て返事をする"
    ),
    (ProposalState.WAITING, SHAKYO): Line(SENT, "市の確認待ちの連携", "提案", "", "内容を見る"),
    (ProposalState.RETURNED, SHAKYO): Line(
        BACK, "差し戻された連携", "市が差し戻し", "「{comment}」", "直して もう一度提案する"
    ),
    (ProposalState.RETURNED, CITY): Line(BACK, "差し戻した連携", "差し戻し", "社協が直しています。", "内容を見る"),
    (ProposalState.WRITING, SHAKYO): Line(
        WRITTEN, "書きかけの連携", "保存", "まだ市には届いていません。", "続きを書く", answers=False
    ),
}
ENDING = "「{comment}」返事があるまで、連携は公開されたままです。"


def linkage_work(who: Actor) -> Iterator[Work]:
    """Of those who decide for their organisation: 市・編集 only reads linkages. Three queries."""
    if not who.decides or who.organisation is None:
        return
    found = [linkage for side in Organisation for linkage in Linkage.objects.open_to(side)[:MOST]]
    steps: dict[int, list[LinkageStep]] = {linkage.pk: [] for linkage in found}
    for step in LinkageStep.objects.filter(linkage__in=steps).order_by("-pk"):
        steps[step.linkage_id].append(step)
    for linkage in found:
        line = _line(linkage, who.organisation)
        if line is not None:
            yield _work(linkage, line, who, next(step for step in steps[linkage.pk] if step.step in line.steps))


def _line(linkage: Linkage, reader: Organisation) -> Line | None:
    if not linkage.end_asked_by:
        return LINES.get((ProposalState(linkage.proposal.state), reader))
    asker = Organisation(linkage.end_asked_by)
    go = "内容を見る" if reader is asker else "内容を見て返事をする"
    return Line((Step.END_ASKED,), "解消の申し出", f"{asker.label}が申し出", ENDING, go)


def _work(linkage: Linkage, line: Line, who: Actor, step: LinkageStep) -> Work:
    goal, kizuna_goal = linkage.goal, linkage.kizuna_goal
    pairs = "" if linkage.end_asked_by else len(linkage.proposal.pairs)
    return Work(
        mine=who.may_decide_for(linkage.turn),
        kind=line.kind,
        title=f"連携　市{goal.number} {goal.title} と きずな{kizuna_goal.number} {kizuna_goal.title}",
        who=line.who,
        note=line.note.format(comment=step.comment, pairs=pairs),
        since=step.at,
        url=reverse("admin:kizuna_linkage_change", args=[linkage.pk]),
        go=line.go,
        answers=line.answers,
    )
