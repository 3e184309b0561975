"""One record of every kind that the admin shows, free to be changed and deleted, and the forms that would do it."""

from dataclasses import dataclass, field

from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.forms.models import model_to_dict
from django.test import Client

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Department, Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage, LinkagePair
from plan_portal.accessibility.models import AccessibilityPolicy, AccessibilityTest
from plan_portal.foundation.models import Reading
from sdgs.models import GoalSdgLink, PlanSdg, Sdg, SdgIcon
from tests import factories as f


class Picture:
    """A file chosen in a form, which can be sent again and again."""

    name, content_type = "icon.png", "image/png"

    def read(self) -> bytes:
        return f.picture()


# What a valid form changes, and what a new record needs to differ in.
CHANGED = {
    Plan: {"ideal": "変えた理念"},
    PlanSection: {"heading": "変えた見出し"},
    BasicGoal: {"field": "変えた分野"},
    Sdg: {"name": "変えた名前"},
    SdgIcon: {"sdg": "other_sdg"},
    PlanSdg: {"sdg": "other_sdg"},
    GoalSdgLink: {"reason": "変えた理由"},
    Department: {"name": "変えたグループ"},
    Initiative: {"embodied_plan": "変えた計画"},
    KizunaPlan: {"organisation": "変えた団体"},
    KizunaGoal: {"subtitle": "～変えた副題～"},
    KizunaItem: {"title": "変えた基本計画", "title_ruby": ""},
    Linkage: {"summary": "変えた文"},
    Reading: {"ruby": "{地域|かえたよみ}"},
    AccessibilityPolicy: {"scope": "変えた範囲"},
    AccessibilityTest: {"tester": "変えた団体"},
    User: {"last_name": "変えた姓"},
    Group: {"name": "変えたグループ"},
}
NEW = {
    Plan: {"ordinal": "77"},
    PlanSection: {"slug": "new", "position": "77"},
    BasicGoal: {"number": "77"},
    Sdg: {"number": "16"},
    SdgIcon: {"sdg": "other_sdg", "image": Picture()},
    PlanSdg: {"sdg": "other_sdg"},
    GoalSdgLink: {"sdg": "other_sdg"},
    Department: {"name": "新しいグループ"},
    Initiative: {"number": "77"},
    KizunaPlan: {"key": "new", "state": "preparing"},
    KizunaGoal: {"number": "77"},
    KizunaItem: {"number": "77"},
    Linkage: {"goal": "other_goal"},
    Reading: {"word": "新語", "ruby": "{新語|しんご}"},
    AccessibilityPolicy: {},
    AccessibilityTest: {"fiscal_year": "2077"},
    User: {"username": "newcomer", "password1": "nagai-aikotoba-77", "password2": "nagai-aikotoba-77"},
    Group: {"name": "新しいグループ"},
}


@dataclass
class World:
    plan: Plan
    records: dict[type[Model], Model] = field(default_factory=dict)
    agreed: Linkage | None = None
    pair: LinkagePair | None = None
    other: dict[str, Model] = field(default_factory=dict)

    def form(self, model: type[Model], differences: dict[type[Model], dict[str, str]]) -> dict[str, str]:
        """The fields of the record as a browser sends them, with the differences."""
        record = self.records[model]
        data = {}
        for name, value in model_to_dict(record).items():
            if isinstance(value, bool):
                data |= {name: "on"} if value else {}
            elif isinstance(value, list):
                data[name] = [related.pk for related in value]
            elif name not in ("id", "image"):
                data[name] = "" if value is None else str(value)
        for name, value in differences[model].items():
            data[name] = str(self.other[value].pk) if value in self.other else value
        if model is Linkage and differences is not NEW:
            data |= {"pairs-TOTAL_FORMS": "0", "pairs-INITIAL_FORMS": "0"}
        if model is AccessibilityTest and differences is not NEW:
            data |= {"results-TOTAL_FORMS": "0", "results-INITIAL_FORMS": "0"}
        return data

    def pair_form(self) -> dict[str, str]:
        """The linkage as it is, with one pair more."""
        linkage = self.records[Linkage]
        unchanged = self.form(Linkage, {Linkage: {}})
        return unchanged | {
            "pairs-TOTAL_FORMS": "1",
            "pairs-INITIAL_FORMS": "0",
            "pairs-0-linkage": str(linkage.pk),
            "pairs-0-initiative": str(self.other["initiative"].pk),
            "pairs-0-item": str(self.other["item"].pk),
        }

    def result_form(self) -> dict[str, str]:
        """The test as it is, with one of its results written down."""
        test = self.records[AccessibilityTest]
        unchanged = self.form(AccessibilityTest, {AccessibilityTest: {}})
        return unchanged | {
            "results-TOTAL_FORMS": "1",
            "results-INITIAL_FORMS": "1",
            "results-0-id": str(self.other["result"].pk),
            "results-0-test": str(test.pk),
            "results-0-applies": "on",
            "results-0-result": "conforms",
        }


def two_versions(record: Model, name: str, value: object) -> None:
    """Give the record a first version that differs from what it is now."""
    now = getattr(record, name)
    setattr(record, name, value)
    record.save()
    setattr(record, name, now)
    record.save()


def add_agreed_linkage(world: World, kizuna_goal: KizunaGoal) -> None:
    """One with a pair, which only the administrator may delete."""
    world.agreed = f.LinkageFactory(
        goal=f.BasicGoalFactory(plan=world.plan, number=3), kizuna_goal=kizuna_goal, agreed=True
    )
    world.pair = f.LinkagePairFactory(
        linkage=world.agreed,
        initiative=f.InitiativeFactory(goal=world.agreed.goal),
        item=f.KizunaItemFactory(goal=kizuna_goal, number=3),
    )
    two_versions(world.agreed, "summary", "前の文")


def add_accessibility(world: World) -> None:
    """The policy, and a test with one result."""
    result = f.CriterionResultFactory(test__fiscal_year=2026, criterion="1.1.1")
    world.other["result"] = result
    world.records |= {AccessibilityPolicy: f.AccessibilityPolicyFactory(), AccessibilityTest: result.test}


def make_world() -> World:
    plan = f.PlanFactory(municipality="登別市")
    goal = f.BasicGoalFactory(plan=plan, number=1)
    kizuna_plan = f.KizunaPlanFactory(city_plan=plan)
    kizuna_goal = f.KizunaGoalFactory(plan=kizuna_plan, number=1)
    initiative = f.InitiativeFactory(goal=goal, number=1)
    item = f.KizunaItemFactory(goal=kizuna_goal, number=1)
    sdg = f.SdgFactory(number=1)
    world = World(plan)
    world.other = {
        "other_goal": f.BasicGoalFactory(plan=plan, number=2),
        "other_sdg": f.SdgFactory(number=2),
        "initiative": initiative,
        "item": item,
    }
    world.records = {
        Plan: f.PlanFactory(municipality="登別市", ordinal=4, preparing=True),
        PlanSection: f.PlanSectionFactory(plan=plan),
        BasicGoal: f.BasicGoalFactory(plan=plan, number=9),
        Sdg: f.SdgFactory(number=17),
        SdgIcon: f.SdgIconFactory(sdg=sdg),
        PlanSdg: f.PlanSdgFactory(plan=plan, sdg=sdg),
        GoalSdgLink: f.GoalSdgLinkFactory(goal=goal, sdg=sdg),
        Department: f.DepartmentFactory(),
        Initiative: f.InitiativeFactory(goal=goal, number=9),
        KizunaPlan: f.KizunaPlanFactory(city_plan=f.PlanFactory(municipality="登別市", ordinal=9, preparing=True)),
        KizunaGoal: f.KizunaGoalFactory(plan=kizuna_plan, number=9),
        KizunaItem: f.KizunaItemFactory(goal=kizuna_goal, number=9),
        Linkage: f.LinkageFactory(goal=goal, kizuna_goal=kizuna_goal),
        Reading: f.ReadingFactory(word="地域", ruby="{地域|ちいき}"),
        User: f.UserFactory(username="leaver", role="社協"),
        Group: Group.objects.create(name="そのほか"),
    }
    add_agreed_linkage(world, kizuna_goal)
    add_accessibility(world)
    for model, differences in CHANGED.items():
        name, value = next(iter(differences.items()))
        if hasattr(model, "history"):
            two_versions(world.records[model], name, world.other.get(value, value))
    return world


def client_as(role: str) -> Client:
    """A browser in which somebody with this role (or "no group", or "admin") is logged in."""
    groups = {} if role in ("no group", "admin") else {"role": role}
    client = Client()
    client.force_login(f.UserFactory(is_staff=True, is_superuser=role == "admin", **groups))
    return client
