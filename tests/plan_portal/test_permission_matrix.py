"""Every admin address × every role × GET and POST: the database changes where the table below says so, and nowhere else."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlparse

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, path, reverse

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Department, Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage
from plan_portal.accessibility.models import AccessibilityPolicy, AccessibilityTest
from plan_portal.admin_site import PortalAdminSite
from plan_portal.foundation.conflicts import edit_version
from plan_portal.foundation.models import Reading
from sdgs.models import GoalSdgLink, PlanSdg, Sdg, SdgIcon
from tests.plan_portal.admin_world import CHANGED, NEW, World, client_as, make_world, snapshot
from tests.plan_portal.draft_world import DECIDERS, draft_requests, published_tables
from tests.plan_portal.linkage_requests import LINKAGE_PAGES, linkage_requests

# v(iew) a(dd) c(hange) d(elete); kept by hand, independent of the migration that makes the groups.
CITY_EDITS = {PlanSection: "vac", BasicGoal: "vac", Initiative: "vac", Department: "vac", GoalSdgLink: "vacd"}
CITY_EDITS[SdgIcon] = "vacd"
# Whose history is only read: what it was before is not kept, or changes by consent only.
NOT_REVERTED = {SdgIcon, Linkage}
ACCESSIBILITY = (AccessibilityPolicy, AccessibilityTest)
# What both organisations keep.
SHARED = {Reading: "vacd"}
KIZUNA_READ = {KizunaPlan: "v", KizunaGoal: "v", KizunaItem: "v", Linkage: "v"}
EDITS_ALL = (
    Plan,
    PlanSection,
    BasicGoal,
    Sdg,
    SdgIcon,
    PlanSdg,
    GoalSdgLink,
    Department,
    Initiative,
    *KIZUNA_READ,
    *ACCESSIBILITY,
    Reading,
    Group,
)
RIGHTS: dict[str, dict[type[Model], str]] = {
    "anonymous": {},
    "no group": {},
    "市・編集": {
        **CITY_EDITS,
        **dict.fromkeys(ACCESSIBILITY, "vac"),
        Plan: "v",
        Sdg: "v",
        PlanSdg: "v",
        **KIZUNA_READ,
        **SHARED,
    },
    "市・承認": {
        **dict.fromkeys(CITY_EDITS, "vacd"),
        **dict.fromkeys(ACCESSIBILITY, "vac"),
        Plan: "vac",
        Sdg: "v",
        PlanSdg: "vacd",
        **KIZUNA_READ,
        **SHARED,
    },
    "社協": {
        **dict.fromkeys([Plan, Sdg, PlanSdg, *CITY_EDITS, *ACCESSIBILITY], "v"),
        KizunaPlan: "vac",
        KizunaGoal: "vacd",
        KizunaItem: "vacd",
        Linkage: "v",
        **SHARED,
    },
    "admin": {**dict.fromkeys(EDITS_ALL, "vacd"), Linkage: "v", User: "vac"},
}
STAFF = [role for role in RIGHTS if role != "anonymous"]
PASSWORD = "password"
NEW_PASSWORD = {"new_password1": "mijikaku-nai-88", "new_password2": "mijikaku-nai-88"}
PAGES = ("changelist", "add", "change", "delete", "history", "simple_history", "password_change", "login")


@dataclass
class Case:
    """One address, what may be sent there, and which right each takes. `needs` is empty where nothing may change."""

    url: str
    model: type[Model] | None = None
    needs: str = ""
    body: dict = field(default_factory=dict)
    # What an empty POST needs: one that names no version changes no record.
    empty_needs: str = ""
    # The right that a GET needs; empty for pages of the site itself, None where no page is promised.
    get_needs: str | None = None
    roles: tuple[str, ...] | None = None  # instead of a right, for GET too where `get_needs` is "roles"
    publishes: bool = False

    def may_change(self, role: str, needs: str) -> bool:
        if not needs:
            return False
        if self.roles is not None:
            return role in self.roles
        return needs in RIGHTS[role].get(self.model, "")


def walk(patterns: list, prefix: str = "") -> Iterator[tuple[str, str, str | None]]:
    """(app/model/ or nothing, route, name) of every address below admin/."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            assert isinstance(pattern, URLPattern)
            yield prefix, str(pattern.pattern), pattern.name


def model_cases(world: World, model: type[Model], page: str, name: str) -> list[Case]:
    if page.startswith("draft") and model in DECIDERS:
        return [Case(model=model, **given) for given in draft_requests(world, model, page, name)]
    if model is Linkage and page in LINKAGE_PAGES:
        return [Case(model=Linkage, **request) for request in linkage_requests(world, page)]
    if page not in PAGES:
        raise AssertionError(
            f"An admin page that the table of rights does not know: {name}. Say who may do what there."
        )
    record, target = world.records[model], f"admin:{name}"
    if page in ("changelist", "add"):
        url = reverse(target)
    elif page == "simple_history":
        url = reverse(target, args=[record.pk, record.history.order_by("history_id")[1].history_id])
    else:
        url = reverse(target, args=[record.pk])
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [record.pk]}
    changed = world.form(model, CHANGED)
    version = {"edit_version": edit_version(record) if page == "simple_history" else changed.get("edit_version", "")}
    passwords = {"usable_password": "true", "password1": "nagai-aikotoba-99", "password2": "nagai-aikotoba-99"}
    revert = "" if model in NOT_REVERTED else "c"
    known = {
        "changelist": Case(url, model, body=chosen, get_needs="v"),
        "add": Case(url, model, "a", world.form(model, NEW), get_needs="a"),
        "change": Case(url, model, "c", changed, get_needs="v"),
        "delete": Case(url, model, "d", {"post": "yes", "reason": "統合した"} | version, get_needs="d"),
        "history": Case(url, model, get_needs="v"),
        "simple_history": Case(url, model, revert, changed | version, get_needs="v"),
        "password_change": Case(url, model, "c", passwords, get_needs="c"),
        "login": Case(url, model, "c", {"step": "reset", "reason": "なくした"}, get_needs="c"),
    }
    if page == "add" and model is AccessibilityPolicy:
        return [Case(url, body=world.form(model, NEW))]  # there is one, and never a second
    if page == "change" and model is AccessibilityTest:
        return [known[page], Case(url, model, "c", world.result_form(), get_needs="v")]
    return [known[page]]


def site_cases(world: World) -> dict[str, list[Case]]:
    plan_type = ContentType.objects.get_for_model(Plan)
    autocomplete = "?app_label=initiatives&model_name=initiative&field_name=goal&term=%00"
    return {
        "index": [Case(reverse("admin:index"), get_needs="")],
        "login": [Case(reverse("admin:login"), body={"username": "leaver", "password": PASSWORD})],
        "logout": [Case(reverse("admin:logout"))],
        "password_change": [
            Case(
                reverse("admin:password_change"),
                needs="own password",
                body={"old_password": PASSWORD, **NEW_PASSWORD},
                get_needs="",
                roles=tuple(STAFF),
            )
        ],
        # A code that is right cannot be known beforehand: tests/plan_portal/login/ goes the whole way.
        "login-check": [Case(reverse("admin:login-check"), body={"code": "123456"})],
        "login-setup": [Case(reverse("admin:login-setup"), body={"code": "123456"}, get_needs="")],
        "login-qr": [Case(reverse("admin:login-qr"))],
        "login-own": [Case(reverse("admin:login-own"), body={"code": "123456", "step": "codes"}, get_needs="")],
        "password_change_done": [Case(reverse("admin:password_change_done"), get_needs="")],
        "autocomplete": [Case(reverse("admin:autocomplete") + autocomplete)],
        "jsi18n": [Case(reverse("admin:jsi18n"), get_needs="")],
        "view_on_site": [Case(reverse("admin:view_on_site", args=[plan_type.pk, world.plan.pk]))],
        "app_list": [Case(reverse("admin:app_list", args=[label])) for label in ("goals", "kizuna", "auth")],
    }


def all_cases(world: World) -> list[Case]:
    cases, of_site = [], site_cases(world)
    models = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in world.records}
    for prefix, route, name in walk(admin.site.urls[0]):
        if name in of_site:
            cases += of_site[name]
            continue
        known = next((key for key in models if name and name.startswith(f"{key}_")), None)
        if known:
            cases += model_cases(world, models[known], name.removeprefix(f"{known}_"), name)
        elif name is None and route == "<path:object_id>/":
            cases.append(Case(f"/admin/{prefix}1/"))
        elif name is None and route == "(?P<url>.*)$":
            cases.append(Case("/admin/nowhere"))
        else:
            raise AssertionError(f"An admin address that the table of rights does not know: {prefix}{route} ({name})")
    return cases


def clients() -> dict[str, str]:
    """role → session key; empty for nobody."""
    keys = {"anonymous": ""}
    for role in STAFF:
        keys[role] = client_as(role).cookies["sessionid"].value
    return keys


def send(key: str, method: str, url: str, body: dict) -> tuple[int, str, dict[str, list]]:
    """Status, target of a redirect and the database after the request, which is then undone."""
    client = Client(raise_request_exception=False)
    if key:
        client.cookies["sessionid"] = key
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url, body)
        after = snapshot()
        transaction.set_rollback(True)
    return response.status_code, response.headers.get("Location", ""), after


def complaint(case: Case, role: str, method: str, needs: str, outcome: tuple, before: dict) -> str:
    """What is wrong with the outcome, or nothing."""
    status, location, after = outcome
    may, changed = case.may_change(role, needs), after != before
    if status >= 500:
        return f"answers {status}"
    if changed and not may:
        return f"changed {[table for table in after if after[table] != before[table]]}"
    if (published := published_tables(before, after)) and not (case.publishes and may):
        return f"changed what citizens read without a second person: {published}"
    if may and case.publishes and not published:
        return "may publish, but nothing was published"
    if may and not changed:
        return f"may change something, but a valid POST did not (status {status})"
    if case.get_needs is None or method != "GET":
        return ""
    if role == "anonymous":
        return (
            "" if status == 302 and urlparse(location).path == reverse("admin:login") else f"shows {status} to nobody"
        )
    if case.get_needs == "roles":
        return "" if status == (200 if role in (case.roles or ()) else 403) else f"GET answers {status}"
    may_see = case.get_needs in RIGHTS[role].get(case.model, "") if case.get_needs else True
    return "" if status == (200 if may_see else 403) else f"GET answers {status}"


@pytest.mark.django_db
def test_the_database_changes_only_where_the_table_of_rights_says_so(counts: Counter[str]) -> None:
    world = make_world()
    keys, cases, before = clients(), all_cases(world), snapshot()
    wrong, requests, changes = [], 0, 0
    for role, key in keys.items():
        for case in cases:
            for method, body, needs in (
                ("GET", {}, ""),
                ("POST", {}, case.empty_needs),
                ("POST", case.body, case.needs),
            ):
                outcome = send(key, method, case.url, body)
                requests += 1
                changes += outcome[2] != before
                problem = complaint(case, role, method, needs, outcome, before)
                if problem:
                    wrong.append(f"{role} {method} {case.url} {'empty' if not body else 'filled'}: {problem}")
    counts["requests of the permission matrix"] += requests
    counts["of them, requests that change something"] += changes
    assert not wrong, "\n".join(wrong)
    assert snapshot() == before
    assert changes > 100


def test_every_registered_model_stands_in_the_table() -> None:
    assert set(admin.site._registry) == set(RIGHTS["admin"])


@pytest.mark.django_db
def test_an_address_that_nobody_has_judged_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    world, known = make_world(), admin.site.urls[0]
    for name in ("goals_plan_publish", "reports", None):
        addresses = [*known, path("new/", admin.site.index, name=name)]
        monkeypatch.setattr(PortalAdminSite, "get_urls", lambda _, addresses=addresses: addresses)
        with pytest.raises(AssertionError, match="does not know"):
            all_cases(world)
