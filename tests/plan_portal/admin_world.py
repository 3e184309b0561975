"""One record of every kind that the admin shows, free to be changed and deleted, and the forms that would do it."""

import re
from dataclasses import dataclass, field

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Department, Initiative
from kizuna import actions
from kizuna.linkage_content import LinkageContent
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage, LinkagePair
from plan_portal.accessibility.models import AccessibilityPolicy, AccessibilityTest
from plan_portal.foundation.conflicts import edit_version, rows_version
from plan_portal.foundation.drafts.actions import version_of
from plan_portal.foundation.models import Draft, DraftedModel, Reading
from sdgs.models import GoalSdgLink, PlanSdg, Sdg, SdgIcon
from tests import factories as f
from tests.plan_portal.draft_world import make_drafts


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
    Linkage: {"is_sample": "on"},
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
    Linkage: {},
    Reading: {"word": "新語", "ruby": "{新語|しんご}"},
    AccessibilityPolicy: {},
    AccessibilityTest: {"fiscal_year": "2077"},
    User: {"username": "newcomer", "password1": "nagai-aikotoba-77", "password2": "nagai-aikotoba-77"},
    Group: {"name": "新しいグループ"},
}

NOT_CONTENT = {"django_session", "django_admin_log", "django_migrations", "sqlite_sequence"}


@dataclass
class World:
    plan: Plan
    records: dict[type[Model], Model] = field(default_factory=dict)
    # One of each that both organisations may find: writing, waiting, agreed, asked (by 社協, to end it).
    linkages: dict[str, Linkage] = field(default_factory=dict)
    pair: LinkagePair | None = None
    # Of each drafted model: one draft of a record, waiting for a decision; one of a new record, still being written.
    waiting: dict[type[Model], Draft] = field(default_factory=dict)
    new: dict[type[Model], Draft] = field(default_factory=dict)
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
        if hasattr(model, "history") and differences is not NEW:
            data["edit_version"] = seen(record)
        for name, value in differences[model].items():
            data[name] = str(self.other[value].pk) if value in self.other else value
        if model is AccessibilityTest and differences is not NEW:
            data |= {"results-TOTAL_FORMS": "0", "results-INITIAL_FORMS": "0"}
        return data

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


def seen(record: Model) -> str:
    """What a form says of the record that was opened now."""
    if isinstance(record, DraftedModel):
        return str(version_of(record))
    model_admin = admin.site._registry[type(record)]
    rows = [
        rows_version(inline.model, model_admin._parent_column(inline), record.pk)
        for inline in getattr(model_admin, "inlines", ())
    ]
    return ".".join(map(str, [edit_version(record), *rows]))


def two_versions(record: Model, name: str, value: object) -> None:
    """Give the record a first version that differs from what it is now."""
    now = getattr(record, name)
    setattr(record, name, value)
    record.save()
    setattr(record, name, now)
    record.save()


def add_linkages(world: World, kizuna_goal: KizunaGoal) -> None:
    """In every state in which somebody may take a step, brought there by two people."""
    shakyo, city = f.UserFactory(role="社協"), f.UserFactory(role="市・承認")
    item = f.KizunaItemFactory(goal=kizuna_goal, number=3)
    for number, standing in enumerate(("writing", "waiting", "agreed", "asked"), start=3):
        goal = f.BasicGoalFactory(plan=world.plan, number=number)
        initiative = f.InitiativeFactory(goal=goal)
        content = LinkageContent(f"{standing}の文", 2027, "", ((initiative.pk, item.pk),))
        linkage = actions.start(user=shakyo, goal=goal, kizuna_goal=kizuna_goal)
        actions.save_proposal(user=shakyo, linkage=linkage, version=linkage.edit_version, content=content)
        if standing != "writing":
            actions.propose(user=shakyo, linkage=linkage, version=linkage.edit_version, content=content)
        if standing in ("agreed", "asked"):
            actions.agree(user=city, linkage=linkage, version=linkage.edit_version)
        if standing == "asked":
            actions.ask_end(user=shakyo, linkage=linkage, version=linkage.edit_version, comment="理由")
        world.linkages[standing] = Linkage.objects.get(pk=linkage.pk)
    world.pair = world.linkages["agreed"].pairs.get()


def add_accessibility(world: World) -> None:
    """The policy, and a test with one result."""
    result = f.CriterionResultFactory(test__fiscal_year=2026, criterion="1.1.1")
    world.other["result"] = result
    world.records |= {AccessibilityPolicy: f.AccessibilityPolicyFactory(), AccessibilityTest: result.test}


def others(plan: Plan) -> dict[str, Model]:
    """What forms may choose instead."""
    goal = f.BasicGoalFactory(plan=plan, number=2)
    return {"other_goal": goal, "other_initiative": f.InitiativeFactory(goal=goal), "other_sdg": f.SdgFactory(number=2)}


def make_world() -> World:
    plan = f.PlanFactory(municipality="登別市")
    goal = f.BasicGoalFactory(plan=plan, number=1)
    kizuna_plan = f.KizunaPlanFactory(city_plan=plan)
    kizuna_goal = f.KizunaGoalFactory(plan=kizuna_plan, number=1)
    initiative = f.InitiativeFactory(goal=goal, number=1)
    item = f.KizunaItemFactory(goal=kizuna_goal, number=1)
    sdg = f.SdgFactory(number=1)
    world = World(plan, other=others(plan) | {"initiative": initiative, "item": item})
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
        KizunaItem: f.KizunaItemFactory(goal=kizuna_goal, number=9, title_ruby=""),
        Linkage: f.LinkageFactory(goal=goal, kizuna_goal=kizuna_goal, summary=""),
        Reading: f.ReadingFactory(word="地域", ruby="{地域|ちいき}"),
        User: f.UserFactory(username="leaver", role="社協"),
        Group: Group.objects.create(name="そのほか"),
    }
    TOTPDevice.objects.create(user=world.records[User], name="phone")
    add_linkages(world, kizuna_goal)
    add_accessibility(world)
    world.waiting, world.new = make_drafts(goal, kizuna_goal, CHANGED)
    for model, differences in CHANGED.items():
        name, value = next(iter(differences.items()))
        if model is Linkage:
            world.records[model].save()
        elif hasattr(model, "history"):
            two_versions(world.records[model], name, world.other.get(value, value))
    return world


def client_as(role: str) -> Client:
    """A browser in which somebody with this role (or "no group", or "admin") is logged in."""
    groups = {} if role in ("no group", "admin") else {"role": role}
    client = Client()
    client.force_login(f.UserFactory(is_staff=True, is_superuser=role == "admin", **groups))
    return client


def fill(client: Client, address: str, body: dict | None = None, **how: object) -> HttpResponse:
    """Open the form at this address and send it as a browser does: with the version that it showed."""
    shown = re.search(r'name="edit_version" value="([^"]*)"', client.get(address).content.decode())
    assert shown, f"{address} says nothing of its version"
    return client.post(address, {"edit_version": shown.group(1), **(body or {})}, **how)


def text_of(value: object) -> str:
    """The same for the same value; PostgreSQL gives bytes as a memoryview, whose own text is its address."""
    return str(bytes(value) if isinstance(value, memoryview) else value)


def snapshot() -> dict[str, list]:
    """All rows of all tables, but for sessions, the admin's log and the time of the last login."""
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - NOT_CONTENT):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (a name from the database itself)
            columns = [column[0] for column in cursor.description]
            kept = [i for i, column in enumerate(columns) if column != "last_login"]
            rows[table] = sorted(tuple(text_of(row[i]) for i in kept) for row in cursor.fetchall())
    return rows
