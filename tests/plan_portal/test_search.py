"""Search over everything public: where it looks, in which order, and what it shows of it."""

import re

import pytest

from goals.models import Plan
from initiatives.models import Department, Initiative
from kizuna.models import KizunaPlan, Linkage
from plan_portal.content import load_plan, load_sample
from plan_portal.foundation.search_text import fold
from plan_portal.search.results import Kind, find
from plan_portal.search.sources import MOST_RESULTS
from tests.factories import GoalSdgLinkFactory, InitiativeFactory, PlanFactory, PlanSectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    load_plan()
    load_sample()
    return Plan.objects.get()


def urls(plan, query):
    return [result.url for result in find(plan, query).results]


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("介護", "/goals/2/3/"),
        ("高齢者福祉", "/goals/2/"),
        ("ﾎﾞﾗﾝﾃｨｱ", "/kizuna/items/9/"),
        ("ぼらんてぃあせんたー", "/kizuna/items/9/"),
        ("きずなを護り", "/kizuna/goals/2/"),
        ("困りごとを解決", "/kizuna/goals/3/"),
        ("コーディネーター", "/plan/#s3-4"),
        ("ジェンダー", "/sdgs/5/"),
        ("gender", "/sdgs/5/"),
        ("ＧＥＮＤＥＲ", "/sdgs/5/"),
        ("再犯　推進計画", "/goals/7/4/"),
        ("福祉", "/plan/#s1"),
        ("温もりある福祉のまち", "/"),
        ("第3期", "/"),
        ("関係性", "/relationship/"),
        ("関係図", "/relationship/"),
        ("民間の活動", "/kizuna/#ideal"),
        ("共生共存", "/kizuna/#ideal"),
        ("社協", "/kizuna/#ideal"),
        ("福祉グループ", "/goals/1/1/"),
        ("登別市再犯防止推進計画", "/goals/7/4/"),
        ("厚生労働省", "/plan/#s1"),
        ("図４０", "/plan/#s1"),
        ("医療にかかわるため", "/goals/3/#sdgs"),
        ("気づいたことを伝え合います", "/goals/2/#linkages"),
        ("基本目標4", "/goals/4/"),
        ("取組7-(4)", "/goals/7/4/"),
        ("７－４", "/goals/7/4/"),
        ("⑦", "/kizuna/items/7/"),
        ("SDGs 11", "/sdgs/11/"),
        ("障害者", "/goals/4/1/"),
    ],
)
def test_everything_public_is_found(plan, query, url):
    assert url in urls(plan, query)


def test_every_address_leads_to_a_page_that_holds_the_words(client, plan):
    for query in ("福祉", "きずな", "見本", "社協", "目標"):
        for result in find(plan, query).results:
            path, _, fragment = result.url.partition("#")
            page = client.get(path).content.decode()
            assert not fragment or f'id="{fragment}"' in page, result.url
            assert fold(query) in fold(re.sub(r"<[^>]*>", "", page)), result.url


def test_better_hits_come_first(plan):
    for position, (heading, body) in enumerate([("話", "合図"), ("あの合図", ""), ("合図の話", ""), ("合図", "")], 5):
        PlanSectionFactory(plan=plan, position=position, heading=heading, body=body, slug=f"x{position}")
    found = find(plan, "合図")
    assert [(result.title, result.rank) for result in found.results] == [
        ("合図", 0),
        ("合図の話", 1),
        ("あの合図", 2),
        ("話", 4),
    ]


def test_equal_hits_stand_in_plan_order(plan):
    found = find(plan, "の充実").of(Kind.INITIATIVE)
    assert [result.label for result in found] == ["取組2-(2)", "取組2-(3)", "取組3-(2)", "取組3-(3)"]
    texts = [result.url for result in find(plan, "支援").of(Kind.TEXT)]
    assert texts == ["/plan/#s1", "/plan/#s2", "/plan/#s3-3", "/plan/#s3-4"]


def test_kinds_are_counted_and_the_best_comes_first(plan):
    found = find(plan, "支援")
    assert found.kinds == {Kind.INITIATIVE: 3, Kind.GOAL: 1, Kind.TEXT: 4}
    assert list(found.kinds) == [Kind.INITIATIVE, Kind.GOAL, Kind.TEXT]
    assert [result.kind for result in found.results] == [k for k, n in found.kinds.items() for _ in range(n)]
    assert list(find(plan, "貧困をなくそう").kinds) == [Kind.SDG]


def test_an_agreed_linkage_is_found_and_a_proposed_one_is_not(plan):
    linkage = Linkage.objects.agreed().first()
    linkage.summary = "見本：合言葉はカワセミです。"
    linkage.save()
    assert [result.kind for result in find(plan, "かわせみ").results] == [Kind.LINKAGE]
    linkage.state = "ended"
    linkage.save()
    assert not find(plan, "かわせみ").results
    linkage.state = "proposed"
    linkage.save()
    assert find(plan, "かわせみ").results == ()


def test_of_another_plan_nothing_is_found(plan):
    other = PlanFactory(name="カワセミ計画")
    InitiativeFactory(goal__plan=other, title="カワセミの保護")
    GoalSdgLinkFactory(goal__plan=other, reason="カワセミのため")
    assert find(plan, "カワセミ").results == ()
    assert len(find(other, "カワセミ").results) == 3


def test_an_ended_kizuna_plan_is_not_found(plan):
    KizunaPlan.objects.update(state="ended")
    kinds = {result.row.kind for query in ("きずな", "ボランティア", "関係") for result in find(plan, query).results}
    assert kinds <= {"plan", "section", "initiative", "goal", "sdg_link"}


def test_a_department_is_found_by_its_telephone(plan):
    department = Department.objects.get(name="見本 防災グループ")
    department.phone = "000-1234-5678"
    department.save()
    results = find(plan, "00012345678").results
    assert {result.url for result in results} == {
        initiative.get_absolute_url() for initiative in Initiative.objects.filter(department=department)
    }
    assert results[0].excerpt == "電話 000-1234-5678"


def test_the_excerpt_stands_around_the_hit(plan):
    section = next(result for result in find(plan, "コーディネーター").results if result.url == "/plan/#s3-4")
    assert section.excerpt.startswith("地域と市との協働関係を築く上で、コーディネーター")
    assert section.excerpt.endswith("大切になります。")
    late = next(result for result in find(plan, "温もりある地域社会").results if result.url == "/plan/#s1")
    assert late.excerpt.startswith("…")
    assert "温もりある地域社会" in late.excerpt
    early = next(result for result in find(plan, "社会構造").results if result.url == "/plan/#s1")
    assert early.excerpt.startswith("本計画の策定")
    assert early.excerpt.endswith("…")


def test_one_query_for_all(plan, django_assert_num_queries):
    with django_assert_num_queries(1):
        find(plan, "福祉")
    with django_assert_num_queries(0):
        assert find(plan, " 　\0ー・%").results == ()


def test_more_than_can_be_shown_is_said(client, plan):
    goal = plan.goals.get(number=1)
    InitiativeFactory.create_batch(MOST_RESULTS - 20, goal=goal, title="川の見守り", title_ruby="")
    InitiativeFactory(goal__plan=plan, goal__number=8, number=1, title="川", title_ruby="")
    assert "件以上" not in client.get("/search/", {"q": "川"}).content.decode()
    InitiativeFactory.create_batch(30, goal=plan.goals.get(number=2), title="川の見守り", title_ruby="")
    page = client.get("/search/", {"q": "川"}).content.decode()
    assert f'<h2 id="count">{MOST_RESULTS}件以上</h2>' in page
    assert "ことばを足すと、しぼれます。" in page
