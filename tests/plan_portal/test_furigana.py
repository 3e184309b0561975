"""Furigana as a reader sees it: on every page, over every kanji, and nowhere where it would harm."""

import csv
import re
from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.db import transaction

from goals.models import BasicGoal
from kizuna.models import Linkage
from plan_portal.content import load_plan, load_readings, load_sample
from plan_portal.foundation.furigana import KANJI
from plan_portal.foundation.models import Reading
from plan_portal.foundation.ruby_html import with_furigana
from sdgs.models import Sdg
from tests.factories import SdgIconFactory
from tests.plan_portal.crawler import Page, crawl, furigana_reader, read

pytestmark = pytest.mark.django_db
RUBY = re.compile(r'<ruby>([^<]*)<rp>（</rp><rt aria-hidden="true">([^<]*)</rt><rp>）</rp></ruby>')
H1 = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
CUT = re.compile(rf"…(?:{KANJI.pattern})|(?:{KANJI.pattern})…")


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker) -> dict[str, Page]:
    with django_db_blocker.unblock(), transaction.atomic():
        load_plan()
        load_sample()
        load_readings()
        SdgIconFactory(sdg=Sdg.objects.get(number=3))
        Linkage.objects.filter(goal__number=2, kizuna_goal__number=3).update(state="ended", ended_on=date(2027, 3, 31))
        found = crawl(furigana_reader())
        found |= {
            url: read(furigana_reader(), url) for url in ("/nothing/", "/initiatives/?goal=999", "/search/?q=支援")
        }
        transaction.set_rollback(True)
    return {url: page for url, page in found.items() if page.is_html}


def body_of(page: Page) -> str:
    return page.body.partition("<body")[2]


def markup(html: str) -> str:
    """HTML with ruby → the text with `{護|まも}り` markup."""
    return re.sub(r"<[^>]*>", "", RUBY.sub(r"{\1|\2}", html))


def test_all_47_titles_are_read_as_in_the_source(pages):
    source = settings.BASE_DIR / "fixtures/source/furigana-titles.csv"
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    heads = "\n".join(markup(found) for page in pages.values() for found in H1.findall(page.body))
    assert len(rows) == 47
    assert [row["ruby_markup"] for row in rows if row["ruby_markup"] not in heads] == []


def test_every_kanji_of_every_page_has_a_reading(pages, counts):
    """Of the plan, the 見本 and the portal's own words; not of a word that a search cuts, by its mark or by …."""
    bare: dict[str, str] = {}
    for page in pages.values():
        unread: list[str] = []

        def collect(text: str, unread: list[str] = unread) -> tuple[tuple[str, str], ...]:
            unread += KANJI.findall(CUT.sub("…", text))
            return ((text, ""),)

        with_furigana(page.body, collect)
        counts["words with furigana"] += len(RUBY.findall(page.body))
        bare |= dict.fromkeys(unread, page.url)
    assert bare == {}


def test_furigana_is_in_no_title_and_no_attribute(pages):
    for page in pages.values():
        assert "<ruby" not in page.body.partition("<body")[0], page.url
        assert not re.search(r'="[^"]*<r[ubtp]', page.body), page.url
        assert not re.search(r"<(select|svg|script)\b(?:(?!</\1>).)*<ruby", page.body, re.DOTALL), page.url


def test_furigana_is_hidden_from_names(pages):
    assert {page.url for page in pages.values() if re.search(r"<rt>|<rt(?! aria-hidden=\"true\">)", page.body)} == set()


def test_furigana_costs_one_question_more(pages):
    assert {page.url: page.queries for page in pages.values() if page.queries > 5 + (page.url == "/")} == {}


def test_without_the_switch_no_ruby_is_sent(client):
    load_plan()
    load_readings()
    sent = crawl(client)
    assert [page.url for page in sent.values() if "<ruby" in page.body or "furigana.css" in page.body] == []


def test_text_is_the_same_with_and_without(client):
    load_plan()
    load_readings()
    plain, read_aloud = read(client, "/plan/").body, read(furigana_reader(), "/plan/").body
    without = re.sub(r"<rp>.</rp>|<rt [^>]*>[^<]*</rt>|</?ruby>", "", read_aloud)
    main = re.compile(r"<main.*</main>", re.DOTALL)
    assert main.search(without)[0].replace("<wbr>", "") == main.search(plain)[0].replace("<wbr>", "")


def test_pages_with_and_without_are_cached_apart(client):
    load_plan()
    for url in ("/", "/goals/1/1/", "/search/", "/nothing/"):
        assert "Cookie" in client.get(url).headers["Vary"], url


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("/goals/4/2/", "/goals/4/2/"),
        ("/initiatives/?q=%E6%94%AF%E6%8F%B4&goal=4", "/initiatives/?q=%E6%94%AF%E6%8F%B4&goal=4"),
        ("", "/"),
        ("//example.org/", "/"),
        ("//", "/"),
        ("https://example.org/", "/"),
        ("/\\example.org/", "/"),
        ("javascript:alert(1)", "/"),
        ("goals/", "/"),
        ("/a\r\nSet-Cookie: x=1", "/a%0D%0ASet-Cookie:%20x=1"),
    ],
)
def test_switch_goes_back_to_the_page_and_nowhere_else(client, asked, back):
    response = client.get("/furigana/", {"on": "1", "next": asked})
    assert (response.status_code, response.headers["Location"]) == (302, back)
    assert "no-store" in response.headers["Cache-Control"]


def test_switch_on_and_off(client):
    load_plan()
    load_readings()
    load = read(client, "/goals/4/")
    assert 'name="on" value="1"' in load.body
    assert 'name="next" value="/goals/4/"' in load.body
    client.get("/furigana/", {"on": "1", "next": "/goals/4/"})
    cookie = client.cookies["furigana"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == ("1", True, "Lax", "/")
    assert "ふりがなをけす" in re.sub("<[^>]*>", "", read(client, "/goals/4/").body)
    assert 'name="on"' not in read(client, "/goals/4/").body
    client.get("/furigana/", {"next": "/goals/4/"})
    assert "<ruby" not in read(client, "/goals/4/").body


def test_switch_takes_no_post(client):
    assert client.post("/furigana/", {"on": "1"}).status_code == 405


@pytest.mark.parametrize("value", ["0", "", "on", "11"])
def test_only_one_value_of_the_cookie_means_on(client, value):
    load_plan()
    load_readings()
    client.cookies["furigana"] = value
    assert "<ruby" not in read(client, "/goals/4/").body


def test_a_new_word_of_the_dictionary_is_read_at_once(client):
    load_plan()
    page = read(furigana_reader(), "/goals/2/")
    assert "<ruby>高齢者" not in page.body.partition("主な取り組み分野")[2][:200]
    Reading.objects.create(word="高齢者福祉", ruby="{高齢者|こうれいしゃ}{福祉|ふくし}")
    assert "こうれいしゃ" in read(furigana_reader(), "/goals/2/").body.partition("<h1")[2].partition("</div>")[0]


def test_a_title_comes_before_the_dictionary():
    load_plan()
    goal = BasicGoal.objects.get(number=3)
    Reading.objects.create(word=goal.title, ruby=goal.title_ruby.replace("けんこう", "ちがうよみ"))
    assert "ちがうよみ" not in read(furigana_reader(), "/goals/3/").body


def test_admin_has_no_furigana(admin_client):
    load_plan()
    load_readings()
    admin_client.cookies["furigana"] = "1"
    assert "<ruby" not in admin_client.get("/admin/goals/basicgoal/").content.decode()


def test_pages_without_a_plan_are_read_too():
    load_readings()
    assert Counter(RUBY.findall(read(furigana_reader(), "/").body))[("計画", "けいかく")] >= 1
