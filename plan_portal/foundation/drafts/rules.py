"""Who may take which step of a draft, and the words for a step that may not be taken."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_permission_codename, get_user_model
from django.core.exceptions import ValidationError

from plan_portal.foundation.drafts.content import model_of
from plan_portal.foundation.models import Draft, DraftedModel, DraftState, DraftStep
from plan_portal.foundation.organisations import APPROVERS_OF, actor

AUTHORS_STEPS = (DraftStep.Step.SAVED, DraftStep.Step.ASKED)

STALE = "見ているあいだに、ほかの人がこの下書きを進めました。まだ保存していません。新しい内容を確かめてください。"
STALE_AT_PUBLISHING = "見ているあいだに下書きが直されました。公開していません。新しい内容を確かめてください。"
GONE = "この下書きは、もうありません。公開されたか、捨てられました。"
RECORD_GONE = "この記録は、もうありません。"
NOTHING_CHANGED = "変えたところがありません。"
IS_WAITING = "承認を待っているあいだは直せません。直すときは、先に依頼を取り下げてください。"
NOT_WAITING = "承認を待っている下書きではありません。新しい内容を確かめてください。"
IS_REMOVAL = "この記録には、取り下げの下書きがあります。先に、その下書きを捨ててください。"
HAS_DRAFT = "この記録には、下書きがあります。先に、その下書きを捨てるか、公開してください。"
REASON_MISSING = "文言を改めるときは、改訂の理由を書いてください。"
REASON_MISSING_NEW = "新しく載せるときは、改訂の理由を書いてください。"
REASON_MISSING_REMOVAL = "取り下げるときは、改訂の理由を書いてください。"
COMMENT_MISSING = "差し戻すときは、どこを、どう直してほしいかを書いてください。"
OWN_DRAFT = "自分が依頼した下書きは、自分では公開できません。ほかの承認者に頼んでください。"
NOT_EDITOR = "この操作は、この記録を変更できる人だけができます。"


class DraftRefused(ValidationError):  # noqa: N818 (an answer to people, no fault)
    """A step that may not be taken now. Nothing has changed; the message says why, in Japanese."""


def authors_of(draft: Draft) -> list[Any]:
    """Everybody who wrote on it or asked for it, since it was begun: none of them may publish it."""
    steps = draft.steps.filter(step__in=AUTHORS_STEPS, person_id__isnull=False)
    return list(dict.fromkeys(steps.order_by("pk").values_list("person_id", flat=True)))


def why_not_decide(user: Any, draft: Draft) -> str:
    """Why this person may neither publish nor send back; empty for one who may."""
    owner = model_of(draft).OWNER
    if not actor(user).may_decide_for(owner):
        return f"公開するか差し戻すかを決められるのは、{APPROVERS_OF[owner]}だけです。"
    if user.pk in authors_of(draft):
        return OWN_DRAFT
    return "" if draft.state == DraftState.WAITING else NOT_WAITING


def require_decider(user: Any, draft: Draft) -> None:
    refusal = why_not_decide(user, draft)
    if refusal:
        raise DraftRefused(refusal)


def require_editor(user: Any, model: type[DraftedModel], verb: str) -> None:
    """Asks the database anew: the account may be closed, or have left its group, since the person logged in."""
    account: Any = get_user_model()._default_manager.filter(pk=user.pk, is_active=True, is_staff=True).first()
    right = f"{model._meta.app_label}.{get_permission_codename(verb, model._meta)}"
    if account is None or not account.has_perm(right):
        raise DraftRefused(NOT_EDITOR)


def verb_of(draft: Draft) -> str:
    """The right that it takes to go on with this draft."""
    return "add" if draft.object_id is None else "change"


def reason_missing(draft: Draft) -> str:
    if draft.removes:
        return REASON_MISSING_REMOVAL
    return REASON_MISSING_NEW if draft.object_id is None else REASON_MISSING
