"""Two goals that may be linked, and the people who may or may not do so."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from kizuna import actions
from kizuna.linkage_content import LinkageContent
from kizuna.models import KizunaGoal, Linkage, LinkagePair, LinkageProposal, LinkageStep
from plan_portal.foundation.models import PublishedChange
from tests import factories as f

SHAKYO, CITY = {"shakyo", "shakyo 2"}, {"approver", "approver 2", "admin of the city"}
# step → in which situation (a method of Table), what it needs beside the version, and who may take it then.
STEPS = {
    "save_proposal": ("started", {"content": LinkageContent()}, SHAKYO),
    "propose": ("started", {"content": None}, SHAKYO),
    "withdraw": ("proposed", {}, SHAKYO),
    "discard": ("started", {}, SHAKYO),
    "send_back": ("proposed", {"comment": "直してください。"}, CITY),
    "agree": ("proposed", {}, CITY),
    "ask_end": ("agreed", {"comment": "役目を終えた。"}, SHAKYO | CITY),
    "withdraw_end": ("asked_to_end", {}, SHAKYO),
    "refuse_end": ("asked_to_end", {"comment": "続けたい。"}, CITY),
    "end": ("asked_to_end", {}, CITY),
}


def people() -> dict[str, User]:
    """Of every kind that there is; the names say of which."""
    found = {
        "city editor": f.UserFactory(role="市・編集"),
        "approver": f.UserFactory(role="市・承認"),
        "approver 2": f.UserFactory(role="市・承認"),
        "shakyo": f.UserFactory(role="社協"),
        "shakyo 2": f.UserFactory(role="社協"),
        "both sides": f.UserFactory(role="社協"),
        "admin": f.UserFactory(is_staff=True, is_superuser=True),
        "admin of the city": f.UserFactory(role="市・承認", is_superuser=True),
        "gone approver": f.UserFactory(role="市・承認", is_active=False),
        "gone shakyo": f.UserFactory(role="社協", is_active=False),
        "citizen": f.UserFactory(),
        "approver without the mark of staff": f.UserFactory(role="市・承認", is_staff=False),
    }
    found["both sides"].groups.add(*f.UserFactory(role="市・承認").groups.all())
    return found


class Table:
    """What the two sides sit at: a goal of the city, and goals of 社協 beside it, each with two 取組 or 基本計画."""

    def __init__(self, kizuna_goals: int = 1) -> None:
        self.people = people()
        self.goal = f.BasicGoalFactory()
        self.kizuna_goals = [f.KizunaGoalFactory(plan__city_plan=self.goal.plan) for _ in range(kizuna_goals)]
        self.initiatives = f.InitiativeFactory.create_batch(2, goal=self.goal)
        self.items = {goal.pk: f.KizunaItemFactory.create_batch(2, goal=goal) for goal in self.kizuna_goals}

    def content(self, summary: str, kizuna_goal: KizunaGoal | None = None, **changed: Any) -> LinkageContent:
        items = self.items[(kizuna_goal or self.kizuna_goals[0]).pk]
        pairs = ((self.initiatives[0].pk, items[0].pk), (self.initiatives[1].pk, items[1].pk))
        return LinkageContent(**{"summary": summary, "since": 2027, "partners": "町内会", "pairs": pairs} | changed)

    def take(self, step: str, who: str, linkage: Linkage, **given: Any) -> None:
        """The step as `who` takes it who sees the linkage as it is now."""
        given = {"version": linkage.edit_version} | given
        getattr(actions, step)(user=self.people[who], linkage=linkage, **given)

    def started(self, who: str = "shakyo", number: int = 0) -> Linkage:
        return actions.start(user=self.people[who], goal=self.goal, kizuna_goal=self.kizuna_goals[number])

    def proposed(self, summary: str = "一緒に行う。", **changed: Any) -> Linkage:
        linkage = self.started()
        self.take("propose", "shakyo", linkage, content=self.content(summary, **changed))
        return linkage

    def agreed(self, summary: str = "一緒に行う。", **changed: Any) -> Linkage:
        linkage = self.proposed(summary, **changed)
        self.take("agree", "approver", linkage)
        linkage.refresh_from_db()
        return linkage

    def asked_to_end(self, who: str = "shakyo") -> Linkage:
        linkage = self.agreed()
        self.take("ask_end", who, linkage, comment="役目を終えた。")
        linkage.refresh_from_db()
        return linkage


def given(table: Table, step: str) -> dict:
    needs = dict(STEPS[step][1])
    return needs | ({"content": table.content("一緒に行う。")} if step == "propose" else {})


def state() -> list:
    """All that a step may change, besides the log of a refused one."""
    rows = [
        list(model.objects.order_by("pk").values()) for model in (Linkage, LinkagePair, LinkageStep, PublishedChange)
    ]
    return [*rows, list(LinkageProposal.objects.values()), Linkage.history.count(), LinkagePair.history.count()]


def refused(table: Table, step: str, who: str, linkage: Linkage, **changed: object) -> ValidationError:
    """The refusal, after which everything is as before."""
    before = state()
    with pytest.raises(ValidationError) as error:
        table.take(step, who, linkage, **given(table, step) | changed)
    assert state() == before
    return error.value
