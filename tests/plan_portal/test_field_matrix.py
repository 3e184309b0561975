"""Every field of every model × role, by a crafted POST: a field changes where the table below says so, and nowhere else.

The valid form of a page is sent, and then the same with one more field. Both must leave the same database, but for a field that
the table gives to this role on this page. All fields of a model travel at once where none may make a difference; one by one if
they made one, or kept the form from being taken.
"""

from collections import Counter
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Field, Model

from goals.admin import BasicGoalAdmin
from goals.models import BasicGoal, Plan, PlanSection
from initiatives.admin import DepartmentAdmin
from initiatives.models import Department, Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage
from plan_portal.accessibility.models import AccessibilityPolicy, AccessibilityTest, CriterionResult
from plan_portal.admin import PortalUserAdmin
from plan_portal.admin_site import PortalAdminSite
from plan_portal.foundation.models import Draft, DraftStep, PublishedChange, Reading
from sdgs.models import GoalSdgLink, PlanSdg, Sdg, SdgIcon
from tests import factories as f
from tests.plan_portal.admin_world import World, client_as, make_world
from tests.plan_portal.draft_world import DECIDERS
from tests.plan_portal.field_requests import (
    ANY_NUMBER,
    Rows,
    Target,
    changes,
    crafted_fields,
    differences,
    owners,
    rows,
    sent,
    spread_keys,
    targets,
    valid_value,
)
from tests.plan_portal.test_permission_matrix import RIGHTS

FIGURE = "figure_number figure_caption"
# What whoever may change the record changes by its own form; kept by hand, independent of the forms.
DIRECT: dict[type[Model], str] = {
    Plan: f"municipality ordinal name ideal introduction period_start period_end state {FIGURE}",
    Sdg: "number name name_en colour",
    SdgIcon: "sdg image conditions_confirmed",
    PlanSdg: "plan sdg",
    GoalSdgLink: "goal sdg reason confirmation",
    Department: "name valid_from valid_to replaces phone email",
    KizunaPlan: "city_plan key name organisation ordinal ideal introduction goal_label item_label state"
    " period_start period_end",
    Reading: "word ruby",
    AccessibilityPolicy: "level scope exceptions deadline set_on contact",
    AccessibilityTest: "fiscal_year tested_on by_people tester method page_choice pages known_faults fix_plan state",
    User: "username last_name first_name email is_active is_staff is_superuser groups",
    Group: "name permissions",
}
# What a draft may propose. The record itself changes in no field: somebody else publishes.
DRAFTED: dict[type[Model], str] = {
    PlanSection: f"plan number heading body parent position slug supplement figure_credit figure_alt {FIGURE}",
    BasicGoal: "plan number title field title_ruby summary_easy",
    Initiative: "goal number title embodied_plan body title_ruby summary_easy department",
    KizunaGoal: "plan number title subtitle title_ruby",
    KizunaItem: "number title goal placement title_ruby",
}
OF_A_DRAFT = {"reason", "message"}
# What the form of a linkage says for its proposal or its step.
OF_A_STEP = {"summary", "since", "partners", "pairs", "comment"}
OF_A_RESULT = {"applies", "result", "note"}
# Which no form can be seen to change, and why.
NEVER_SEEN = {
    (SdgIcon, "conditions_confirmed"),  # the database holds no icon without it
}
# Reckoned from other columns of the same row, never told.
DERIVED = {"search_text", "media_type", "width", "height", "digest"}
STEP_TABLES = {"kizuna_linkageproposal", "kizuna_linkagestep"}
DRAFT_TABLES = {Draft._meta.db_table, DraftStep._meta.db_table}


def may_influence(target: Target, owner: type[Model], name: str) -> set[str]:
    """The tables in which this field may make a difference, sent to this page by somebody who may send its form."""
    host, page = target.host, target.page
    if page == "step":
        return STEP_TABLES if name in OF_A_STEP else set()
    if page == "review":
        return {PublishedChange._meta.db_table, DraftStep._meta.db_table} if name == "note" else set()
    if host in DRAFTED:
        fits = name in DRAFTED[host].split() or name in OF_A_DRAFT
        return DRAFT_TABLES if fits and page in ("change", "add", "draft") else set()
    if owner is CriterionResult and page == "change":
        tables = {CriterionResult._meta.db_table, CriterionResult.history.model._meta.db_table}
        return tables if name in OF_A_RESULT else set()
    own = page in ("change", "add") and name in DIRECT.get(host, "").split()
    return {host._meta.db_table} if own else set()


def follows(target: Target, names: set[str], tables: set[str], difference: tuple[str, str]) -> bool:
    """Whether this difference is the field itself, or what a rightful save writes besides."""
    (table, column), host = difference, target.host
    columns = names | {f"{name}_id" for name in names} | DERIVED
    if target.page == "review":
        return (table, column) in {(PublishedChange._meta.db_table, "note"), (DraftStep._meta.db_table, "comment")}
    if not tables or host not in DIRECT:
        return table in tables
    if table in tables:
        return column in columns
    joins = {relation.m2m_db_table() for relation in host._meta.many_to_many if relation.name in names}
    beside = {PublishedChange._meta.db_table, *joins}
    if hasattr(host, "history"):
        beside.add(host.history.model._meta.db_table)
    return table in beside or column == "search_text"


def forbidden(target: Target, before: Rows, after: Rows) -> set[str]:
    """The columns of the host's own rows that changed though no form of this page writes them."""
    table = target.host._meta.db_table
    touched = {column for changed, column in changes(before, after) if changed == table}
    if target.page in ("review", "step"):
        return set()  # a publication, a step: its plain form says what changes
    own = {"password"} if target.page == "password" else set()
    if target.host in DIRECT:
        names = DIRECT[target.host].split()
        own |= {*names, *(f"{name}_id" for name in names), *DERIVED}
        own |= {"+"} if target.page == "add" else set()
    return touched - own


class Matrix:
    """The requests of one role, and what came of them."""

    def __init__(self, world: World, role: str, key: str) -> None:
        self.world, self.role, self.key, self.before = world, role, key, rows()
        self.wrong: list[str] = []
        self.taken: set[tuple[type[Model], str]] = set()
        self.requests = self.fields = self.changing = 0

    def try_all(self, host: type[Model]) -> None:
        for target in targets(self.world, host):
            plain = self.send(target, target.body, "the plain form")
            for owner in owners(host):
                fields = list(crafted_fields(host, owner))
                self.fields += len(fields)
                may = self.role in target.roles
                hopes = may and any(may_influence(target, owner, one.name) for one in fields)
                if not hopes and (self.try_together(target, owner, fields, plain) or not may):
                    continue
                for model_field in fields:
                    self.try_field(target, owner, model_field, plain)

    def send(self, target: Target, body: dict[str, Any], what: str) -> Rows:
        status, after = sent(self.key, target.url, body, self.before)
        self.requests += 1
        self.changing += after != self.before
        if status >= 500:
            self.complain(target, what, f"answers {status}")
        if after != self.before and self.role not in target.roles:
            self.complain(target, what, f"changed {sorted(changes(self.before, after))}")
        elif columns := forbidden(target, self.before, after):
            self.complain(target, what, f"changed the record itself: {sorted(columns)}")
        return after

    def record_of(self, target: Target, owner: type[Model]) -> Model:
        if owner is CriterionResult:
            return self.world.other["result"]
        return target.record if owner is target.host else owner()

    def try_together(self, target: Target, owner: type[Model], fields: list[Field], plain: Rows) -> bool:
        """Whether all went as with the plain form."""
        body, record = target.body, self.record_of(target, owner)
        for model_field in fields:
            body = body | target.crafted(owner, model_field, valid_value(record, model_field))
        after = self.send(target, body, f"all fields of {owner.__name__}")
        taken_alike = (after == self.before) == (plain == self.before)
        return taken_alike and not differences(self.before, plain, after, ANY_NUMBER)

    def try_field(self, target: Target, owner: type[Model], model_field: Field, plain: Rows) -> None:
        value, what = valid_value(self.record_of(target, owner), model_field), f"{owner.__name__}.{model_field.name}"
        after = self.send(target, target.body | target.crafted(owner, model_field, value), what)
        if after in (self.before, plain):
            return
        tables = may_influence(target, owner, model_field.name)
        found = differences(self.before, plain, after, str(value[model_field.name]))
        bad = {one for one in found if not follows(target, set(value), tables, one)}
        if bad:
            self.complain(target, what, f"made a difference in {sorted(bad)}")
        if found and tables and owner in (target.host, Draft, CriterionResult) and target.page in ("change", "add"):
            self.taken.add((owner, model_field.name))

    def complain(self, target: Target, what: str, problem: str) -> None:
        self.wrong.append(f"{self.role} {target.page} {target.url} {what}: {problem}")


def expected(role: str) -> set[tuple[type[Model], str]]:
    """What the tables let this role change, of a record or of its draft."""
    hosts = [host for host in DIRECT | DRAFTED if "c" in RIGHTS[role].get(host, "")]
    found = {(host, name) for host in hosts for name in (DIRECT | DRAFTED)[host].split()}
    found |= {(Draft, name) for name in OF_A_DRAFT for host in hosts if host in DRAFTED}
    results = {(CriterionResult, name) for name in OF_A_RESULT}
    return (found | (results if AccessibilityTest in hosts else set())) - NEVER_SEEN


def named(fields: set[tuple[type[Model], str]]) -> list[str]:
    return sorted(f"{model.__name__}.{name}" for model, name in fields)


def matrix_of(role: str, *hosts: type[Model]) -> Matrix:
    world = make_world()
    f.DepartmentFactory()  # that may be chosen
    key = "" if role == "anonymous" else client_as(role).cookies["sessionid"].value
    spread_keys()
    matrix = Matrix(world, role, key)
    for host in hosts or world.records:
        matrix.try_all(host)
    assert rows() == matrix.before
    return matrix


@pytest.mark.django_db
@pytest.mark.parametrize("role", RIGHTS)
def test_a_crafted_field_changes_only_what_its_sender_may_change(role: str, counts: Counter[str]) -> None:
    matrix = matrix_of(role)
    counts["fields of the field matrix"] += matrix.fields
    counts["requests of the field matrix"] += matrix.requests
    counts["of them, requests that change what they may"] += matrix.changing
    assert not matrix.wrong, "\n".join(matrix.wrong)
    assert named(matrix.taken) == named(expected(role))


def test_every_registered_model_stands_in_the_table_of_fields() -> None:
    assert set(admin.site._registry) == {*DIRECT, *DRAFTED, Linkage}
    assert set(DRAFTED) == set(DECIDERS)


@pytest.mark.django_db
def test_a_field_that_was_opened_by_mistake_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = (("言", {"fields": ("username", "user_permissions")}),)
    monkeypatch.setattr(PortalUserAdmin, "fieldsets", opened)
    assert "User.user_permissions: made a difference" in "\n".join(matrix_of("admin", User).wrong)


@pytest.mark.django_db
def test_a_right_that_was_given_by_mistake_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DepartmentAdmin, "has_change_permission", lambda *_: True)
    assert "社協 change" in "\n".join(matrix_of("社協", Department).wrong)


@pytest.mark.django_db
def test_a_form_that_saves_the_record_beside_the_draft_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    save_draft = BasicGoalAdmin._save_draft

    def save_both(self: Any, request: Any, form: Any, record: Any, draft: Any) -> Any:
        BasicGoal.objects.filter(pk=record and record.pk).update(field="もれた")
        return save_draft(self, request, form, record, draft)

    monkeypatch.setattr(BasicGoalAdmin, "_save_draft", save_both)
    assert "changed the record itself: ['field']" in "\n".join(matrix_of("市・編集", BasicGoal).wrong)


@pytest.mark.django_db
def test_a_page_that_takes_a_column_from_the_request_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def save_model(self: Any, request: Any, obj: Any, form: Any, change: bool) -> None:
        obj.phone = request.POST.get("is_sample", obj.phone)
        obj.save()

    monkeypatch.setattr(DepartmentAdmin, "save_model", save_model)
    wrong = "\n".join(matrix_of("市・編集", Department).wrong)
    assert "Department.is_sample" in wrong


@pytest.mark.django_db
def test_a_refusal_that_takes_a_column_from_the_request_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse = PortalAdminSite.refuse

    def take_and_refuse(self: Any, request: Any, reason: str) -> Any:
        Department.objects.update(phone=request.POST.get("is_sample", ""))
        return refuse(self, request, reason)

    monkeypatch.setattr(PortalAdminSite, "refuse", take_and_refuse)
    assert "all fields of Department: changed" in "\n".join(matrix_of("社協", Department).wrong)
