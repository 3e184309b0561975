"""Which pages are kept, that a kept page is the page, and what is said while the database is in trouble."""

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.encoding import iri_to_uri

from initiatives.filters import InitiativeFilterForm
from kizuna.views import Stress
from plan_portal.cached_pages import PAGES, WITHOUT_DATABASE, cached
from plan_portal.content import load_plan, load_readings, load_sample
from plan_portal.foundation.models import PublishedChange
from plan_portal.foundation.page_cache import PageCache
from plan_portal.search.views import SearchForm
from tests.plan_portal.admin_world import client_as
from tests.plan_portal.cached_reader import CachedReader
from tests.plan_portal.crawler import crawl, furigana_reader

pytestmark = pytest.mark.django_db
# Public addresses that are not kept, and why.
PAST = {
    "furigana": "sets a cookie",
    "livez": "must come from the process",
    "readyz": "must come from the database",
    "security-txt": "expires",
    "kizuna:relationship-png": "a picture",
    "sdgs:icon": "kept by browsers",
    "pdf:plan": "takes a store of its own",
    "pdf:relationship": "takes a store of its own",
    "pdf:initiative": "takes a store of its own",
}


def views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, Callable]]:
    """(name of the address, view) of all but the admin."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", inspect.unwrap(pattern.callback)
        elif pattern.namespace != "admin":
            yield from views(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else prefix)


PUBLIC = dict(views(get_resolver().url_patterns))


def test_of_every_public_address_it_is_decided_whether_it_is_kept():
    assert set(PUBLIC) == set(PAGES) | set(PAST)
    assert not set(PAGES) & set(PAST)
    assert set(PUBLIC) >= WITHOUT_DATABASE


def test_the_parameters_are_those_of_the_forms():
    assert PAGES["initiatives:list"] == {*InitiativeFilterForm.base_fields, "page"}
    assert PAGES["search"] == {*SearchForm.base_fields, "page"}


def test_a_view_reads_no_parameter_that_is_not_named():
    read = re.compile(r"""(?:request\.GET(?:\.get\(|\[)|optional_number\(request\.GET, )["'](\w+)["']""")
    sources = {name: inspect.getsource(view) for name, view in PUBLIC.items() if inspect.isfunction(view)}
    found = {name: set(read.findall(source)) for name, source in sources.items() if name in PAGES}
    assert {name: keys - PAGES[name] for name, keys in found.items() if keys - PAGES[name]} == {}
    assert found["updates"] == {"u", "page"}
    assert PAGES["kizuna:relationship"] == set(read.findall(inspect.getsource(Stress)))


@pytest.fixture
def portal() -> None:
    load_plan()
    load_readings()
    load_sample()
    PublishedChange.objects.create(by="city", title="何を", summary="どうした")  # a feed of nothing is dated now


@pytest.mark.parametrize("furigana", [False, True])
def test_every_page_is_kept_and_is_the_page(portal, furigana: bool, counts: Counter[str]):
    client, reader = furigana_reader() if furigana else Client(), CachedReader(furigana=furigana)
    pages = crawl(client)
    asked = [*pages, "/robots.txt", "/sitemap.xml", "/relationship.svg", "/relationship.svg?goal=1"]
    past = {url for url in asked if url.startswith("/sdgs/") and url.endswith(".png")} | {"/relationship.png"}
    for url in asked:
        direct = client.get(iri_to_uri(url))
        if url not in past and not url.endswith(".xlsx"):  # which holds the time at which it was made
            assert reader.ask(url).body == direct.content, url
        reader.ask(url)
        with CaptureQueriesContext(connection) as queries:
            answer = reader.ask(url)
        assert answer.status == direct.status_code == 200
        assert {name.lower() for name in direct.headers} <= set(answer.headers)
        assert bool(queries) == (url in past), url
        counts["pages read from the cache"] += 1
    assert len(reader.kept()) == len({iri_to_uri(url) for url in asked} - past) > 90


def test_staff_go_past_the_cache(portal):
    staff, reader = client_as("admin"), CachedReader()
    reader.get("/")
    session = staff.cookies["sessionid"].value
    before = dict(reader.kept())
    answer = reader.ask("/admin/", COOKIE=f"sessionid={session}")
    assert answer.status == 200
    assert "etag" not in answer.headers
    assert "etag" not in reader.ask("/", COOKIE=f"sessionid={session}").headers
    assert reader.kept() == before


def test_while_somebody_works_on_the_portal_nothing_is_kept(settings):
    def application(*_: object) -> list[bytes]:
        return []

    assert isinstance(cached(application), PageCache)
    settings.DEBUG = True
    assert cached(application) is application


@pytest.mark.parametrize("trouble", [OperationalError("gone"), InterfaceError("closed")])
@pytest.mark.parametrize("furigana", [False, True])
def test_a_database_in_trouble_is_a_plain_503(monkeypatch, trouble, furigana, django_assert_num_queries):
    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr("plan_portal.middleware.Plan.objects.raw", fail)
    client = Client(raise_request_exception=False)
    client.cookies["furigana"] = "1" if furigana else "0"
    with django_assert_num_queries(0):
        response = client.get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert response["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "少し待って" in response.text
    assert "保存" not in response.text


def test_who_sent_something_is_told_that_nothing_was_saved(monkeypatch):
    client = client_as("市・編集")
    client.raise_request_exception = False

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("initiatives.models.Department.save", full)
    response = client.post("/admin/initiatives/department/add/", {"name": "総務", "valid_from": "2026-04-01"})
    assert response.status_code == 503
    assert "送った内容は、まだ保存されていません" in response.text
    assert "もう一度送る</button>" in response.text


def test_another_failure_stays_a_500(monkeypatch):
    def fail(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr("plan_portal.middleware.Plan.objects.raw", fail)
    assert Client(raise_request_exception=False).get("/").status_code == 500


def test_a_database_that_is_known_to_be_gone_is_not_asked(django_assert_num_queries):
    reader = CachedReader()
    reader.version.is_gone = True
    with django_assert_num_queries(0):
        refused = [reader.ask(url) for url in ("/", "/admin/", "/nowhere/", "/plan.pdf")]
        assert reader.ask("/livez").status == 200
        assert reader.ask("/furigana/?on=1").status == 302
    assert {answer.status for answer in refused} == {503}
    assert all("default-src 'none'" in answer.headers["content-security-policy"] for answer in refused)
