"""The drafts that wait for an approval, and those that came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from plan_portal.foundation.history_entries import people
from plan_portal.foundation.models import Draft, DraftState, DraftStep
from plan_portal.foundation.organisations import Actor
from plan_portal.todays_work.work import MOST, Work

Step = DraftStep.Step


class Log(NamedTuple):
    """What is known of a draft from its steps. authors: who wrote or asked; last: the newest step."""

    authors: set[int | None]
    last: DraftStep


def draft_work(who: Actor) -> Iterator[Work]:
    """Those of the person's organisation that the person wrote or may decide about."""
    drafts = [draft for draft in Draft.objects.in_order()[:MOST] if _owner(draft) == who.organisation]
    logs = _logs(drafts)
    names = people(log.last.person_id for log in logs.values())
    for draft in drafts:
        log = logs[draft.pk]
        is_author = who.user_id in log.authors
        if is_author or (draft.state == DraftState.WAITING and who.decides):
            yield _work(draft, log, is_author, _name(names.get(log.last.person_id)))


def _owner(draft: Draft) -> Any:
    model: Any = ContentType.objects.get_for_id(draft.content_type_id).model_class()
    return model.OWNER


def _logs(drafts: list[Draft]) -> dict[int, Log]:
    steps: dict[int, list[DraftStep]] = defaultdict(list)
    for step in DraftStep.objects.filter(draft_id__in=[draft.pk for draft in drafts]).order_by("pk"):
        steps[step.draft_id].append(step)
    return {
        draft_id: Log({step.person_id for step in taken if step.step in (Step.SAVED, Step.ASKED)}, taken[-1])
        for draft_id, taken in steps.items()
    }


def _name(name: str | None) -> str:
    return f"{name}さん" if name else "（システム）"


def _work(draft: Draft, log: Log, is_author: bool, name: str) -> Work:
    line: dict[str, Any] = {"title": log.last.name, "since": log.last.at}
    if draft.state == DraftState.WRITING:
        kind, go = "書きかけの下書き", "続きを書く"
        return Work(**line, mine=True, kind=kind, who=f"{name}が保存", note="", url=_url(draft), go=go)
    if draft.state == DraftState.RETURNED:
        return Work(
            **line,
            mine=True,
            kind="差し戻された下書き",
            who=f"{name}が差し戻し",
            note=f"「{log.last.comment}」",
            url=_url(draft),
            go="直す",
        )
    if is_author:
        return Work(
            **line,
            mine=False,
            kind="承認を依頼した下書き",
            who="依頼",
            note="承認者の返事を待っています。",
            url=_url(draft, "review"),
            go="内容を見る",
        )
    return Work(
        **line,
        mine=True,
        kind="下書きの承認",
        who=f"{name}が依頼",
        note=f"「{log.last.comment}」" if log.last.comment else "",
        url=_url(draft, "review"),
        go="新旧を見て決める",
    )


def _url(draft: Draft, page: str = "") -> str:
    content_type = ContentType.objects.get_for_id(draft.content_type_id)
    name = f"admin:{content_type.app_label}_{content_type.model}"
    if page or draft.object_id is None:
        return reverse(f"{name}_draft{'_' if page else ''}{page}", args=[draft.pk])
    return reverse(f"{name}_change", args=[draft.object_id])
