"""The page on which citizens search."""

import re

import pytest

from plan_portal.content import load_plan, load_sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def content():
    load_plan()
    load_sample()


def page_of(client, query, status=200):
    response = client.get("/search/", query)
    assert response.status_code == status
    return response.content.decode()


def headings(page):
    return [re.sub(r"<[^>]*>", "", text).strip() for text in re.findall(r'class="results__kind">(.*?)</h3>', page)]


def test_hits_are_marked_in_any_spelling(client):
    page = page_of(client, {"q": "ﾎﾞﾗﾝﾃｨｱ"})
    assert "<mark>ボランティア</mark>センター機能の<wbr>充実" in page
    assert "<title>「ﾎﾞﾗﾝﾃｨｱ」の検索結果｜" in page
    assert "<mark>コーディネーター</mark>としての社協" in page_of(client, {"q": "コーディネータ"})
    assert "<mark>障がい</mark>者（児）への<wbr>理解" in page_of(client, {"q": "障害"})


def test_a_mark_goes_on_where_a_title_may_break(client):
    assert "<mark>地域福祉<wbr>活動の<wbr>推進</mark>" in page_of(client, {"q": "地域福祉活動の推進"})


def test_results_stand_under_their_kind_with_its_count(client):
    page = page_of(client, {"q": "支援"})
    assert '<h2 id="count">8件</h2>' in page
    assert headings(page) == ["取組 3件", "基本目標 1件", "計画の本文 4件"]
    assert page.count('class="result"') == 8


def test_how_words_are_combined_is_said(client):
    assert "「支援」を含むものです。" in page_of(client, {"q": "支援"})
    page = page_of(client, {"q": "支援　体制"})
    assert "「支援」「体制」の<strong>すべて</strong>を含むものです。" in page
    many = page_of(client, {"q": " ".join("春夏秋冬東西南北甲乙丙丁")})
    assert "見つかりませんでした" in many
    assert many.count('<a href="?q=') == 10


def test_a_kind_can_be_chosen_and_taken_away(client):
    page = page_of(client, {"q": "支援", "page": "1"})
    assert 'href="?q=%E6%94%AF%E6%8F%B4&amp;kind=text">計画の本文（4）' in page
    assert 'class="chips' not in page
    page = page_of(client, {"q": "支援", "kind": "text"})
    assert headings(page) == ["計画の本文 4件"]
    assert '<h2 id="count">4件</h2>' in page
    assert '<a href="?q=%E6%94%AF%E6%8F%B4"><span>種類：計画の本文</span>' in page
    assert 'kind=text" aria-current="true"' in page


def test_a_kind_without_a_hit_says_so(client):
    page = page_of(client, {"q": "貧困をなくそう", "kind": "text"})
    assert "この種類には、見つかりませんでした。" in page
    assert (
        '<a class="go" href="?q=%E8%B2%A7%E5%9B%B0%E3%82%92%E3%81%AA%E3%81%8F%E3%81%9D%E3%81%86">すべての種類を見る'
        in page
    )


def test_an_unknown_kind_is_told(client):
    page = page_of(client, {"q": "支援", "kind": "xyz"}, status=400)
    assert "「xyz」は選べません。" in page
    assert '<a class="go" href="?q=%E6%94%AF%E6%8F%B4">すべての種類からさがす' in page


def test_pages_repeat_the_heading_and_keep_the_query(client):
    first = page_of(client, {"q": "の"})
    assert first.count('class="result"') == 20
    assert "1／" in first
    assert 'href="?q=%E3%81%AE&amp;page=2">次のページ' in first
    second = page_of(client, {"q": "の", "page": "2"})
    last = headings(first)[-1].split()[0]
    assert headings(second)[0].startswith(last)
    assert headings(second)[0].endswith("件のつづき")
    assert "つづき" not in "".join(headings(second)[1:])
    assert len(re.findall('class="result"', page_of(client, {"q": "の", "page": "999"}))) > 0


def test_all_pages_together_hold_every_result_once(client):
    addresses, number = [], 1
    while True:
        page = page_of(client, {"q": "の", "page": str(number)})
        addresses += re.findall(r'<h4 class="phrase"><a href="([^"]+)"', page)
        if "次のページ" not in page:
            break
        number += 1
    assert len(addresses) == int(re.search(r'id="count">(\d+)件', page)[1])
    assert len(set(addresses)) >= 60


def test_nothing_found_leads_on(client):
    page = page_of(client, {"q": "存在しないことば"})
    assert '<h2 id="count">0件</h2>' in page
    assert "見つかりませんでした" in page
    assert "ことばを短くする" in page
    assert "取組の一覧から選ぶ" in page
    assert page.count('<li data-goal="') == 7
    page = page_of(client, {"q": "介護 存在しない"})
    assert '<a href="?q=%E4%BB%8B%E8%AD%B7">介護</a>' in page


@pytest.mark.parametrize("query", ["ー", "・", "%", "_", "\\", "'\"", "--", "（）", "～"])
def test_signs_alone_are_not_searched_for(client, query):
    page = page_of(client, {"q": query})
    assert '<h2 id="count">0件</h2>' in page
    assert "記号だけでは、さがせません。" in page


def test_wildcards_find_no_more_than_the_words_beside_them(client):
    plain = headings(page_of(client, {"q": "支援"}))
    for query in ("支援%", "_支援", "支\\援", "%支援%", "支_援"):
        assert headings(page_of(client, {"q": query})) == plain
    assert headings(page_of(client, {"q": "支%体制"})) == []


def test_too_long_a_text_is_an_error_with_what_was_typed(client):
    page = page_of(client, {"q": "あ" * 2700}, status=400)
    assert "ことばは100字までにしてください。" in page
    assert 'value="' + "あ" * 2700 in page
    assert 'id="count"' not in page


@pytest.mark.parametrize(
    "query", ["q=%ED%A0%80", "q=%00%E4%BB%8B%00%E8%AD%B7", "q=%FF%FE", "q=%F0%9F%91%AA", "q=%20%E3%80%80"]
)
def test_what_is_no_text_does_no_harm(client, query):
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    listed = client.get(f"/initiatives/?{query}")
    assert listed.status_code == 200


def test_a_page_asks_the_database_three_times_at_most(client, django_assert_max_num_queries):
    for query in ("の", "存在しないことば", "", "ー"):
        with django_assert_max_num_queries(3):
            page_of(client, {"q": query})
