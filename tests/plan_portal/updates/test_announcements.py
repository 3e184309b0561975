"""What staff change directly in the admin is told once, when citizens see it, and never with a name of staff."""

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.models import Department
from kizuna.models import KizunaPlan
from plan_portal.accessibility.models import AccessibilityTest, CriterionResult
from plan_portal.foundation.models import PublishedChange
from sdgs.models import GoalSdgLink
from tests import factories as f
from tests.plan_portal.admin_world import CHANGED, World, fill

pytestmark = pytest.mark.django_db
CANARY = "匿名鳥居"


@pytest.fixture
def staff() -> Client:
    """The administrator, who may do everything, with a name that nobody else has."""
    client = Client()
    client.force_login(f.UserFactory(is_staff=True, is_superuser=True, last_name=CANARY, first_name=CANARY))
    return client


def form(record, **differences) -> dict[str, str]:
    """The form of the record as a browser sends it, with the differences."""
    return World(None, {type(record): record}).form(type(record), {type(record): differences})


def address(record, page: str, *more: object) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk, *more])


def save(client: Client, record, **differences) -> None:
    response = client.post(address(record, "change"), form(record, **differences))
    assert response.status_code == 302, response.context["errors"]


def told() -> list[tuple]:
    """(by, title, summary, changes) of everything told, oldest first."""
    return [
        (
            change.by,
            change.title,
            change.summary,
            [(row["field"], row["before"], row["after"]) for row in change.changes],
        )
        for change in PublishedChange.objects.order_by("pk")
    ]


def carried_department(**fields) -> Department:
    """One that citizens are told to ask."""
    department = f.DepartmentFactory(**fields)
    f.InitiativeFactory(department=department)
    return department


def public_records() -> list:
    plan = f.PlanFactory()
    goal = f.BasicGoalFactory(plan=plan)
    return [
        plan,
        f.KizunaPlanFactory(city_plan=plan),
        carried_department(),
        f.GoalSdgLinkFactory(goal=goal),
        f.PlanSdgFactory(plan=plan),
        f.AccessibilityPolicyFactory(),
    ]


def hidden_records() -> list:
    plan = f.PlanFactory(preparing=True)
    department = f.DepartmentFactory()
    f.InitiativeFactory(department=department, goal__plan=plan)
    return [
        plan,
        f.KizunaPlanFactory(city_plan=plan),
        department,
        f.GoalSdgLinkFactory(goal__plan=plan),
        f.PlanSdgFactory(plan=plan),
        f.AccessibilityTestFactory(outcome="conforms"),
    ]


def changed(record) -> dict[str, str]:
    """A change of this kind of record, as the permission matrix makes it."""
    [(name, value)] = CHANGED[type(record)].items()
    return {name: str(f.SdgFactory().pk) if value == "other_sdg" else value}


def test_a_change_of_what_is_public_is_told_once(staff):
    for n, record in enumerate(public_records()):
        save(staff, record, **changed(record))
        [change] = PublishedChange.objects.order_by("pk")[n:]
        assert change.by == ("shakyo" if isinstance(record, KizunaPlan) else "city"), record
        assert change.url == record.get_absolute_url()
        assert len(change.changes) == 1
        assert change.summary == f"{change.changes[0]['field']}を変えました。"
        assert staff.get(change.url).status_code in (200, 404), "another plan may stand in front"


def test_what_citizens_do_not_see_is_not_told(staff):
    for record in hidden_records():
        inlines = {"results-TOTAL_FORMS": "0", "results-INITIAL_FORMS": "0"}
        response = staff.post(address(record, "change"), form(record, **changed(record)) | inlines)
        assert response.status_code == 302, record
        staff.post(address(record, "delete"), {"post": "yes"})
    assert told() == []


def test_saving_without_a_change_is_not_told(staff):
    for record in public_records():
        save(staff, record)
    assert told() == []


def test_a_refused_form_is_not_told(staff):
    department = carried_department()
    response = staff.post(address(department, "change"), form(department, phone="x"))
    assert response.status_code == 200
    assert told() == []


def test_before_and_after_are_in_japanese(staff):
    plan = f.PlanFactory(period_start=2026, name="見本計画")
    save(staff, plan, period_start="令和9")
    policy = f.AccessibilityPolicyFactory()
    save(staff, policy, set_on="2026-11-25", level="A")
    assert told() == [
        (
            "city",
            str(plan),
            "計画期間の初年度を変えました。",
            [("計画期間の初年度", "令和8年度（2026年度）", "令和9年度（2027年度）")],
        ),
        (
            "city",
            "ウェブアクセシビリティ方針",
            "目標とする適合レベル、方針を定めた日を変えました。",
            [("目標とする適合レベル", "レベルAA", "レベルA"), ("方針を定めた日", "", "2026年11月25日")],
        ),
    ]


def test_what_becomes_public_shows_nothing_of_before(staff):
    plan = f.PlanFactory(preparing=True, ideal="まだ見せない理念")
    save(staff, plan, state="current", ideal="決まった理念")
    save(staff, plan, state="ended", ideal="もう見せない理念")
    (_, _, began, values), (_, _, ended, gone) = told()
    assert (began, ended) == ("公開しました。", "公開をやめました。")
    assert ("基本理念", "", "決まった理念") in values
    assert ("基本理念", "決まった理念", "") in gone
    assert not [row for row in PublishedChange.objects.all() if "見せない" in str(row.changes)]


def test_new_and_deleted_records(staff):
    goal, sdg = f.BasicGoalFactory(), f.SdgFactory()
    staff.post(
        reverse("admin:sdgs_goalsdglink_add"),
        {"goal": goal.pk, "sdg": sdg.pk, "reason": "支え合うため", "confirmation": "confirmed"},
    )
    link = GoalSdgLink.objects.get()
    fill(staff, address(link, "delete"), {"post": "yes"})
    (_, title, began, values), (_, same, ended, gone) = told()
    assert title == same == f"基本目標とＳＤＧｓの結びつき：{goal} と {sdg}"
    assert (began, ended) == ("公開しました。", "公開をやめました。")
    assert ("理由", "", "支え合うため") in values
    assert ("理由", "支え合うため", "") in gone
    assert PublishedChange.objects.first().url == ""


def test_bringing_back_an_old_version_is_told_once(staff):
    department = carried_department(phone="000-0000-0001")
    save(staff, department, phone="000-0000-0002")
    oldest = department.history.earliest("history_date", "history_id")
    fill(staff, address(department, "simple_history", oldest.history_id))
    assert [changes for *_, changes in told()] == [
        [("電話", "000-0000-0001", "000-0000-0002")],
        [("電話", "000-0000-0002", "000-0000-0001")],
    ]
    fill(staff, address(department, "simple_history", oldest.history_id))
    assert len(told()) == 2


def test_what_no_page_shows_is_not_told(staff):
    department = carried_department(valid_from="2020-04-01")
    save(staff, department, valid_from="2021-04-01")
    save(staff, f.KizunaPlanFactory(), key="another")
    assert told() == []


def test_samples_say_so(staff):
    link = f.GoalSdgLinkFactory(is_sample=True, reason="見本の理由")
    save(staff, link, reason="見本の理由その2")
    [(_, title, *_)] = told()
    assert title.endswith("（見本）")


def test_results_of_a_test_are_told_with_it_once(staff):
    test = f.AccessibilityTestFactory(fiscal_year=2026, published=True, outcome="conforms")
    result = CriterionResult.objects.in_order().first()
    results = {
        "results-TOTAL_FORMS": "1",
        "results-INITIAL_FORMS": "1",
        "results-0-id": str(result.pk),
        "results-0-test": str(test.pk),
        "results-0-applies": "on",
        "results-0-result": "fails",
    }
    body = form(test, tester="見本の団体") | results
    for _ in range(2):
        assert staff.post(address(test, "change"), body).status_code == 302
    [(by, title, summary, changes)] = told()
    assert (by, title) == ("city", "アクセシビリティの試験：令和8年度（2026年度）の試験")
    assert summary == "実施者、達成基準の結果を変えました。"
    _, before, after = changes[1]
    assert (before.count("不適合"), after.count("不適合"), after.count("\n")) == (0, 1, 37)
    assert AccessibilityTest.objects.published().exists()


def test_models_with_drafts_and_tools_of_staff_are_not_told_here(staff):
    goal = f.BasicGoalFactory()
    reading = f.ReadingFactory()
    save(staff, reading, ruby=reading.ruby.replace("よみ", "べつ"))
    staff.post(address(goal, "change"), form(goal, field="変えた分野"))
    assert told() == []


def test_no_name_of_staff_is_told(staff):
    for record in public_records():
        save(staff, record, **changed(record))
    assert PublishedChange.objects.count() == 6
    urls = [
        "/updates/",
        "/updates/feed/",
        "/",
        *(change.get_absolute_url() for change in PublishedChange.objects.all()),
    ]
    for url in urls:
        assert CANARY not in Client().get(url).content.decode(), url
    assert CANARY not in str(list(PublishedChange.objects.values()))


def test_a_department_is_public_while_a_current_plan_names_it():
    carried = carried_department()
    hidden_records()
    f.InitiativeFactory(department=carried)
    assert list(Department.objects.public()) == [carried]
    carried.initiatives.update(department=None)
    assert list(Department.objects.public()) == []
