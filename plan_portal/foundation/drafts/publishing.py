"""公開する: the one way by which text that citizens read changes."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.deletion import ProtectedError

from plan_portal.foundation.announcements import announce
from plan_portal.foundation.drafts import rules
from plan_portal.foundation.drafts.actions import check, check_removal, lock_draft, log, seen
from plan_portal.foundation.drafts.content import (
    Difference,
    changes_of,
    differences,
    fields_of,
    model_of,
    public_record,
    with_values,
)
from plan_portal.foundation.drafts.rules import DraftRefused
from plan_portal.foundation.history_entries import EMPTY, people
from plan_portal.foundation.models import Draft, DraftedModel, DraftStep, PublishedChange

REMOVED, ADDED = "取り下げました", "新しく載せました"
NAMED_FIELDS = 4


@transaction.atomic
def publish(*, user: Any, draft: Draft, note: str = "", edit_version: int) -> DraftedModel | None:
    """公開する. The published record, or None where the draft took it away.

    note: the approver's 一言 for 更新情報; without one the 改訂の理由 is told there.
    """
    draft = seen(lock_draft(draft), edit_version, rules.STALE_AT_PUBLISHING)
    rules.require_decider(user, draft)
    old = public_record(draft)
    try:
        with transaction.atomic():
            new = apply(draft, user)
    except (IntegrityError, ProtectedError) as error:
        raise DraftRefused(
            "この内容では公開できません。ほかの記録と合わなくなっています。差し戻してください。"
        ) from error
    _announce(old, new, note.strip() or draft.reason)
    log(draft, user, DraftStep.Step.PUBLISHED, note)
    draft.delete()
    return new


def apply(draft: Draft, user: Any) -> DraftedModel | None:
    """Make the draft public, within the caller's transaction: only the fields that it changes, on what is public now."""
    old = public_record(draft)
    if old is None and draft.object_id is not None:
        raise DraftRefused(rules.RECORD_GONE)
    if draft.removes and old is not None:
        check_removal(old)
        _sign(old, draft, user).delete()
        return None
    if old is not None:
        _refuse_what_changed_meanwhile(draft, old)
    new = with_values(old or model_of(draft)(), changes_of(draft))
    check(new)
    _sign(new, draft, user).save()
    return new


def summary_of(changed: list[Difference]) -> str:
    """本文、やさしい日本語を変えました"""
    names = [difference.field for difference in changed]
    more = "など" if len(names) > NAMED_FIELDS else ""
    return f"{'、'.join(names[:NAMED_FIELDS])}{more}を変えました"


def _refuse_what_changed_meanwhile(draft: Draft, record: DraftedModel) -> None:
    changed = changes_of(draft)
    for field in fields_of(type(record)):
        now = getattr(record, field.attname)
        if field.attname in changed and now not in (draft.base[field.attname], changed[field.attname]):
            raise DraftRefused(
                f"「{field.verbose_name}」は、下書きを始めたあとに変わりました。公開していません。"
                "差し戻して、新しい内容に合わせてもらってください。"
            )


def _sign(record: DraftedModel, draft: Draft, user: Any) -> Any:
    """Who answers for the change, and who wrote it, for the history."""
    authors = rules.authors_of(draft)
    names = people(authors)
    writers = "、".join(names[pk] for pk in authors if pk in names)
    signed: Any = record
    signed._history_user = user
    signed._change_reason = f"{draft.reason}（下書き：{writers or '削除された利用者'}）"
    return signed


def _announce(old: DraftedModel | None, new: DraftedModel | None, note: str) -> None:
    is_public, was_public = _is_public(new), _is_public(old)
    shown = new or old
    if shown is None or not (is_public or was_public):
        return
    changed = [] if new is None else differences(old, new)
    summary = REMOVED if new is None else ADDED if old is None else summary_of(changed)
    announce(
        by=PublishedChange.By(type(shown).OWNER),
        title=str(shown),
        summary=summary,
        url=new.get_absolute_url() if new is not None and is_public else "",
        note=note,
        changes=[(c.field, _plain(c.before), _plain(c.after)) for c in changed],
    )


def _is_public(record: DraftedModel | None) -> bool:
    return record is not None and record.is_public


def _plain(text: str) -> str:
    return "" if text == EMPTY else text
