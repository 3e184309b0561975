"""The security headers, on every class of answer: no page, file, refusal or failure leaves without them."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path, reverse

from plan_portal.content import load_plan
from plan_portal.urls import handler400, handler404, handler500, urlpatterns  # noqa: F401  # an URLconf of Django
from tests import factories as f
from tests.foundation.merge_screen import body
from tests.plan_portal.admin_world import client_as
from tests.plan_portal.guarded import lacks, tells
from tests.portal_process import ROOT, clean_environment

pytestmark = pytest.mark.django_db

STATUSES = (
    200,
    201,
    204,
    206,
    301,
    304,
    307,
    400,
    401,
    403,
    404,
    405,
    406,
    408,
    409,
    410,
    413,
    414,
    415,
    416,
    422,
    429,
)
STATUSES += (500, 501, 502, 503, 504)
FAILURES = {
    Http404: 404,
    PermissionDenied: 403,
    BadRequest: 400,
    SuspiciousOperation: 400,
    RuntimeError: 500,
}
# By what it is: the address and the status.
KINDS = {
    "page": ("/", 200),
    "furigana": ("/furigana/", 302),
    "without its slash": ("/goals", 301),
    "svg": ("/relationship.svg", 200),
    "png": ("/relationship.png", 200),
    "csv": ("/data/goals.csv", 200),
    "xlsx": ("/data/goals.xlsx", 200),
    "json": ("/data/goals.json", 200),
    "api": ("/api/v1/goals/", 200),
    "problem": ("/api/v1/nothing/", 404),
    "openapi": ("/api/v1/openapi.json", 200),
    "atom": ("/updates/feed/", 200),
    "sitemap": ("/sitemap.xml", 200),
    "text": ("/robots.txt", 200),
    "security.txt": ("/.well-known/security.txt", 200),
    "health": ("/livez", 200),
    "bad query": ("/relationship/?goal=x", 400),
    "not found": ("/nothing/", 404),
    "no such file": ("/static/nothing.css", 404),
    "way in": ("/admin/login/", 200),
    "staff only": ("/admin/goals/basicgoal/", 302),
}


def answered(_request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse("そのまま", status=status)


def failing(_request: HttpRequest, name: str) -> HttpResponse:
    raise next(kind for kind in FAILURES if kind.__name__ == name)("だめ")


def streamed(_request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse([b"1", b"2"])


urlpatterns = [
    *urlpatterns,
    path("answer/<int:status>/", answered),
    path("fail/<str:name>/", failing),
    path("streamed/", streamed),
    path("as-json/", lambda _request: JsonResponse({})),
]


@pytest.fixture
def client(settings) -> Client:
    """With the pages of this module beside the portal's own."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_every_kind_of_answer(client: Client) -> None:
    load_plan()
    for kind, (url, status) in KINDS.items():
        response = client.get(url)
        assert (response.status_code, lacks(response.headers, url)) == (status, []), kind


def test_every_status(client: Client) -> None:
    for status in STATUSES:
        response = client.get(f"/answer/{status}/")
        assert (response.status_code, lacks(response.headers)) == (status, [])
    assert lacks(client.get("/streamed/").headers) == []
    assert lacks(client.get("/as-json/").headers) == []


def test_every_failure_and_it_tells_nothing(client: Client) -> None:
    for failure, status in FAILURES.items():
        response = client.get(f"/fail/{failure.__name__}/")
        assert (response.status_code, lacks(response.headers), tells(response.content)) == (status, [], [])


def test_hosts_that_are_not_ours(client: Client) -> None:
    response = client.get("/", HTTP_HOST="evil.example")
    assert (response.status_code, lacks(response.headers), tells(response.content)) == (400, [], [])


def test_unchanged_pictures(client: Client) -> None:
    load_plan()
    etag = client.get("/relationship.png")["ETag"]
    response = client.get("/relationship.png", HTTP_IF_NONE_MATCH=etag)
    assert (response.status_code, lacks(response.headers)) == (304, [])


def test_methods_that_are_refused(client: Client) -> None:
    for url in ("/", "/goals/", "/api/v1/", "/livez"):
        response = client.post(url)
        assert (response.status_code, lacks(response.headers, url)) == (405, [])


@pytest.mark.pdf
def test_pdf(client: Client) -> None:
    load_plan()
    response = client.get("/goals/1/1.pdf")
    assert (response.status_code, lacks(response.headers)) == (200, [])


def test_conflict() -> None:
    link = f.GoalSdgLinkFactory()
    url = reverse("admin:sdgs_goalsdglink_change", args=[link.pk])
    mine = body(link, reason="わたしの文")
    link.reason = "ほかの人の文"
    link.save()
    response = client_as("市・編集").post(url, mine)
    assert (response.status_code, lacks(response.headers)) == (409, [])


def test_refusals_of_the_admin() -> None:
    response = client_as("社協").get("/admin/auth/user/")
    assert (response.status_code, lacks(response.headers), tells(response.content)) == (403, [], [])
    assert "no-store" in response["Cache-Control"]


def test_what_staff_saw_is_not_kept_by_the_browser() -> None:
    client = client_as("admin")
    for url in (
        "/admin/",
        "/admin/goals/basicgoal/",
        "/admin/auth/user/add/",
        "/admin/password_change/",
        "/admin/login/",
    ):
        assert "no-store" in client.get(url)["Cache-Control"], url


class TestFormsThatThisBrowserWasNotGiven:
    @pytest.fixture
    def stranger(self) -> Client:
        return Client(enforce_csrf_checks=True)

    def test_page_in_japanese(self, stranger: Client) -> None:
        response = stranger.post("/admin/login/", {"username": "x"})
        page = response.content.decode()
        assert (response.status_code, lacks(response.headers), tells(response.content)) == (403, [], [])
        assert "<h1>送れませんでした</h1>" in page
        assert "何も変わっていません。" in page
        assert "<style" not in page

    def test_public_pages_take_none(self, stranger: Client) -> None:
        load_plan()
        for url in ("/goals/", "/search/", "/livez"):
            response = stranger.post(url, {"q": "x"})
            assert (response.status_code, response["Allow"]) == (405, "GET, HEAD"), url
            assert "この開き方はできません" in response.content.decode(), url
        response = stranger.post("/api/v1/goals/")
        assert (response.status_code, response.json()["status"]) == (405, 405)

    def test_way_out_is_a_form(self) -> None:
        client = client_as("市・編集")
        response = client.get("/admin/logout/")
        assert (response.status_code, lacks(response.headers)) == (405, [])
        assert client.get("/admin/").status_code == 200
        assert client.post("/admin/logout/").status_code == 200
        assert client.get("/admin/").status_code == 302


class TestOverHttps:
    @pytest.fixture
    def client(self, settings) -> Client:
        settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
        settings.SECURE_HSTS_SECONDS = 31_536_000
        settings.ROOT_URLCONF = __name__
        return Client(raise_request_exception=False)

    def test_every_answer_asks_to_come_back_that_way(self, client: Client) -> None:
        load_plan()
        urls = [url for url, _status in KINDS.values()]
        urls += [f"/answer/{status}/" for status in STATUSES] + [f"/fail/{kind.__name__}/" for kind in FAILURES]
        assert {
            url: wrong for url in urls if (wrong := lacks(client.get(url, secure=True).headers, url, https=True))
        } == {}

    def test_plain_http_is_led_there(self, client: Client) -> None:
        response = client.get("/goals/?a=b")
        assert (response.status_code, response["Location"]) == (301, "https://testserver/goals/?a=b")
        assert lacks(response.headers) == []

    def test_plain_http_for_another_host_is_refused(self, client: Client) -> None:
        response = client.get("/", HTTP_HOST="evil.example")
        assert (response.status_code, lacks(response.headers)) == (400, [])
        assert "evil" not in response.content.decode()

    def test_cookies_stay_on_this_way_and_out_of_scripts(self, client: Client) -> None:
        user = f.UserFactory(role="社協", password="nagai-aikotoba-77")
        client.get("/admin/login/", secure=True)
        client.get("/furigana/?on=1", secure=True)
        client.post(
            "/admin/login/?next=/admin/", {"username": user.username, "password": "nagai-aikotoba-77"}, secure=True
        )
        assert set(client.cookies) == {"csrftoken", "furigana", "sessionid"}
        for name, cookie in client.cookies.items():
            assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax"), name
            assert (cookie["path"], cookie["domain"]) == ("/", ""), name
        kept = timedelta(seconds=int(client.cookies["sessionid"]["max-age"] or 0))
        assert kept <= timedelta(days=14)


def test_django_finds_nothing_to_deploy_better() -> None:
    """As an operator sets it: HTTPS, a host, a key of good length."""
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=clean_environment(PORTAL_HTTPS="1", PORTAL_HOSTS="plan.example.jp", SECRET_KEY=os.urandom(32).hex()),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "2 silenced" in done.stderr + done.stdout
