"""The list of initiatives with its filters in the address."""

import re

import pytest

from tests.factories import (
    BasicGoalFactory,
    DepartmentFactory,
    GoalSdgLinkFactory,
    InitiativeFactory,
    KizunaItemFactory,
    LinkageFactory,
    LinkagePairFactory,
    PlanFactory,
    SdgFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return DepartmentFactory(name="福祉グループ")


@pytest.fixture
def plan(department):
    plan = PlanFactory(municipality="登別市")
    elderly = BasicGoalFactory(plan=plan, number=1, title="のびやかなまち", field="高齢者福祉")
    children = BasicGoalFactory(plan=plan, number=2, title="育つまち", field="子育て")
    InitiativeFactory(goal=elderly, number=1, title="介護サービスの充実", department=department)
    InitiativeFactory(goal=elderly, number=2, title="ボランティアの推進")
    together = InitiativeFactory(goal=children, number=1, title="児童虐待の防止", body="見守りを広げます。")
    GoalSdgLinkFactory(goal=children, sdg=SdgFactory(number=4))
    linkage = LinkageFactory(goal=children, agreed=True)
    LinkagePairFactory(linkage=linkage, initiative=together, item=KizunaItemFactory(goal=linkage.kizuna_goal))
    return plan


def labels(response):
    return re.findall(r'rows__no">([^<]+)<', response.content.decode())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["1-(1)", "1-(2)", "2-(1)"]),
        ({"goal": "1"}, ["1-(1)", "1-(2)"]),
        ({"field": "子育て"}, ["2-(1)"]),
        ({"sdg": "4"}, ["2-(1)"]),
        ({"linked": "on"}, ["2-(1)"]),
        ({"q": "ｶｲｺﾞ"}, []),
        ({"q": "介護"}, ["1-(1)"]),
        ({"q": "ﾎﾞﾗﾝﾃｨｱ"}, ["1-(2)"]),
        ({"q": "ぼらんてぃあ"}, ["1-(2)"]),
        ({"q": "見守り"}, ["2-(1)"]),
        ({"q": "児童　防止"}, ["2-(1)"]),
        ({"q": "児童 介護"}, []),
        ({"q": "高齢者"}, ["1-(1)", "1-(2)"]),
        ({"q": "介護", "goal": "2"}, []),
        ({"q": "介護 サービス 充実"}, ["1-(1)"]),
        ({"q": "介護サ－ビス"}, ["1-(1)"]),
        ({"q": "介護サービス 子育て"}, []),
        ({"q": "子育て 防止"}, ["2-(1)"]),
        ({"q": "ふくし グループ"}, []),
        ({"q": "福祉ｸﾞﾙｰﾌﾟ"}, ["1-(1)"]),
        ({"q": "兒童虐待"}, ["2-(1)"]),
        ({"q": "ー"}, []),
        ({"q": "%"}, []),
        ({"q": "　"}, ["1-(1)", "1-(2)", "2-(1)"]),
        ({"goal": "2", "linked": "on"}, ["2-(1)"]),
        ({"goal": "1", "linked": "on"}, []),
        ({"goal": "1", "grade": "A", "year": "2026"}, ["1-(1)", "1-(2)"]),
        ({"grade": "%00", "year": "x", "linked": ""}, ["1-(1)", "1-(2)", "2-(1)"]),
    ],
)
def test_filters(client, plan, query, expected):
    response = client.get("/initiatives/", query)
    assert response.status_code == 200
    assert labels(response) == expected
    assert f"{len(expected)}件" in response.content.decode()


def test_department_filter(client, plan, department):
    assert labels(client.get("/initiatives/", {"department": department.pk})) == ["1-(1)"]


def test_a_proposed_linkage_does_not_count(client, plan):
    plan.goals.get(number=2).linkages.update(state="proposed")
    assert labels(client.get("/initiatives/", {"linked": "on"})) == []


def test_a_linkage_with_an_ended_kizuna_plan_does_not_count(client, plan):
    plan.kizuna_plans.update(state="ended")
    assert labels(client.get("/initiatives/", {"linked": "on"})) == []


def test_a_field_that_two_goals_share_is_offered_once(client, plan):
    BasicGoalFactory(plan=plan, number=3, field="子育て")
    assert client.get("/initiatives/").content.decode().count('<option value="子育て">') == 1


def test_chips_say_and_remove_each_filter(client, plan):
    page = client.get("/initiatives/", {"q": "介護", "goal": "1", "linked": "on", "page": "1"}).content.decode()
    assert "ことば：介護" in page
    assert "基本目標：1 のびやかなまち" in page
    assert 'href="?goal=1&amp;linked=on"' in page
    assert 'href="?q=%E4%BB%8B%E8%AD%B7&amp;linked=on"' in page
    assert 'href="?q=%E4%BB%8B%E8%AD%B7&amp;goal=1"' in page


def test_a_chip_leads_back_to_the_first_page_and_keeps_what_is_not_a_filter(client, plan):
    page = client.get("/initiatives/?goal=1&q=介護&page=1&year=2026").content.decode()
    assert 'href="?q=%E4%BB%8B%E8%AD%B7&amp;year=2026"' in page
    assert 'href="?goal=1&amp;year=2026"' in page


def test_the_form_keeps_every_filter_in_force(client, plan, department):
    query = {"q": "介護", "goal": "1", "field": "高齢者福祉", "department": department.pk}
    page = client.get("/initiatives/", query).content.decode()
    assert 'value="介護"' in page
    for value in ("1", "高齢者福祉", department.pk):
        assert f'<option value="{value}" selected>' in page
    assert page.count("の条件を外す") == 4
    assert "すべて外す" in page


@pytest.mark.parametrize(
    ("name", "value"), [("goal", "8"), ("goal", "１"), ("field", "見知らぬ分野"), ("sdg", "17"), ("department", "0")]
)
def test_an_unknown_value_is_a_message_and_no_chip(client, plan, name, value):
    response = client.get("/initiatives/", {name: value, "q": "介護", "page": "2"})
    page = response.content.decode()
    assert response.status_code == 400
    assert f"「{value}」は選べません。" in page
    assert "条件を直すと、取組が出ます。" in page
    assert 'value="介護"' in page
    assert "の条件を外す" not in page


def test_an_initiative_with_two_departments_words_is_listed_once(client, plan):
    goal = plan.goals.get(number=1)
    for number in range(1, 4):
        GoalSdgLinkFactory(goal=goal, sdg=SdgFactory(number=number))
    assert labels(client.get("/initiatives/", {"q": "介護 福祉グループ", "sdg": "2"})) == ["1-(1)"]


def test_no_hit_says_what_to_do(client, plan):
    assert "条件を減らすか" in client.get("/initiatives/", {"q": "ない"}).content.decode()


def test_long_lists_are_paged(client, plan):
    goal = plan.goals.get(number=1)
    for number in range(10, 50):
        InitiativeFactory(goal=goal, number=number)
    first = client.get("/initiatives/", {"goal": "1"})
    assert len(labels(first)) == 30
    assert 'href="?goal=1&amp;page=2"' in first.content.decode()
    assert len(labels(client.get("/initiatives/", {"goal": "1", "page": "2"}))) == 12


def test_queries_do_not_grow(client, plan, django_assert_max_num_queries):
    for number in range(3, 30):
        InitiativeFactory(goal__plan=plan, number=number, department=DepartmentFactory())
    with django_assert_max_num_queries(4):
        client.get("/initiatives/", {"q": "推進"})
