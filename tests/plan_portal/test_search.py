"""Search over everything public."""

import pytest

from goals.models import Plan
from kizuna.models import Linkage
from plan_portal.content import load_plan, load_sample
from plan_portal.search import find

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    load_plan()
    load_sample()
    return Plan.objects.get()


def urls(plan, query):
    return [result.url for result in find(plan, query)]


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
    ],
)
def test_everything_public_is_found(plan, query, url):
    assert url in urls(plan, query)


def test_titles_come_before_texts(plan):
    found = find(plan, "支援")
    in_title = ["支援" in result.title for result in found]
    assert in_title == sorted(in_title, reverse=True)
    assert found[0].kind.startswith("取組")


def test_an_agreed_linkage_is_found_and_a_proposed_one_is_not(plan):
    linkage = Linkage.objects.agreed().first()
    linkage.summary = "見本：合言葉はカワセミです。"
    linkage.save()
    assert [result.kind for result in find(plan, "かわせみ")] == ["連携"]
    linkage.state = "proposed"
    linkage.save()
    assert find(plan, "かわせみ") == []


def test_the_excerpt_stands_around_the_hit(plan):
    section = next(result for result in find(plan, "コーディネーター") if result.url == "/plan/#s3-4")
    assert section.text.startswith("…")
    assert section.text.endswith("…")
    assert "コーディネーター" in section.text


def test_one_query_for_all(plan, django_assert_num_queries):
    with django_assert_num_queries(1):
        find(plan, "福祉")
    with django_assert_num_queries(0):
        assert find(plan, " 　\0") == []


def test_the_page_marks_hits_in_any_spelling(client, plan):
    page = client.get("/search/", {"q": "ﾎﾞﾗﾝﾃｨｱ"}).content.decode()
    assert "<mark>ボランティア</mark>センター機能の充実" in page
    assert "<title>「ﾎﾞﾗﾝﾃｨｱ」の検索結果｜" in page


def test_nothing_found_leads_on(client, plan):
    page = client.get("/search/", {"q": "存在しないことば"}).content.decode()
    assert "見つかりませんでした" in page
    assert "取組の一覧から選ぶ" in page


def test_results_are_paged(client, plan):
    page = client.get("/search/", {"q": "の"}).content.decode()
    assert "1／" in page
    assert "次のページ" in page
