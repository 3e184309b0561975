"""The steps from a 下書き to what citizens read, but for publishing itself. Each is taken whole or not at all, and logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction
from django.db.models.deletion import Collector, ProtectedError
from django.utils.timezone import now

from plan_portal.foundation.drafts import rules
from plan_portal.foundation.drafts.content import (
    changes_of,
    model_of,
    needs_reason,
    proposed,
    public_record,
    values_of,
    with_values,
)
from plan_portal.foundation.drafts.rules import DraftRefused
from plan_portal.foundation.history_entries import name_of
from plan_portal.foundation.models import Draft, DraftedModel, DraftState, DraftStep
from plan_portal.foundation.organisations import actor

Step = DraftStep.Step
MOST_NAMED = 5


@transaction.atomic
def save_draft(
    *,
    user: Any,
    target: DraftedModel | type[DraftedModel],
    values: Mapping[str, Any],
    draft: Draft | None = None,
    reason: str = "",
    message: str = "",
    edit_version: int = 0,
) -> Draft:
    """下書き保存.

    target: the published record, or the model of a new one; draft: of a new record, if it was begun before; values: of any
    number of fields, by column name, checked by the form; edit_version: as seen by the person, see version_of().
    """
    if isinstance(target, DraftedModel):
        record: DraftedModel | None = lock_record(type(target), target.pk)
        found = Draft.objects.select_for_update().of(target).first()
        model, version = type(target), version_of(target)
    else:
        record, model = None, target
        found = None if draft is None else lock_draft(draft)
        version = 0 if found is None else found.edit_version
    rules.require_editor(user, model, "add" if record is None else "change")
    if version != edit_version:
        raise DraftRefused(rules.STALE)
    public = {} if record is None else values_of(record)
    if found is None:
        found = Draft(content_type=ContentType.objects.get_for_model(model), object_id=getattr(record, "pk", None))
    if found.removes:
        raise DraftRefused(rules.IS_REMOVAL)
    if found.state == DraftState.WAITING:
        raise DraftRefused(rules.IS_WAITING)
    written = {**values_of(proposed(found, record) if found.pk else record or model()), **values}
    if found.pk is None and written == public:
        raise DraftRefused(rules.NOTHING_CHANGED)
    found.base, found.values, found.reason, found.message = public, written, reason, message
    found.save()
    log(found, user, Step.SAVED, message)
    return found


@transaction.atomic
def ask_approval(*, user: Any, draft: Draft, edit_version: int) -> Draft:
    """承認を依頼. From now on the draft is only read, until it is decided or taken back."""
    draft = seen(lock_draft(draft), edit_version)
    rules.require_editor(user, model_of(draft), "delete" if draft.removes else rules.verb_of(draft))
    if draft.state == DraftState.WAITING:
        raise DraftRefused(rules.IS_WAITING)
    record = public_record(draft)
    if record is None and draft.object_id is not None:
        raise DraftRefused(rules.RECORD_GONE)
    if not draft.removes and not changes_of(draft):
        raise DraftRefused(rules.NOTHING_CHANGED)
    if not draft.reason.strip() and needs_reason(draft, record):
        raise DraftRefused({"reason": rules.reason_missing(draft)})
    if not draft.removes:
        check(proposed(draft, record))
    draft.state, draft.asked_by_id, draft.asked_at = DraftState.WAITING, user.pk, now()
    draft.save()
    log(draft, user, Step.ASKED, draft.message)
    return draft


@transaction.atomic
def ask_removal(*, user: Any, record: DraftedModel, reason: str, message: str = "", edit_version: int = 0) -> Draft:
    """Ask that a published record be taken away: 取り下げ."""
    model = type(record)
    locked = lock_record(model, record.pk)
    found = Draft.objects.select_for_update().of(record).first()
    rules.require_editor(user, model, "delete")
    if version_of(record) != edit_version:
        raise DraftRefused(rules.STALE)
    if found is not None and not found.removes:
        raise DraftRefused(rules.HAS_DRAFT)
    check_removal(locked)
    draft = found or Draft(content_type=ContentType.objects.get_for_model(model), object_id=record.pk, removes=True)
    if draft.state == DraftState.WAITING:
        raise DraftRefused(rules.IS_WAITING)
    draft.base = draft.values = values_of(locked)
    draft.reason, draft.message = reason, message
    draft.save()
    return ask_approval(user=user, draft=draft, edit_version=draft.edit_version)


@transaction.atomic
def take_back(*, user: Any, draft: Draft, edit_version: int) -> Draft:
    """依頼を取り下げて直す: a waiting draft can be written on again. A removal that is taken back is over."""
    draft = seen(lock_draft(draft), edit_version)
    rules.require_editor(user, model_of(draft), rules.verb_of(draft))
    if draft.state != DraftState.WAITING:
        raise DraftRefused(rules.NOT_WAITING)
    draft.state = DraftState.WRITING
    draft.save()
    log(draft, user, Step.TAKEN_BACK)
    return draft


@transaction.atomic
def send_back(*, user: Any, draft: Draft, comment: str, edit_version: int) -> Draft:
    """差し戻す, with what is to be put right."""
    draft = seen(lock_draft(draft), edit_version)
    rules.require_decider(user, draft)
    if not comment.strip():
        raise DraftRefused({"comment": rules.COMMENT_MISSING})
    draft.state = DraftState.RETURNED
    draft.save()
    log(draft, user, Step.RETURNED, comment)
    return draft


@transaction.atomic
def discard(*, user: Any, draft: Draft, edit_version: int) -> None:
    """下書きを捨てる. What it said stays in its steps."""
    draft = seen(lock_draft(draft), edit_version)
    rules.require_editor(user, model_of(draft), rules.verb_of(draft))
    if draft.state == DraftState.WAITING:
        raise DraftRefused(rules.IS_WAITING)
    log(draft, user, Step.DISCARDED)
    draft.delete()


def version_of(target: models.Model | Draft) -> int:
    """Changes with every step that is taken on a draft of the record: the `edit_version` of a page that is shown."""
    if isinstance(target, Draft):
        return target.edit_version
    steps = DraftStep.objects.filter(content_type=ContentType.objects.get_for_model(target), object_id=target.pk)
    return steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def lock_draft(draft: Draft) -> Draft:
    """The draft as it is now, held until the end of the transaction; after its record, so that no two steps wait in a ring."""
    if draft.object_id is not None:
        model_of(draft)._base_manager.select_for_update().filter(pk=draft.object_id).order_by("pk").first()
    locked = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        raise DraftRefused(rules.GONE)
    return locked


def lock_record(model: type[DraftedModel], pk: Any) -> DraftedModel:
    found = model._base_manager.select_for_update().filter(pk=pk).first()
    if not isinstance(found, DraftedModel):
        raise DraftRefused(rules.RECORD_GONE)
    return found


def seen(draft: Draft, edit_version: int, message: str = rules.STALE) -> Draft:
    if draft.edit_version != edit_version:
        raise DraftRefused(message)
    return draft


def check(record: DraftedModel) -> None:
    """Every rule of the model, told in Japanese."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise DraftRefused(f"この内容では公開できません。{' '.join(error.messages)}") from error
    except ObjectDoesNotExist as error:
        raise DraftRefused("この内容では公開できません。選んだ記録の中に、もうないものがあります。") from error


def check_removal(record: DraftedModel) -> None:
    try:
        Collector(using=record._state.db or "default", origin=record).collect([record])
    except ProtectedError as error:
        users = sorted(error.protected_objects, key=lambda used: (used._meta.label, used.pk))
        names = "、".join(f"「{name_of(used)}」" for used in users[:MOST_NAMED])
        more = f"など{len(users)}件" if len(users) > MOST_NAMED else ""
        raise DraftRefused(f"この記録は、{names}{more}に使われているので、取り下げられません。") from error


def log(draft: Draft, user: Any, step: DraftStep.Step, comment: str = "") -> None:
    DraftStep.objects.create(
        draft_id=draft.pk,
        content_type=draft.content_type,
        object_id=draft.object_id,
        name=name_of(with_values(model_of(draft)(), draft.values))[:400],
        step=step,
        reason=draft.reason,
        values=draft.values,
        person_id=user.pk,
        organisation=actor(user).organisation or "",
        comment=comment,
    )
