"""Wrong addresses, methods and queries: a plain Japanese page in the same frame, never a 500."""

import pytest
from django.urls import get_resolver

from plan_portal.content import load_plan, load_sample
from sdgs.models import Sdg
from tests.factories import SdgIconFactory

pytestmark = pytest.mark.django_db

NOT_FOUND = [
    "/goals/8/",
    "/goals/0/",
    "/goals/04/",
    "/goals/４/",
    "/goals/99999999999999999999/",
    "/goals/-1/",
    "/goals/1/9/",
    "/goals/9/1/",
    "/kizuna/goals/6/",
    "/kizuna/items/16/",
    "/sdgs/18/",
    "/sdgs/2/icon.png",
    "/sdgs/18/icon.png",
    "/nothing/",
    "/relationship/?goal=8",
    "/relationship/?kizuna=6",
    "/relationship.svg?goal=999",
]
BAD_QUERIES = [
    "/relationship/?goal=x",
    "/relationship/?goal=-1",
    "/relationship/?goal=1.5",
    "/relationship/?kizuna=1%00",
    "/relationship/?goal=99999999999999999999",
    "/relationship/?goal=１",
    "/relationship.svg?kizuna=%27%20OR%201=1",
    "/initiatives/?goal=8",
    "/initiatives/?goal=x",
    "/initiatives/?sdg=99",
    "/initiatives/?department=99999999999999999999",
    "/initiatives/?field=%3Cscript%3E",
    "/initiatives/?page=x",
    "/initiatives/?q=" + "あ" * 101,
    "/search/?q=" + "a" * 8000,
    "/search/?page=-2&q=a",
]
HARMLESS = [
    "/search/?q=%25",
    "/search/?q=_",
    "/search/?q=%5C",
    "/search/?q=%00",
    "/search/?q=%27%22%3C%3E",
    "/search/?q=",
    "/search/?q=%E3%80%80",
    "/search/?q=a&q=b",
    "/search/?page=999&q=福祉",
    "/initiatives/?q=%25&linked=on",
    "/initiatives/?utm_source=x",
    "/initiatives/?page=999",
    "/initiatives/?linked=",
    "/relationship/?goal=&kizuna=",
    "/?%FF=%FE",
]


@pytest.fixture(autouse=True)
def content():
    load_plan()
    load_sample()
    SdgIconFactory(sdg=Sdg.objects.get(number=1))


def assert_plain_page(response, status, url):
    body = response.content.decode()
    assert response.status_code == status, url
    assert body.count("<h1") == 1, url
    assert 'class="header"' in body, url
    assert "ホームへ" in body or 'class="form"' in body, url
    assert "Traceback" not in body, url


def test_an_unknown_number_or_address_is_a_plain_404(client):
    for url in NOT_FOUND:
        assert_plain_page(client.get(url), 404, url)


def test_a_query_that_cannot_be_meant_is_a_plain_400(client):
    for url in BAD_QUERIES:
        assert_plain_page(client.get(url), 400, url)


def test_odd_but_possible_queries_are_answered(client):
    assert {url: status for url in HARMLESS if (status := client.get(url).status_code) != 200} == {}


def test_search_for_wildcards_finds_nothing(client):
    for sign in ("%", "_", "\\"):
        assert '<h2 id="count">0件' in client.get("/search/", {"q": sign}).content.decode()


def test_the_reason_is_told(client):
    assert "基本目標8は、この計画にありません。" in client.get("/goals/8/").content.decode()
    assert "1から999までの番号" in client.get("/relationship/?goal=x").content.decode()
    page = client.get("/initiatives/", {"goal": "8", "q": "介護"}).content.decode()
    assert "「8」は選べません。" in page
    assert 'value="介護"' in page, "what was typed is not lost"


def test_what_an_attacker_wrote_is_escaped(client):
    for url in ("/search/", "/initiatives/"):
        body = client.get(url, {"q": '"><script>alert(1)</script>', "field": "<b>"}).content.decode()
        assert "<script" not in body
        assert "<b>" not in body


def public_patterns():
    """Every named public address of the resolver, with numbers that exist."""
    numbers = {"number": 1, "goal_number": 1, "first": 1, "second": 1}
    for pattern in get_resolver().url_patterns:
        for leaf in getattr(pattern, "url_patterns", None) or [pattern]:
            if getattr(pattern, "app_name", "") != "admin":
                route = str(leaf.pattern)
                for name, value in numbers.items():
                    route = route.replace(f"<number:{name}>", str(value))
                two_numbers = route.count("/1/") > 1 or "/1/1/" in route
                table = "initiatives" if two_numbers and route.startswith("api") else "goals"
                yield "/" + route.replace("<slug:name>", table).replace("<slug:suffix>", "csv")


def test_public_addresses_are_for_reading_only(client):
    urls = sorted(set(public_patterns()))
    assert len(urls) >= 19
    for url in urls:
        for method in ("post", "put", "patch", "delete"):
            response = getattr(client, method)(url)
            if url.startswith("/api/"):
                assert (response.status_code, response.json()["status"]) == (405, 405), url
            else:
                assert_plain_page(response, 405, url)
            assert response["Allow"] == "GET, HEAD", url


def test_every_public_address_answers_get_and_head(client):
    for url in public_patterns():
        expected = 302 if url == "/furigana/" else 200
        assert client.get(url).status_code == expected, url
        assert client.head(url).status_code == expected, url


def test_an_unknown_host_is_a_plain_400(client):
    response = client.get("/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_a_broken_database_is_a_plain_500(client, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("goals.views.outline", broken)
    client.raise_request_exception = False
    response = client.get("/goals/")
    assert response.status_code == 500
    assert "ただいま表示できません" in response.content.decode()
