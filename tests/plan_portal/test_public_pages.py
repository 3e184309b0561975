"""Every public page, reached as a reader reaches it."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from urllib.parse import urldefrag

import html5lib
import pytest
from django.db import transaction
from django.test import Client

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage, LinkageProposal
from plan_portal.content import load_plan, load_sample
from sdgs.models import Sdg
from tests.plan_portal.crawler import Page, crawl, local_links, read

pytestmark = pytest.mark.django_db
MOST_QUERIES = 4
ONE_MORE = {"/"}  # what is new
# A page that says what the word means in its tables.
EXPLAIN_SAMPLES = {"/data/"}


def _crawled(blocker, *loaders: Callable[[], object]) -> dict[str, Page]:
    """The pages of a portal into which `loaders` have loaded, and the database as it was before."""
    with blocker.unblock(), transaction.atomic():
        for load in loaders:
            load()
        pages = crawl(Client())
        transaction.set_rollback(True)
    return pages


@pytest.fixture(scope="module")
def plan_pages(django_db_setup, django_db_blocker) -> dict[str, Page]:
    return _crawled(django_db_blocker, load_plan)


@pytest.fixture(scope="module")
def sample_pages(django_db_setup, django_db_blocker) -> dict[str, Page]:
    return _crawled(django_db_blocker, load_plan, load_sample)


@pytest.fixture(params=["plan_pages", "sample_pages"])
def pages(request: pytest.FixtureRequest) -> dict[str, Page]:
    """Once with the plan alone, once with the 見本."""
    pages: dict[str, Page] = request.getfixturevalue(request.param)
    return pages


def html(pages: dict[str, Page]) -> list[Page]:
    return [page for page in pages.values() if page.is_html]


def test_every_page_is_reached_and_answers(pages, counts):
    counts["pages crawled"] += len(pages)
    assert {page.url: page.status for page in pages.values() if page.status != 200} == {}
    paths = {page.url.partition("?")[0] for page in pages.values()}
    assert len([path for path in paths if re.fullmatch(r"/goals/\d+/\d+/", path)]) == 20
    assert len([path for path in paths if re.fullmatch(r"/goals/\d+/", path)]) == 7
    assert len([path for path in paths if re.fullmatch(r"/kizuna/(goals|items)/\d+/", path)]) == 20
    assert len([path for path in paths if re.fullmatch(r"/sdgs/\d+/", path)]) == 17
    assert {"/", "/plan/", "/goals/", "/initiatives/", "/kizuna/", "/relationship/", "/relationship.svg"} <= paths
    assert {"/sdgs/", "/search/", "/accessibility/", "/updates/", "/updates/feed/"} <= paths


def test_every_initiative_is_three_clicks_from_the_first_page(pages):
    reached, clicks = {"/"}, 0
    while clicks < 3:
        clicks += 1
        reached |= {urldefrag(link)[0] for page in reached & pages.keys() for link in local_links(pages[page])}
    initiatives = {address for address in pages if re.fullmatch(r"/goals/\d+/\d+/", address)}
    assert len(initiatives) == 20
    assert initiatives <= reached


def test_every_fragment_stands_on_its_page(pages):
    missing = []
    for page in html(pages):
        for target in local_links(page):
            address, fragment = urldefrag(target)
            if fragment and fragment not in pages[address].ids:
                missing.append((page.url, target))
    assert missing == []


def test_every_page_is_valid_and_well_headed(pages):
    for page in html(pages):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(page.body)
        assert parser.errors == [], f"{page.url}: {parser.errors[:3]}"
        assert page.headings.count("h1") == 1, page.url
        levels = [int(heading[1]) for heading in page.headings]
        assert all(deeper <= level + 1 for level, deeper in pairwise(levels)), page.url
        assert '<html lang="ja">' in page.body, page.url
        assert [name for name, count in Counter(page.ids).items() if count > 1] == [], page.url


def test_every_page_has_a_title_of_its_own(pages):
    titles = [re.search(r"<title>(.*?)</title>", page.body)[1] for page in html(pages) if "?" not in page.url]
    assert [title for title, count in Counter(titles).items() if count > 1] == []


def test_pages_ask_the_database_little(pages):
    assert {
        page.url: page.queries for page in pages.values() if page.queries > MOST_QUERIES + (page.url in ONE_MORE)
    } == {}


def test_no_inline_script_or_style_and_no_other_host(pages):
    for page in pages.values():
        assert not re.search(
            r"<script(?! type=\"application/ld\+json\">)|<style|\sstyle=|\son[a-z]+=|javascript:", page.body
        ), page.url
        hosts = set(re.findall(r"(?:https?:)?//([a-z0-9.-]+)", page.body)) - {
            "www.w3.org",
            "schema.org",
            "testserver",
        }  # names, not addresses that a browser asks
        assert hosts == set(), page.url


def test_every_official_string_is_read_somewhere_word_for_word(plan_pages):
    load_plan()
    everything = "\n".join(page.text for page in html(plan_pages))
    sentences = [
        sentence
        for body in PlanSection.objects.values_list("body", flat=True)
        for sentence in re.findall(r"[^\n。]+。?", body)
    ]
    assert sum(sentence.endswith("。") for sentence in sentences) == 28
    wanted = [*sentences]
    wanted += [f"{goal.number}{goal.title}" for goal in BasicGoal.objects.all()]
    wanted += BasicGoal.objects.values_list("field", flat=True)
    for model in (Initiative, KizunaGoal, KizunaItem):
        wanted += model.objects.values_list("title", flat=True)
    wanted += KizunaGoal.objects.values_list("subtitle", flat=True)
    wanted += Sdg.objects.values_list("name", flat=True)
    wanted += [section.title for section in PlanSection.objects.exclude(parent=None)]
    wanted += PlanSection.objects.values_list("heading", flat=True)
    wanted += [Plan.objects.get().ideal, KizunaPlan.objects.get().ideal, "図４０ 地域共生社会のイメージ"]
    assert [text for text in wanted if text not in everything] == []


def test_the_standalone_figure_holds_all_titles_and_both_ideals(sample_pages):
    load_plan()
    svg = sample_pages["/relationship.svg"]
    assert svg.content_type.startswith("image/svg+xml")
    titles = [title for model in (BasicGoal, Initiative, KizunaGoal, KizunaItem) for title in _titles(model)]
    ideals = [Plan.objects.get().ideal, KizunaPlan.objects.get().ideal]
    assert len(titles) == 47
    assert [text for text in (*titles, *ideals) if text not in svg.body] == []
    assert svg.body.count('class="f-line ') == 13
    assert 'href="http://testserver/goals/7/4/"' in svg.body


def _titles(model):
    return model.objects.values_list("title", flat=True)


def test_the_sample_notice_stands_on_every_page_while_samples_are_present(sample_pages):
    assert [page.url for page in html(sample_pages) if 'aria-label="見本のお知らせ"' not in page.body] == []


def test_no_word_of_samples_without_samples(plan_pages):
    assert [page.url for page in html(plan_pages) if "見本" in page.text and page.url not in EXPLAIN_SAMPLES] == []


def test_unknown_facts_are_marked(plan_pages):
    assert plan_pages["/goals/1/1/"].text.count("確認待ち") >= 3
    assert "④・⑤・⑥がこの基本目標に属することは、社協に確かめているところです。" in plan_pages["/kizuna/goals/2/"].text
    assert "確かめているところです" not in plan_pages["/kizuna/goals/1/"].text
    assert "連携の線は確認待ちです" in plan_pages["/relationship/"].text.replace("\n", "")
    assert "計画期間 確認待ち" in plan_pages["/"].text


def test_a_preparing_plan_and_its_kizuna_plan_stay_unseen(client):
    load_plan()
    Plan.objects.update(state="preparing")
    assert "まだありません" in read(client, "/").text
    assert {read(client, url).status for url in ("/plan/", "/goals/1/", "/kizuna/", "/relationship/")} == {404}


def test_without_kizuna_plan_the_city_plan_is_whole(client):
    load_plan()
    KizunaPlan.objects.update(state="ended")
    assert read(client, "/").status == 200
    assert read(client, "/goals/1/1/").status == 200
    page = read(client, "/relationship/")
    assert page.status == 404
    assert "公開中のきずな計画は、まだありません。" in page.text


def test_nothing_proposed_is_public(client):
    load_plan()
    load_sample()
    Linkage.objects.update(state="proposed", summary="見本の、まだ提案の文")
    LinkageProposal.objects.update(state="waiting", summary="見本の、まだ提案の文", partners="まだ提案の文の会")
    pages = crawl(client)
    assert [page.url for page in pages.values() if "まだ提案の文" in page.body] == []
    assert [page.url for page in pages.values() if "市と社協が合意：" in page.text] == []
    assert 'class="f-line ' not in pages["/relationship.svg"].body


def test_an_ended_linkage_stays_readable_with_its_goals_and_is_no_line(client):
    load_plan()
    load_sample()
    linkage = Linkage.objects.get(goal__number=2, kizuna_goal__number=3)
    Linkage.objects.filter(pk=linkage.pk).update(state="ended", since=2026, ended_on=date(2027, 3, 31))
    for address, other in (("/goals/2/", linkage.kizuna_goal), ("/kizuna/goals/3/", linkage.goal)):
        page = read(client, address)
        ended = page.body.partition('id="ended"')[2].partition("</section>")[0]
        assert f'href="{other.get_absolute_url()}"' in ended
        for words in (
            "終わった連携",
            linkage.summary,
            "一緒に行った人たち",
            "令和8年度（2026年度）",
            "令和9年3月31日",
            "見本",
        ):
            assert words in re.sub("<wbr>", "", ended), words
        assert page.body.count(linkage.summary) == 1
        assert page.queries <= MOST_QUERIES
    for address in ("/goals/1/", "/kizuna/goals/1/", "/relationship/"):
        assert "終わった連携" not in read(client, address).body
    assert linkage.summary not in client.get("/data/linkages.csv").content.decode()
    assert 'class="f-line f-l2 f-r3' not in read(client, "/relationship.svg").body


def test_who_else_takes_part_and_since_when(client):
    load_plan()
    load_sample()
    for address in ("/goals/2/", "/kizuna/goals/3/", "/goals/2/2/", "/kizuna/items/7/"):
        text = re.sub(r"\s", "", read(client, address).text)
        assert "ほかに一緒に行う人たち：町内会、民生委員" in text, address
        assert "いつから：令和8年度（2026年度）" in text, address
    assert "町内会、民生委員" in client.get("/data/linkages.csv").content.decode()
