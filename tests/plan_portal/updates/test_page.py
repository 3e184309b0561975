"""/updates/ as citizens read it, and what is new on the first page."""

import re
from datetime import UTC, datetime

import html5lib
import pytest
from django.test import Client

from goals.models import PlanSection
from initiatives.models import Initiative
from plan_portal.content import load_plan, load_readings
from plan_portal.foundation.furigana import KANJI
from plan_portal.foundation.models import PublishedChange
from plan_portal.foundation.ruby_html import with_furigana
from tests.factories import PublishedChangeFactory
from tests.plan_portal.crawler import furigana_reader, read
from tests.plan_portal.test_indexing import canonicals, metas
from tests.plan_portal.test_weight import ONE_ROUND_TRIP, weight

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script><b>&amp;'


def announced(count: int) -> list[PublishedChange]:
    """Changes of 取組 of the plan, with long texts that all differ."""
    text = "".join(PlanSection.objects.order_by("pk").values_list("body", flat=True)).replace("\n", "")
    made = []
    for n, initiative in enumerate(Initiative.objects.in_plan_order()[:count]):
        before, added = text[n * 100 :][:300], text[::-1][n * 100 :][:150]
        rows = [
            {"field": "取組の本文", "before": before, "after": before[:100] + added + before[150:]},
            {"field": "やさしい日本語", "before": "", "after": added[:120]},
        ]
        fields = {"title": str(initiative), "url": initiative.get_absolute_url(), "note": before[40:100]}
        made.append(PublishedChangeFactory(changes=rows, by=PublishedChange.By.values[n % 3], **fields))
    return made


def test_before_and_after_when_and_by_whom(client):
    load_plan()
    change = PublishedChangeFactory(
        by="both",
        title="連携4と3",
        summary="本文を変えました。",
        note="委員会で決まりました。",
        url="/goals/4/",
        changes=[{"field": "本文", "before": "相談を受け付けます。", "after": "相談を電話で受け付けます。"}],
    )
    page = read(client, "/updates/")
    assert f"u{change.pk}" in page.ids
    assert '<a href="/goals/4/">' in page.body
    assert '<dd>相談を<ins><span class="sr">［追加］</span>電話で</ins>受け付けます。</dd>' in page.body
    assert "本文を変えました。" in page.text
    assert "委員会で決まりました。" in page.text
    assert '<span class="num">市</span>' in page.body
    assert '<span class="num" data-kizuna>社協</span>' in page.body
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d\+0900">令和\d+年\d+月\d+日 \d+:\d\d</time>', page.body)


def test_the_moment_is_that_of_japan(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 12, 31, 15, 4, tzinfo=UTC))
    PublishedChangeFactory()
    assert 'datetime="2027-01-01T00:04+0900">令和9年1月1日 0:04</time>' in read(client, "/updates/").body


def test_newest_first_twenty_a_page(client):
    changes = PublishedChangeFactory.create_batch(45)
    newest = [f"u{change.pk}" for change in reversed(changes)]
    for number, shown in ((1, newest[:20]), (2, newest[20:40]), (3, newest[40:])):
        page = read(client, f"/updates/?page={number}")
        assert [name for name in page.ids if re.fullmatch(r"u\d+", name)] == shown
        assert f"{number}／3ページ" in page.text
        assert canonicals(page) == ["http://testserver/updates/" + (f"?page={number}" if number > 1 else "")]
        assert page.queries <= 4
    assert metas(read(client, "/updates/?page=2"))["og:title"] != metas(read(client, "/updates/"))["og:title"]


def test_nothing_yet(client):
    page = read(client, "/updates/")
    assert page.status == 200
    assert "お知らせする変更は、まだありません。" in page.text
    assert "見かた" not in page.text


@pytest.mark.parametrize("page", ["x", "-1", "0", "%00", "1%00", "１", "99999999999999999999", "<b>"])
def test_a_page_that_cannot_be_meant_is_a_plain_400(client, page):
    assert client.get(f"/updates/?page={page}").status_code == 400


@pytest.mark.parametrize("query", ["page=999", "page=", "u=", "utm_source=x", "%00=%00"])
def test_odd_but_possible_queries_are_answered(client, query):
    PublishedChangeFactory()
    assert client.get(f"/updates/?{query}").status_code == 200


@pytest.mark.parametrize("key", ["0", "x", "%00", "-1", "１", "9" * 18, "9" * 400, "<b>"])
def test_an_unknown_change_is_a_plain_404(client, key):
    response = client.get(f"/updates/?u={key}")
    assert response.status_code == 404
    assert "この更新情報はありません。" in response.content.decode()


def test_a_change_keeps_its_address_when_newer_ones_come(client):
    load_plan()
    old = announced(1)[0]
    PublishedChangeFactory.create_batch(25)
    page = read(client, old.get_absolute_url())
    assert page.status == 200
    assert str(Initiative.objects.in_plan_order().first()) in page.text
    assert f"u{old.pk}" in page.ids
    assert "やさしい日本語" in page.text
    assert metas(page)["robots"] == "noindex"
    assert canonicals(page) == []


def test_long_texts_are_folded_and_lead_to_the_whole(client):
    load_plan()
    change = announced(1)[0]
    page = read(client, "/updates/")
    [folded] = re.findall(r"<details>.*?</details>", page.body, re.DOTALL)
    assert "<summary>" in folded
    assert f'href="{change.get_absolute_url()}"' in folded
    assert "<dd>" not in page.body.replace(folded, "")


def test_what_is_cut_leads_to_the_whole_although_it_is_open(client):
    load_plan()
    change = PublishedChangeFactory(note="あ" * 100)
    page = read(client, "/updates/")
    assert "<details>" not in page.body
    assert f'href="{change.get_absolute_url()}"' in page.body
    assert "あ" * 100 in read(client, change.get_absolute_url()).text


def test_what_others_wrote_is_escaped(client):
    load_plan()
    rows = [{"field": HOSTILE, "before": HOSTILE, "after": f"{HOSTILE}{HOSTILE}"}]
    change = PublishedChangeFactory(
        title=HOSTILE, summary=HOSTILE, note=HOSTILE, url=f"/{HOSTILE}", changes=[*rows, *rows]
    )
    for url in ("/updates/", change.get_absolute_url(), "/"):
        page = read(client, url)
        assert "alert(1)" in page.body, url
        assert not re.search(r"<script(?! type=\"application/ld\+json\">)|<b>", page.body), url
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(page.body)
        assert parser.errors == [], url


def test_a_full_page_comes_in_one_round_trip(counts):
    load_plan()
    load_readings()
    changes = announced(20)
    assert len(changes) == 20
    urls = ["/updates/", "/", *(change.get_absolute_url() for change in changes)]
    for kind, client in (("", Client()), (" with furigana", furigana_reader())):
        weights = {url: weight(read(client, url)) for url in urls}
        counts[f"bytes of a full page of updates{kind}"] = weights["/updates/"]
        assert {url: size for url, size in weights.items() if size > ONE_ROUND_TRIP} == {}


def test_a_change_alone_is_bounded_too():
    load_plan()
    load_readings()
    text = "".join(chr(0x4E00 + 7 * n) + "を支え、" for n in range(2000))
    change = PublishedChangeFactory(note=text, changes=[{"field": "本文", "before": text, "after": text[::-1]}])
    assert weight(read(furigana_reader(), change.get_absolute_url())) <= ONE_ROUND_TRIP


def test_every_kanji_has_a_reading():
    load_plan()
    load_readings()
    rows = [{"field": name, "before": "", "after": "あ" * 3000} for name in ("取組の本文", "担当")]
    long = PublishedChangeFactory(title="取組1-(1)", note="い" * 3000, changes=rows)
    PublishedChangeFactory(title="取組1-(2)", by="both", changes=[{"field": "電話", "before": "0", "after": "1"}])
    unread: list[str] = []

    def collect(text: str) -> tuple[tuple[str, str], ...]:
        unread.extend(KANJI.findall(text))
        return ((text, ""),)

    for url in ("/updates/", "/", long.get_absolute_url()):
        with_furigana(read(furigana_reader(), url).body, collect)
        assert unread == [], url


def test_the_first_page_shows_the_three_newest(client):
    load_plan()
    changes = PublishedChangeFactory.create_batch(4)
    page = read(client, "/")
    links = re.findall(r'href="/updates/#(u\d+)"', page.body)
    assert links == [f"u{change.pk}" for change in reversed(changes[1:])]
    assert changes[-1].title in page.text
    assert page.queries <= 5
    listed = read(client, "/updates/")
    assert set(links) <= set(listed.ids)


def test_the_first_page_without_news_says_nothing_of_them(client):
    load_plan()
    assert "新しいこと" not in read(client, "/").text


def test_it_is_linked_from_every_page(client):
    for url in ("/", "/accessibility/", "/updates/", "/nothing/"):
        page = read(client, url)
        assert '<link rel="alternate" href="/updates/feed/" type="application/atom+xml" title="更新情報">' in page.body
        assert '<a href="/updates/">更新情報</a>' in page.body
