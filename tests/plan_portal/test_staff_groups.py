"""The groups that the migration makes, and how the admin names and treats their people."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.urls import reverse

from tests import factories as f
from tests.plan_portal.admin_world import client_as

pytestmark = pytest.mark.django_db


def rights(verbs: str, names: tuple[str, ...]) -> set[str]:
    return {name.format(verb) for verb in verbs.split() for name in names}


CITY_EDITED = ("goals.{}_plansection", "goals.{}_basicgoal", "initiatives.{}_initiative", "initiatives.{}_department")
CITY_ALL = (*CITY_EDITED, "goals.{}_plan", "sdgs.{}_sdg", "sdgs.{}_plansdg", "sdgs.{}_goalsdglink", "sdgs.{}_sdgicon")
SHARED = rights("view add change delete", ("foundation.{}_reading",))
ACCESSIBILITY = tuple(
    f"accessibility.{{}}_{model}" for model in ("accessibilitypolicy", "accessibilitytest", "criterionresult")
)
KIZUNA_ALL = tuple(
    f"kizuna.{{}}_{model}" for model in ("kizunaplan", "kizunagoal", "kizunaitem", "linkage", "linkagepair")
)
KIZUNA_OWN = tuple(name for name in KIZUNA_ALL if name != "kizuna.{}_linkagepair")


EDITORS = (
    rights("view add change", (*CITY_EDITED, "sdgs.{}_goalsdglink"))
    | rights("view add change delete", ("sdgs.{}_sdgicon",))
    | {"sdgs.delete_goalsdglink", "goals.view_plan", "sdgs.view_sdg", "sdgs.view_plansdg"}
    | rights("view", KIZUNA_ALL)
    | rights("view add change", ACCESSIBILITY)
    | SHARED
)
EXPECTED = {
    "市・編集": EDITORS,
    "市・承認": EDITORS
    | rights("add change", ("goals.{}_plan",))
    | rights("add change delete", ("sdgs.{}_plansdg",))
    | rights("delete", CITY_EDITED),
    "社協": rights("view add change", KIZUNA_OWN)
    | rights("view", KIZUNA_ALL)
    | {"kizuna.delete_kizunagoal", "kizuna.delete_kizunaitem"}
    | rights("view", CITY_ALL)
    | rights("view", ACCESSIBILITY)
    | SHARED,
}


# Migrations that gave the groups more, in order.
LATER = (
    "plan_portal.foundation.migrations.0002_rights_to_readings",
    "sdgs.migrations.0004_rights_to_sdg_icons",
    "plan_portal.accessibility.migrations.0002_rights_to_accessibility",
    "kizuna.migrations.0006_rights_by_consent",
)


@pytest.fixture
def migration():
    return importlib.import_module("plan_portal.migrations.0001_staff_groups")


@pytest.mark.parametrize("name", EXPECTED)
def test_group_has_exactly_its_rights(name: str) -> None:
    permissions = Permission.objects.filter(group__name=name).select_related("content_type")
    assert {f"{p.content_type.app_label}.{p.codename}" for p in permissions} == EXPECTED[name]


def test_migration_can_be_undone_and_done_again(migration) -> None:
    editor = SimpleNamespace(connection=connection)
    migration.remove_groups(apps, editor)
    assert not Group.objects.filter(name__in=EXPECTED).exists()
    migration.make_groups(apps, editor)
    migration.make_groups(apps, editor)
    for later in LATER:
        for operation in importlib.import_module(later).Migration.operations:
            before = {name: Group.objects.get(name=name).permissions.count() for name in EXPECTED}
            operation.code(apps, editor)
            operation.reverse_code(apps, editor)
            assert {name: Group.objects.get(name=name).permissions.count() for name in EXPECTED} == before
            operation.code(apps, editor)
    for name in EXPECTED:
        test_group_has_exactly_its_rights(name)
    assert apps.get_app_config("goals").models_module is not None


@pytest.mark.parametrize(
    ("role", "word"), [("市・編集", "市・編集"), ("市・承認", "市・承認"), ("社協", "社協"), ("admin", "管理者")]
)
def test_header_names_the_organisation(role: str, word: str) -> None:
    page = client_as(role).get(reverse("admin:index")).content.decode()
    assert f'st-org-{"admin" if role == "admin" else "shakyo" if role == "社協" else "city"}">{word}</span>' in page


@pytest.mark.parametrize(
    ("role", "address", "who"),
    [
        ("市・編集", "admin:kizuna_linkage_add", "社協の職員"),
        ("社協", "admin:goals_basicgoal_add", "市の職員"),
        ("市・編集", "admin:goals_plan_add", "市の承認者"),
        ("市・承認", "admin:auth_user_changelist", "管理者"),
    ],
)
def test_refusal_says_in_the_look_of_the_admin_who_may(role: str, address: str, who: str) -> None:
    response = client_as(role).get(reverse(address))
    page = response.content.decode()
    assert response.status_code == 403
    assert f"この操作は〈{who}〉だけができます。" in page
    assert reverse("admin:index") in page
    assert "css/staff.css" in page


def test_accounts_are_never_deleted() -> None:
    admin, user = client_as("admin"), f.UserFactory(role="社協")
    address = reverse("admin:auth_user_change", args=[user.pk])
    page = admin.get(address).content.decode()
    assert "利用者は消せません" in page
    assert "deletelink" not in page
    assert admin.post(reverse("admin:auth_user_delete", args=[user.pk]), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [user.pk]}
    admin.post(reverse("admin:auth_user_changelist"), chosen)
    assert User.objects.filter(pk=user.pk).exists()


def test_an_account_is_deactivated_instead() -> None:
    user = f.UserFactory(role="社協")
    body = {"username": user.username, "last_name": "見本", "is_staff": "on", "groups": [user.groups.get().pk]}
    client_as("admin").post(reverse("admin:auth_user_change", args=[user.pk]), body)
    user.refresh_from_db()
    assert not user.is_active


def test_the_last_administrator_cannot_be_taken_away() -> None:
    client = client_as("admin")
    user = User.objects.get(is_superuser=True)
    address = reverse("admin:auth_user_change", args=[user.pk])
    response = client.post(address, {"username": user.username, "is_active": "on", "is_staff": "on"})
    assert "管理者が1人もいなくなります" in response.content.decode()
    user.refresh_from_db()
    assert user.is_superuser


def test_new_account_with_a_group() -> None:
    group = Group.objects.get(name="市・編集")
    body = {"username": "hanako", "last_name": "見本", "first_name": "花子", "is_staff": "on", "groups": [group.pk]}
    passwords = {"password1": "nagai-aikotoba-1", "password2": "nagai-aikotoba-1"}
    client_as("admin").post(reverse("admin:auth_user_add"), body | passwords)
    user = User.objects.get(username="hanako")
    assert list(user.groups.all()) == [group]
    assert user.check_password("nagai-aikotoba-1")
    assert "見本 花子" in client_as("admin").get(reverse("admin:auth_user_changelist")).content.decode()


@pytest.mark.parametrize("city", ["市・編集", "市・承認"])
def test_nobody_is_of_both_organisations(city: str) -> None:
    admin, user = client_as("admin"), f.UserFactory(role="社協")
    both = [Group.objects.get(name=name).pk for name in (city, "社協")]
    body = {"username": "ryouhou", "is_staff": "on", "is_active": "on", "groups": both}
    page = admin.post(reverse("admin:auth_user_change", args=[user.pk]), body).content.decode()
    assert "市と社協の両方には入れられません。" in page
    assert [group.name for group in user.groups.all()] == ["社協"]
    passwords = {"password1": "nagai-aikotoba-1", "password2": "nagai-aikotoba-1"}
    page = admin.post(reverse("admin:auth_user_add"), body | passwords).content.decode()
    assert "市と社協の両方には入れられません。" in page
    assert 'value="ryouhou"' in page
    assert not User.objects.filter(username="ryouhou").exists()


def test_somebody_may_edit_and_approve_or_move_to_the_other() -> None:
    admin, user = client_as("admin"), f.UserFactory(role="社協")
    ids = [Group.objects.get(name=name).pk for name in ("市・編集", "市・承認")]
    body = {"username": user.username, "is_staff": "on", "is_active": "on", "groups": ids}
    admin.post(reverse("admin:auth_user_change", args=[user.pk]), body)
    assert [group.name for group in user.groups.order_by("pk")] == ["市・編集", "市・承認"]


def test_the_portals_groups_keep_their_names_and_stay() -> None:
    admin, group = client_as("admin"), Group.objects.get(name="社協")
    admin.post(reverse("admin:auth_group_change", args=[group.pk]), {"name": "別の名前"})
    admin.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"})
    assert Group.objects.filter(name="社協").exists()


def test_permissions_are_named_in_japanese() -> None:
    page = client_as("admin").get(reverse("admin:auth_group_add")).content.decode()
    assert "基本目標を変更する" in page
    assert "Can " not in page
    assert "historical" not in page


def test_staff_without_a_group_are_told_what_to_do() -> None:
    page = client_as("no group").get(reverse("admin:index")).content.decode()
    assert "管理者に、所属" in page
    assert "いま、確認待ちの事実はありません。" in page
