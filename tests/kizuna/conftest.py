"""Two goals, somebody of each organisation, and the steps that they take towards a linkage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kizuna import actions
from kizuna.linkage_content import LinkageContent
from kizuna.models import Linkage, LinkageStep
from tests import factories as f
from tests.kizuna.consent import Table


class TwoGoals:
    """市1 with 1-(1) and 1-(2), きずな2 with ④ (確認待ち) and ⑤ (確認済)."""

    def __init__(self) -> None:
        self.goal = f.BasicGoalFactory(number=1, title="共に支え合うまちづくり")
        plan = f.KizunaPlanFactory(city_plan=self.goal.plan)
        self.kizuna_goal = f.KizunaGoalFactory(plan=plan, number=2, title="きずなを護り強める")
        self.initiatives = [f.InitiativeFactory(goal=self.goal, number=number) for number in (1, 2)]
        self.items = [
            f.KizunaItemFactory(goal=self.kizuna_goal, number=number, placement=placement)
            for number, placement in ((4, "waiting"), (5, "confirmed"))
        ]
        self.people = {role: f.UserFactory(role=role) for role in ("社協", "市・承認", "市・編集")}
        self.people["admin"] = f.UserFactory(is_staff=True, is_superuser=True)

    @property
    def linkage(self) -> Linkage:
        """As it is now."""
        return Linkage.objects.select_related("proposal").get(goal=self.goal, kizuna_goal=self.kizuna_goal)

    def client(self, role: str) -> Client:
        client = Client()
        client.force_login(self.people[role])
        return client

    def pair(self, initiative: int = 0, item: int = 0) -> str:
        return f"{self.initiatives[initiative].pk}-{self.items[item].pk}"

    def content(self, summary: str = "一緒に会議をひらく。", **other: object) -> LinkageContent:
        pairs = ((self.initiatives[0].pk, self.items[0].pk),)
        return LinkageContent(**{"summary": summary, "since": 2027, "partners": "町内会", "pairs": pairs, **other})

    def take(self, *steps: str, summary: str = "一緒に会議をひらく。", comment: str = "伝言です。") -> Linkage:
        """start, save, propose, withdraw, return, agree, ask_end (by 社協), refuse_end, end (by the city)."""
        takers = {"return": actions.send_back, "save": actions.save_proposal}
        for step in steps:
            by_city = step in ("return", "agree", "end", "refuse_end")
            user = self.people["市・承認" if by_city else "社協"]
            if step == "start":
                actions.start(user=user, goal=self.goal, kizuna_goal=self.kizuna_goal)
                continue
            given = {"version": self.linkage.edit_version, "linkage": self.linkage, "user": user}
            if step in ("save", "propose"):
                given["content"] = self.content(summary)
            if step != "discard":
                given["comment"] = comment
            (takers.get(step) or getattr(actions, step))(**given)
        return self.linkage

    def address(self) -> str:
        return reverse("admin:kizuna_linkage_change", args=[self.linkage.pk])

    def new_address(self) -> str:
        return reverse("admin:kizuna_linkage_new", args=[self.goal.pk, self.kizuna_goal.pk])

    def body(self, **other: object) -> dict[str, object]:
        """What 社協's form sends, all fields filled in."""
        known = Linkage.objects.filter(goal=self.goal, kizuna_goal=self.kizuna_goal).first()
        return {
            "version": known.edit_version if known else 0,
            "summary": "一緒に会議をひらく。",
            "pairs": [self.pair()],
            "partners": ["学校", "町内会"],
            "others": " 商店会 \r\n\r\n町内会\r\n",
            "since": "令和9",
            "comment": "",
            **other,
        }

    def press(self, role: str, button: str, **other: object) -> str:
        """The page after a button of a short form, redirects followed."""
        body = {"version": self.linkage.edit_version, "comment": "", button: "", **other}
        return self.client(role).post(self.address(), body, follow=True).content.decode()

    def steps(self) -> list[str]:
        return list(LinkageStep.objects.order_by("pk").values_list("step", flat=True))


@pytest.fixture
def two() -> TwoGoals:
    return TwoGoals()


@pytest.fixture
def page_of(two: TwoGoals) -> Callable[[str], str]:
    """`page_of("社協")`: the linkage's page as that role finds it."""
    return lambda role: two.client(role).get(two.address()).content.decode()


@pytest.fixture
def table(db: None) -> Table:
    return Table()
