"""Any steps in any order, by anybody: public text changes by publishing alone, by an approver of its owner who did not write it."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from initiatives.models import Initiative
from kizuna.models import KizunaGoal
from plan_portal.foundation.drafts import actions
from plan_portal.foundation.drafts.publishing import publish
from plan_portal.foundation.drafts.rules import DraftRefused
from plan_portal.foundation.models import Draft, DraftState, DraftStep, PublishedChange
from plan_portal.foundation.organisations import Organisation
from tests import factories as f

pytestmark = pytest.mark.django_db

CITY_DECIDERS = {"approver 1", "approver 2", "superuser who approves"}
SHAKYO_DECIDERS = {"shakyo 1", "shakyo 2"}
WHO = [
    *("editor 1", "editor 2", "no group", "superuser", "both", "closed approver", "closed superuser"),
    *sorted(CITY_DECIDERS | SHAKYO_DECIDERS),
]
STEPS = ["save", "ask", "take back", "send back", "publish", "discard", "remove"]
PLACES = ["city", "shakyo", "new"]
LENGTH = 40


def make_users() -> dict[str, Any]:
    both = f.UserFactory(role="市・承認")
    both.groups.add(Group.objects.get(name="社協"))
    return {
        "editor 1": f.UserFactory(role="市・編集"),
        "editor 2": f.UserFactory(role="市・編集"),
        "approver 1": f.UserFactory(role="市・承認"),
        "approver 2": f.UserFactory(role="市・承認"),
        "superuser who approves": f.UserFactory(role="市・承認", is_superuser=True),
        "shakyo 1": f.UserFactory(role="社協"),
        "shakyo 2": f.UserFactory(role="社協"),
        "no group": f.UserFactory(is_staff=True),
        "superuser": f.UserFactory(is_staff=True, is_superuser=True),
        "both": both,
        "closed approver": f.UserFactory(role="市・承認", is_active=False),
        "closed superuser": f.UserFactory(role="市・承認", is_active=False, is_superuser=True),
    }


@dataclass
class Office:
    """The staff at work on three records: one of the city, one of 社協, and one that is not published."""

    users: dict[str, Any] = field(default_factory=make_users)
    goal: Any = field(default_factory=lambda: f.BasicGoalFactory(number=1))
    written: int = 0
    # draft → who wrote on it or asked for it, kept apart from the log that is tested.
    authors: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.initiative = f.InitiativeFactory(goal=self.goal, number=1)
        self.kizuna_goal = f.KizunaGoalFactory(plan=f.KizunaPlanFactory(city_plan=self.goal.plan), number=1)

    def target(self, place: str) -> Any:
        return {"city": self.initiative, "shakyo": self.kizuna_goal, "new": Initiative}[place]

    def draft(self, place: str) -> Draft | None:
        drafts = Draft.objects.of_new(Initiative) if place == "new" else Draft.objects.of(self.target(place))
        return drafts.in_order().first()

    def public(self) -> list:
        return [list(model.objects.order_by("pk").values()) for model in (Initiative, KizunaGoal)]

    def values(self, place: str) -> dict[str, Any]:
        self.written += 1
        text = {"title": f"{self.written}回目の題", "title_ruby": ""}
        return text | ({"goal_id": self.goal.pk, "number": 1 + self.written} if place == "new" else {})

    def take(self, step: str, who: str, place: str, *, fresh: bool) -> None:
        """Take the step as a page would ask for it: with what it saw, or (not fresh) with what was there before."""
        user, draft, target = self.users[who], self.draft(place), self.target(place)
        version = (draft.edit_version if draft else 0) if place == "new" else actions.version_of(target)
        version -= 0 if fresh else 1
        if step == "save":
            draft = actions.save_draft(
                user=user, target=target, draft=draft, values=self.values(place), reason="改訂", edit_version=version
            )
            self.authors.setdefault(draft.pk, set()).add(who)
        elif step == "remove" and place != "new":
            draft = actions.ask_removal(user=user, record=target, reason="統合", edit_version=version)
            self.authors.setdefault(draft.pk, set()).add(who)
        elif draft is not None:
            self.go_on(step, who, draft, version)

    def takes(self, step: str, who: str, place: str, *, fresh: bool) -> bool:
        try:
            self.take(step, who, place, fresh=fresh)
        except DraftRefused:
            return False
        return True

    def go_on(self, step: str, who: str, draft: Draft, version: int) -> None:
        common = {"user": self.users[who], "draft": draft, "edit_version": version}
        if step == "ask":
            actions.ask_approval(**common)
            self.authors.setdefault(draft.pk, set()).add(who)
        elif step == "take back":
            actions.take_back(**common)
        elif step == "send back":
            actions.send_back(**common, comment="直してください")
        elif step == "discard":
            actions.discard(**common)
        elif step == "publish":
            publish(**common)


def likely_step(office: Office, place: str, chance: Random) -> tuple[str, str]:
    """What comes next on the way to publication, by somebody of the owner: walks by pure chance hardly ever get there."""
    draft = office.draft(place)
    step = "save" if draft is None else "publish" if draft.state == DraftState.WAITING else "ask"
    writers = ["shakyo 1", "shakyo 2"] if place == "shakyo" else ["editor 1", "editor 2", "approver 1"]
    deciders = SHAKYO_DECIDERS if place == "shakyo" else CITY_DECIDERS
    return step, chance.choice(sorted(deciders) if step == "publish" else writers)


def may_publish(office: Office, who: str, place: str, draft: Draft | None, *, fresh: bool) -> bool:
    deciders = SHAKYO_DECIDERS if place == "shakyo" else CITY_DECIDERS
    waits = draft is not None and draft.state == DraftState.WAITING
    return waits and fresh and who in deciders and who not in office.authors[draft.pk]


@given(seed=st.integers(0, 10**9))
@settings(max_examples=40)
def test_public_text_changes_only_by_two_keys(counts: Counter[str], seed: int) -> None:
    chance = Random(seed)  # noqa: S311 (no secret)
    with transaction.atomic():
        office = Office()
        for _ in range(LENGTH):
            place, fresh = chance.choice(PLACES), chance.random() < 0.9
            step, who = chance.choice(STEPS), chance.choice(WHO)
            if chance.random() < 0.6:
                step, who = likely_step(office, place, chance)
            before, draft = office.public(), office.draft(place)
            allowed = step == "publish" and may_publish(office, who, place, draft, fresh=fresh)
            logged, told = DraftStep.objects.count(), PublishedChange.objects.count()
            refused = not office.takes(step, who, place, fresh=fresh)
            assert not (refused and allowed), (step, who, place)
            assert not refused or (DraftStep.objects.count(), office.draft(place)) == (logged, draft)
            changed = office.public() != before
            assert changed == allowed == (PublishedChange.objects.count() > told), (step, who, place)
            counts["random steps of drafts"] += 1
            counts["of them, publications"] += changed
        transaction.set_rollback(True)


def test_the_walks_can_publish() -> None:
    """The walk above says nothing if no walk ever publishes."""
    office = Office()
    for step, who in (("save", "editor 1"), ("ask", "editor 2"), ("publish", "approver 1")):
        for place in ("city", "new"):
            office.take(step, who, place, fresh=True)
    for step, who in (("save", "shakyo 1"), ("ask", "shakyo 1"), ("publish", "shakyo 2")):
        office.take(step, who, "shakyo", fresh=True)
    assert PublishedChange.objects.count() == 3
    assert set(PublishedChange.objects.values_list("by", flat=True)) == set(Organisation.values)
