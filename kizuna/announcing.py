"""Tells citizens, in 更新情報, what the two organisations agreed on."""

from __future__ import annotations

from django.urls import reverse

from kizuna.linkage_content import LinkageContent
from kizuna.models import Linkage
from plan_portal.foundation.announcements import announce
from plan_portal.foundation.models import PublishedChange


def announce_agreed(linkage: Linkage, content: LinkageContent, before: LinkageContent | None) -> None:
    """before: what citizens read until now; None for a line that was not there."""
    summary = "連携を始めました。図の線が1本増えました。" if before is None else "連携の内容を改めました。"
    _announce(linkage, summary, content.changes_from(before or LinkageContent()))


def announce_ended(linkage: Linkage) -> None:
    _announce(linkage, "連携を終わりました。図の線が1本減りました。", [])


def _announce(linkage: Linkage, summary: str, changes: list[tuple[str, str, str]]) -> None:
    if not linkage.kizuna_goal.plan.is_public:
        return
    announce(
        by=PublishedChange.By.BOTH,
        title=f"連携{'（見本）' if linkage.is_sample else ''}　{linkage}",
        summary=summary,
        url=f"{reverse('kizuna:relationship')}?goal={linkage.goal.number}",
        changes=changes,
    )
