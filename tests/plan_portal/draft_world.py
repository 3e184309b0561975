"""Drafts of every kind for the permission matrix, and who may do what on their pages."""

from typing import Any

from django.db.models import Model
from django.urls import reverse

from goals.models import BasicGoal, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem
from plan_portal.foundation.drafts.content import values_of
from plan_portal.foundation.models import Draft
from tests import factories as f
from tests.foundation.drafts.steps import EDITOR, SHAKYO, asked, save

Drafts = dict[type[Model], Draft]
# Text that citizens read: it changes where somebody who did not write it decides, and nowhere else.
DECIDERS = {
    **dict.fromkeys([PlanSection, BasicGoal, Initiative], ("市・承認",)),
    **dict.fromkeys([KizunaGoal, KizunaItem], ("社協",)),
}
# What a form of a new record differs in from the draft that is there.
NEW_NUMBER = {
    PlanSection: {"slug": "s79", "position": "79"},
    **{model: {"number": "79"} for model in DECIDERS if model is not PlanSection},
}
WRITERS = {model: SHAKYO if SHAKYO in deciders else EDITOR for model, deciders in DECIDERS.items()}


def make_drafts(
    goal: BasicGoal, kizuna_goal: KizunaGoal, changed: dict[type[Model], dict[str, str]]
) -> tuple[Drafts, Drafts]:
    """Of each kind one that waits, with what `changed` says, and one of a new record."""
    records = [
        f.PlanSectionFactory(plan=goal.plan),
        f.BasicGoalFactory(plan=goal.plan),
        f.InitiativeFactory(goal=goal),
        f.KizunaGoalFactory(plan=kizuna_goal.plan),
        f.KizunaItemFactory(goal=kizuna_goal),
    ]
    waiting, new = {}, {}
    for record in records:
        model, role = type(record), WRITERS[type(record)]
        waiting[model] = asked(record, role, reason="改訂", **changed[model])
        other = {"slug": "s78", "position": 78} if model is PlanSection else {"number": 78}
        new[model] = save(f.UserFactory(role=role), model, **values_of(record) | other)
    return waiting, new


def draft_requests(world: Any, model: type[Model], page: str, name: str) -> list[dict[str, Any]]:
    """The cases of a page: writing needs the right to add, deciding the group alone. None for a page that is not known."""
    draft = world.waiting[model] if page in ("draft_review", "draft_preview") else world.new[model]
    seen, decision = (
        {"edit_version": draft.edit_version},
        {"needs": "decide", "get_needs": "v", "roles": DECIDERS[model]},
    )
    cases = {
        "draft": [{"needs": "a", "body": world.form(model, NEW_NUMBER) | seen, "get_needs": "v"}],
        "draft_review": [
            {"body": {**seen, "_publish": "1"}, "publishes": True, **decision},
            {"body": {**seen, "_send_back": "1", "comment": "直してください"}, **decision},
        ],
        "draft_preview": [{"body": seen, "get_needs": "v"}],
        "draft_discard": [{"needs": "a", "body": seen, "get_needs": "a"}],
    }
    if page not in cases:
        raise AssertionError(f"A page of drafts that nobody has judged: {name}. Say who may do what there.")
    url = reverse(f"admin:{name}", args=[draft.pk])
    return [{"url": url, **given} for given in cases[page]]


def published_tables(before: dict[str, list], after: dict[str, list]) -> list[str]:
    """Which tables of text that citizens read, and of its history, are not what they were."""
    tables = {table for model in DECIDERS for table in (model._meta.db_table, model.history.model._meta.db_table)}
    return [table for table in sorted(tables) if after[table] != before[table]]
