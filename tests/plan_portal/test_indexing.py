"""What search engines and those who share a page are told: its one address, its preview, its breadcrumb."""

import json
from collections import Counter
from io import BytesIO
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.template import Engine
from django.test import Client
from PIL import Image

from kizuna.models import KizunaPlan, Linkage
from plan_portal.content import load_plan, load_readings, load_sample
from tests.plan_portal.crawler import Page, crawl, furigana_reader, read

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
# Another way to a page that is listed, and the page.
SAME_PAGE = {
    "/?utm_source=x": "/",
    "/plan/?q=福祉": "/plan/",
    "/relationship/?goal=3": "/relationship/",
    "/relationship/?kizuna=2&goal=": "/relationship/",
    "/initiatives/?page=1": "/initiatives/",
    "/initiatives/?page=999": "/initiatives/",
    "/initiatives/?q=&goal=&linked=": "/initiatives/",
    "/search/?q=%20": "/search/",
    "/search/?page=2": "/search/",
}
NOT_KEPT = [
    "/initiatives/?goal=4",
    "/initiatives/?q=介護&page=1",
    "/initiatives/?linked=on",
    "/search/?q=介護",
    "/search/?q=の&page=2",
    "/search/?q=存在しないことば",
    "/search/?q=%25",
    "/search/?kind=text",
]


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker) -> dict[str, Page]:
    """Every page that is crawled with the 見本, and what else is asked for here."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_plan()
        load_sample()
        load_readings()
        found = crawl(Client())
        found |= {url: read(Client(), url) for url in (*SAME_PAGE, *NOT_KEPT)}
        transaction.set_rollback(True)
    return {url: page for url, page in found.items() if page.is_html}


def tree(page: Page) -> Element:
    parsed: Element = html5lib.parse(page.body, namespaceHTMLElements=False)
    return parsed


def metas(page: Page) -> dict[str, str]:
    """The content of the page's <meta> by name or property, each of which may stand once."""
    found = [(meta.get("name") or meta.get("property"), meta.get("content")) for meta in tree(page).iter("meta")]
    given = [(name, content) for name, content in found if name]
    assert [name for name, count in Counter(name for name, _ in given).items() if count > 1] == [], page.url
    return dict(given)


def canonicals(page: Page) -> list[str]:
    return [link.get("href") for link in tree(page).iter("link") if link.get("rel") == "canonical"]


def is_kept(page: Page) -> bool:
    return "robots" not in metas(page)


def breadcrumbs(page: Page) -> list[dict]:
    return [data for data in map(json.loads, page.data) if data["@type"] == "BreadcrumbList"]


def visible(page: Page) -> list[tuple[str, str | None]]:
    """The items of the breadcrumb as they are seen: text without readings, address."""
    items = [item for nav in tree(page).iter("nav") if "breadcrumb" in nav.get("class", "") for item in nav.iter("li")]
    return [(_base_text(item).strip(), next((a.get("href") for a in item.iter("a")), None)) for item in items]


def _base_text(element: Element) -> str:
    if element.tag in {"rt", "rp"}:
        return element.tail or ""
    return (element.text or "") + "".join(map(_base_text, element)) + (element.tail or "")


def test_every_page_that_is_kept_has_one_address_which_is_its_own(pages):
    by_address = {f"{HOST}{url}": page for url, page in pages.items()}
    for page in filter(is_kept, pages.values()):
        [address] = canonicals(page)
        assert metas(page)["og:url"] == address
        assert by_address[address].status == 200, page.url
        assert canonicals(by_address[address]) == [address], page.url


def test_only_searches_and_filtered_lists_are_not_kept(pages):
    crawled = {url for url in pages if urlsplit(url).query and urlsplit(url).path in {"/search/", "/initiatives/"}}
    assert len(crawled) > len(NOT_KEPT)
    assert {url for url, page in pages.items() if not is_kept(page)} == crawled - set(SAME_PAGE)
    for url in NOT_KEPT:
        assert metas(pages[url])["robots"] == "noindex"


def test_what_is_not_kept_has_no_address_no_preview_no_data(pages):
    for page in pages.values():
        if not is_kept(page):
            assert (canonicals(page), page.data) == ([], []), page.url
            assert [name for name in metas(page) if name.startswith("og:")] == [], page.url


def test_parameters_that_make_no_other_page_are_left_out(pages):
    assert {url: canonicals(pages[url]) for url in SAME_PAGE} == {
        url: [f"{HOST}{page}"] for url, page in SAME_PAGE.items()
    }


def test_each_page_of_a_long_list_has_its_own_address(client, monkeypatch):
    load_plan()
    monkeypatch.setattr("initiatives.views.PER_PAGE", 8)
    for query, address in (("", ""), ("?page=2", "?page=2"), ("?x=1&page=3", "?page=3"), ("?page=99", "?page=3")):
        assert canonicals(read(client, f"/initiatives/{query}")) == [f"{HOST}/initiatives/{address}"]


def test_the_sitemap_lists_the_addresses_of_all_pages_that_are_kept(client, pages):
    load_plan()
    addresses = {address for page in pages.values() for address in canonicals(page)}
    sitemap = html5lib.parse(client.get("/sitemap.xml").content, namespaceHTMLElements=False)
    listed = [loc.text for loc in sitemap.iter("loc")]
    assert len(listed) == len(set(listed)) > 60
    assert set(listed) == addresses


def test_what_is_shared_is_what_the_page_says_of_itself(pages):
    for page in filter(is_kept, pages.values()):
        said = metas(page)
        assert said["og:title"] == tree(page).findtext(".//title"), page.url
        assert said["og:description"] == said["description"], page.url
        assert (said["og:type"], said["og:locale"]) == ("website", "ja_JP"), page.url
        assert said["og:site_name"] == "登別市 地域福祉計画ポータル", page.url
        assert said["og:title"].endswith(said["og:site_name"]), page.url


@pytest.mark.parametrize("name", ["og:title", "description"])
def test_every_page_says_something_of_its_own(pages, name):
    said = {(canonicals(page)[0], metas(page)[name]) for page in pages.values() if is_kept(page)}
    texts = [text for _, text in said]
    assert len(said) == len({address for address, _ in said}) > 60
    assert [text for text, count in Counter(texts).items() if count > 1] == []
    assert min(map(len, texts)) > 8


def test_the_preview_is_the_figure_of_today(client, pages):
    load_plan()
    load_sample()
    for page in filter(is_kept, pages.values()):
        said = metas(page)
        assert said["og:image"] == f"{HOST}/relationship.png", page.url
        assert said["og:image:alt"] == "図４１ 登別市地域福祉計画・きずな計画の関係性（見本を含む）", page.url
    response = client.get("/relationship.png")
    assert response["Content-Type"] == "image/png"
    picture = Image.open(BytesIO(response.content))
    assert picture.format == "PNG"
    assert picture.size == (int(said["og:image:width"]), int(said["og:image:height"])) == (1200, 630)
    Linkage.objects.all().delete()
    assert client.get("/relationship.png").content != response.content


def test_a_preview_that_is_known_is_not_sent_again(client, django_assert_num_queries):
    load_plan()
    with django_assert_num_queries(4):
        etag = client.get("/relationship.png")["ETag"]
    again = client.get("/relationship.png", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_without_samples_the_preview_has_none(client):
    load_plan()
    assert metas(read(client, "/goals/4/"))["og:image:alt"] == "図４１ 登別市地域福祉計画・きずな計画の関係性"


def test_without_kizuna_plan_there_is_no_preview(client):
    load_plan()
    KizunaPlan.objects.update(state="ended")
    assert [name for name in metas(read(client, "/")) if "image" in name or "twitter" in name] == []
    assert client.get("/relationship.png").status_code == 404


def test_the_breadcrumb_for_machines_is_the_visible_one(pages, counts):
    for page in filter(is_kept, pages.values()):
        seen = visible(page)
        if urlsplit(page.url).path == "/":
            assert (seen, page.data) == ([], [])
            continue
        [data] = breadcrumbs(page)
        assert data["@context"] == "https://schema.org"
        items = data["itemListElement"]
        assert [item["position"] for item in items] == list(range(1, len(seen) + 1))
        assert {item["@type"] for item in items} == {"ListItem"}
        assert [(item["name"], item.get("item")) for item in items] == [
            (name, href and urljoin(HOST, href)) for name, href in seen
        ], page.url
        assert [place for place, item in enumerate(items, 1) if "item" not in item] == [len(items)], page.url
        counts["breadcrumbs"] += 1
    assert [item["name"] for item in breadcrumbs(pages["/goals/1/2/"])[0]["itemListElement"]] == [
        *("ホーム", "目標と取組", "基本目標1", "取組1-(2)"),
    ]


def test_furigana_changes_nothing_that_machines_read(client):
    load_plan()
    load_readings()
    for url in ("/goals/1/2/", "/kizuna/items/4/", "/relationship/?goal=3", "/plan/"):
        plain, read_aloud = read(client, url), read(furigana_reader(), url)
        assert "<ruby>" in read_aloud.body.partition('class="breadcrumb')[2].partition("</nav>")[0]
        assert (metas(read_aloud), canonicals(read_aloud)) == (metas(plain), canonicals(plain))
        assert read_aloud.data == plain.data
        assert visible(read_aloud) == visible(plain)


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("get", "/nothing/", 404),
        ("get", "/goals/8/", 404),
        ("get", "/relationship/?goal=x", 400),
        ("get", "/initiatives/?goal=8", 400),
        ("get", "/search/?kind=xyz", 400),
        ("post", "/goals/", 405),
    ],
)
def test_errors_are_not_kept(client, method, url, status):
    load_plan()
    response = getattr(client, method)(url)
    assert response.status_code == status
    page = Page(url, status, "text/html", response.content.decode(), 0)
    assert metas(page)["robots"] == "noindex"
    assert canonicals(page) == []
    assert "ld+json" not in page.body
    assert metas(page).get("description") != ""


def test_an_address_of_another_host_is_never_written(client):
    response = client.get("/goals/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_a_refusal_is_not_kept(client):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    response = client.get("/admin/goals/plan/add/")
    assert response.status_code == 403
    assert '<meta name="robots" content="NONE' in response.content.decode()


def test_a_broken_portal_is_not_kept(client, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("plan_portal.views.plan_or_404", broken)
    load_plan()
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_an_empty_portal_says_what_it_is(client):
    page = read(client, "/")
    said = metas(page)
    assert said["description"] == said["og:description"] != ""
    assert said["og:title"] == "地域福祉計画ポータル"
    assert canonicals(page) == [f"{HOST}/"]
    assert metas(read(client, "/accessibility/"))["og:title"] == "ウェブアクセシビリティ方針｜地域福祉計画ポータル"


def test_what_is_captured_is_written_where_it_is_wanted_and_blocks_in_it_are_blocks():
    base = "{% capture a %}{% block b %}1{% endblock %}{% endcapture %}[{{ a }}][{{ a }}]"
    child = '{% extends "base" %}{% block b %}{{ block.super }}{{ x }}{% endblock %}'
    engine = Engine(
        loaders=[("django.template.loaders.locmem.Loader", {"base": base, "child": child})],
        builtins=["plan_portal.templatetags.portal"],
    )
    assert engine.render_to_string("child", {"x": "<"}) == "[1&lt;][1&lt;]"
