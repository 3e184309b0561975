"""/accessibility/ in each of its states, as a citizen reads it."""

import re

import html5lib
import pytest
from django.test import Client

from plan_portal.accessibility.criteria import CRITERIA
from plan_portal.content import load_plan, load_readings
from plan_portal.foundation.furigana import KANJI
from plan_portal.foundation.ruby_html import with_furigana
from tests import factories as f
from tests.plan_portal.crawler import Page, read
from tests.plan_portal.test_weight import ONE_ROUND_TRIP, weight

pytestmark = pytest.mark.django_db
URL = "/accessibility/"
NOT_YET = "人による試験は、まだ行っていません。"


def text(page: Page) -> str:
    return re.sub(r"\s+", " ", page.text)


def make_whole(**fields):
    """A policy and a published test in which one criterion failed; every field given."""
    f.AccessibilityPolicyFactory(
        scope="対象の文",
        exceptions="例外の文",
        contact="担当の文\n電話の文",
        deadline="2028-03-31",
        set_on="2026-05-01",
    )
    texts = {name: f"{name}の文" for name in ("method", "page_choice", "known_faults", "fix_plan")}
    test = f.AccessibilityTestFactory(
        fiscal_year=2026, published=True, outcome="conforms", pages="/\n/goals/", **(texts | fields)
    )
    test.results.filter(criterion="1.4.3").update(result="fails", note="備考の文")
    test.results.filter(criterion="1.2.4").update(applies=False, result="untested")
    return test


def test_with_nothing_recorded_nothing_is_claimed(client):
    page = read(client, URL)
    assert NOT_YET in text(page)
    assert "市の正式な方針 確認待ち" in text(page)
    assert "どこまで対応しているか 確認待ち" in text(page)
    assert "担当 確認待ち" in text(page)
    assert "<table" not in page.body
    assert not re.search("準拠|配慮", page.text)


def test_empty_fields_of_a_policy_wait(client):
    f.AccessibilityPolicyFactory(level="")
    page = read(client, URL)
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.body))
    names = ["目標とする適合レベル", "対象範囲", "例外", "目標を達成する期限", "方針を定めた日"]
    assert {name: "確認待ち" in facts[name] for name in names} == dict.fromkeys(names, True)
    assert "どこまで対応しているか 確認待ち" in text(page)


def test_a_policy_alone_is_consideration_and_says_what_that_means(client):
    f.AccessibilityPolicyFactory(scope="<b>範囲</b>\n2行目", deadline="2028-03-31", contact="福祉の課\n電話")
    page = read(client, URL)
    assert "JIS X 8341-3:2016 の適合レベルAAに配慮" in page.text
    assert "基準を満たしているかどうかは、まだ言えません。" in page.text
    assert "準拠" not in page.text
    assert NOT_YET in page.text
    assert "&lt;b&gt;範囲&lt;/b&gt;<br>2行目" in page.body
    assert "福祉の課<br>電話" in page.body.partition('id="contact"')[2]
    assert "令和10年3月31日" in page.text


def test_a_draft_and_a_half_filled_test_are_not_seen(client):
    f.AccessibilityPolicyFactory()
    f.AccessibilityTestFactory(outcome="conforms", tester="下書きの団体")
    half = f.AccessibilityTestFactory(published=True, outcome="conforms", tester="途中の団体")
    half.results.filter(criterion="4.1.2").update(result="untested")
    page = read(client, URL)
    assert NOT_YET in page.text
    assert not re.search("下書きの団体|途中の団体|準拠", page.text)
    assert read(client, f"{URL}?year={half.fiscal_year}").status == 404


def test_a_whole_conforming_test_is_full(client):
    f.AccessibilityPolicyFactory()
    f.AccessibilityTestFactory(fiscal_year=2026, published=True, outcome="conforms")
    page = read(client, URL)
    assert "JIS X 8341-3:2016 の適合レベルAAに準拠" in page.text
    assert "令和8年度（2026年度）に、人が試験した結果によるものです。" in page.text
    assert NOT_YET not in page.text


def test_a_failed_criterion_with_a_plan_is_partial_and_all_is_told(client):
    make_whole(tester="試験の団体")
    page = read(client, URL)
    assert "JIS X 8341-3:2016 の適合レベルAAに一部準拠" in page.text
    for told in ("試験の団体", "methodの文", "page_choiceの文", "known_faultsの文", "fix_planの文", "備考の文"):
        assert told in page.text
    assert "確認待ち" not in page.body.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'<li class="page-address">(.*?)</li>', page.body) == ["/", "/goals/"]


def test_the_table_holds_all_38_criteria_in_order(client):
    make_whole()
    body = read(client, URL).body
    assert re.findall(r'<th scope="row">(.*?)</th><td>(A+)</td>', body) == [
        (criterion.title, criterion.level) for criterion in CRITERIA
    ]
    rows = dict(re.findall(r'<th scope="row">([\d.]+) .*?</th><td>A+</td>(.*?)</tr>', body))
    assert rows["1.4.3"] == "<td>あり</td><td><strong>不適合</strong></td><td>備考の文</td>"
    assert rows["1.2.4"] == "<td>なし</td><td>適合</td><td></td>"
    assert sum("<td>適合</td>" in row for row in rows.values()) == 37
    region = re.search(
        r'<div class="scroll" role="region" aria-label="[^"]+" tabindex="0"><table [^>]*><caption>', body
    )
    assert region
    assert re.findall(r'<th scope="col">(.*?)</th>', body) == ["達成基準", "レベル", "適用", "結果", "備考"]


def test_what_a_machine_tested_is_called_so(client):
    f.AccessibilityPolicyFactory()
    f.AccessibilityTestFactory(published=True, by_people=False, outcome="conforms")
    page = read(client, URL)
    assert f"機械だけの試験です。{NOT_YET}" in page.text
    assert "適合レベルAAに配慮" in page.text


def test_earlier_years_are_linked_and_the_claim_stays_with_the_newest(client):
    make_whole()
    f.AccessibilityTestFactory(fiscal_year=2024, published=True, outcome="conforms", tester="前の団体")
    newest, older = read(client, URL), read(client, f"{URL}?year=2024")
    assert f"{URL}?year=2024#results" in newest.links
    assert "前の団体" not in newest.text
    assert "前の団体" in older.text
    assert f"{URL}?year=2026#results" in older.links
    assert "不適合" not in older.body.partition("<table")[2]
    for page in (newest, older):
        assert "適合レベルAAに一部準拠" in page.text
    titles = [re.search("<title>(.*?)</title>", page.body)[1] for page in (newest, older)]
    assert titles[0] != titles[1]
    assert "令和6年度（2024年度）" in titles[1]


@pytest.mark.parametrize("year", ["1999", "abc", "\0", "9" * 400, "２０２６", "-1"])
def test_a_year_without_a_public_test_is_a_plain_404(client, year):
    make_whole()
    response = client.get(URL, {"year": year})
    assert response.status_code == 404
    assert "この年度の試験の結果は、公開していません。" in response.content.decode()


def test_queries_do_not_grow(client):
    load_plan()
    empty = read(client, URL).queries
    make_whole()
    one = read(client, URL).queries
    for year in (2023, 2024, 2025):
        f.AccessibilityTestFactory(fiscal_year=year, published=True, outcome="conforms")
    assert empty <= one == read(client, URL).queries == read(client, f"{URL}?year=2023").queries == 4


@pytest.mark.parametrize("furigana", [False, True])
def test_whole_page_is_valid_and_comes_in_one_round_trip(furigana):
    load_plan()
    load_readings()
    make_whole()
    f.AccessibilityTestFactory(fiscal_year=2025, published=True, outcome="conforms")
    client = Client()
    if furigana:
        client.cookies["furigana"] = "1"
    page = read(client, URL)
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page.body)
    assert parser.errors == []
    assert len(page.ids) == len(set(page.ids))
    assert weight(page) <= ONE_ROUND_TRIP


@pytest.mark.parametrize("state", ["policy", "full", "partial", "machine", "older"])
def test_every_kanji_of_the_portals_own_words_is_read(state):
    load_plan()
    load_readings()
    kana = dict.fromkeys(["tester", "method", "page_choice", "known_faults"], "かな")
    f.AccessibilityPolicyFactory(deadline="2028-03-31", set_on="2026-05-01")
    if state != "policy":
        years = (2026, 2025) if state == "older" else (2026,)
        for year in years:
            test = f.AccessibilityTestFactory(fiscal_year=year, published=True, outcome="conforms", **kana)
        test.results.filter(criterion="1.2.4").update(applies=False)
        if state == "partial":
            test.fix_plan = "かな"
            test.results.filter(criterion="1.4.3").update(result="fails")
        test.by_people = state != "machine"
        test.save()
    client = Client()
    client.cookies["furigana"] = "1"
    page = read(client, f"{URL}?year=2025" if state == "older" else URL)
    unread: list[str] = []

    def collect(words: str) -> tuple[tuple[str, str], ...]:
        unread.extend(KANJI.findall(words))
        return ((words, ""),)

    with_furigana(page.body, collect)
    assert unread == []
