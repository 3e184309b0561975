"""Steps as pages take them: by somebody who sees what is there now."""

from typing import Any

import pytest

from goals.models import BasicGoal, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaItem
from plan_portal.foundation.drafts import actions
from plan_portal.foundation.drafts.publishing import publish
from plan_portal.foundation.drafts.rules import DraftRefused
from plan_portal.foundation.models import Draft, DraftStep, PublishedChange
from tests import factories as f

EDITOR, APPROVER, SHAKYO = "市・編集", "市・承認", "社協"


def save(user: Any, target: Any, draft: Draft | None = None, **given: Any) -> Draft:
    """下書き保存 by somebody who sees what is there now."""
    options = {name: given.pop(name) for name in ("reason", "message") if name in given}
    version = actions.version_of(target) if not isinstance(target, type) else draft.edit_version if draft else 0
    return actions.save_draft(user=user, target=target, draft=draft, values=given, edit_version=version, **options)


def ask(user: Any, draft: Draft) -> Draft:
    return actions.ask_approval(user=user, draft=draft, edit_version=draft.edit_version)


def asked(target: Any, role: str = EDITOR, **given: Any) -> Draft:
    user = f.UserFactory(role=role)
    return ask(user, save(user, target, **given))


def approve(draft: Draft, role: str = APPROVER, **given: Any) -> Any:
    return publish(user=f.UserFactory(role=role), draft=draft, edit_version=draft.edit_version, **given)


def state() -> tuple[list, ...]:
    """Everything that a step could change."""
    models: tuple[Any, ...] = (Draft, DraftStep, PublishedChange, BasicGoal, Initiative, PlanSection, KizunaItem)
    return tuple(list(model.objects.order_by("pk").values()) for model in models)


def refused(step: Any, message: str, **arguments: Any) -> None:
    """The step is refused with this message, and nothing is other than before."""
    before = state()
    with pytest.raises(DraftRefused) as refusal:
        step(**arguments)
    assert message in refusal.value.messages[0]
    assert state() == before
