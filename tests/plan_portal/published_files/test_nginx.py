"""What nginx answers with the configuration of deploy/: the same as the portal."""

import http.client
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.nginx_process import HOST, NginxProcess, Response, ask
from tests.portal_process import ROOT, PortalProcess

pytestmark = [pytest.mark.nginx, pytest.mark.only_on("sqlite")]  # the files are the same on either database

FURIGANA = {"Cookie": "furigana=1"}
CODINGS = ("br", "gzip", "")
# Of the connection, or made by each server in its own way. test_asked_again looks at ETag and Cache-Control.
NOT_COMPARED = {
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "etag",
    "last-modified",
    "server",
}
NOT_COMPARED |= {"keep-alive", "transfer-encoding"}


def comparable(response: Response) -> tuple[int, dict[str, object], bytes]:
    """The order of words does not count where it means nothing; that a body is there in several codings is not for each to say."""
    headers: dict[str, object] = {name: value for name, value in response.headers.items() if name not in NOT_COMPARED}
    for name, mark in (("vary", ","), ("content-security-policy", ";")):
        words = {word.strip() for word in response.headers.get(name, "").split(mark)} - {"", "Accept-Encoding"}
        headers[name] = words
    return response.status, headers, response.body


def from_portal(portal: PortalProcess, path: str, method: str = "GET", **headers: str) -> Response:
    """As nginx would ask it."""
    with closing(http.client.HTTPConnection("127.0.0.1", portal.port, timeout=30)) as connection:
        return ask(connection, method, path, {"Host": HOST, "X-Forwarded-Proto": "https", **headers})


def test_all_are_those_of_the_portal(
    portal: PortalProcess, nginx: NginxProcess, addresses: dict[str, Response], counts: Counter[str]
) -> None:
    files = [path for path, response in addresses.items() if response.is_a_file]
    assert len(files) > 140
    for path in addresses:
        for cookie in ({}, FURIGANA):
            theirs = from_portal(portal, path, **cookie)
            expected = comparable(theirs)
            for coding in CODINGS if path in files else ("",):
                answer = nginx.get(path, coding=coding, **cookie)
                assert comparable(answer) == expected, (path, coding, cookie)
                if "cache-control" in theirs.headers:
                    assert answer.headers["cache-control"] == theirs.headers["cache-control"]
                counts["answers of nginx compared with the portal's"] += 1


def test_no_public_address_is_forgotten(addresses: dict[str, Response]) -> None:
    """What links lead to without a query is a file."""
    answered = {path for path, response in addresses.items() if "?" not in path and response.status == 200}
    assert {path for path in answered if not addresses[path].is_a_file} == set()
    assert {"/", "/relationship.svg", "/api/v1/goals/4/", "/updates/feed/", "/robots.txt"} <= answered


def test_compressed_files_are_served(nginx: NginxProcess, addresses: dict[str, Response]) -> None:
    for path in ("/", "/plan/", "/data/goals.csv", "/relationship.svg", "/updates/feed/"):
        for coding, used in (("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br", "br"), ("gzip;q=0", ""), ("", "")):
            answer = nginx.get(path, coding=coding)
            assert answer.is_a_file
            assert answer.headers.get("content-encoding", "") == used
            assert "Accept-Encoding" in answer.headers["vary"]
            assert answer.body == addresses[path].body
    for path in ("/relationship.png", "/data/goals.xlsx"):
        assert "content-encoding" not in nginx.get(path, coding="gzip, br").headers


@pytest.mark.parametrize("path", ["/goals/4/", "/data/goals.json", "/relationship.svg", "/robots.txt"])
def test_asked_again(nginx: NginxProcess, path: str) -> None:
    tags = set()
    for cookie in ({}, FURIGANA):
        for coding in CODINGS:
            first = nginx.get(path, coding=coding, **cookie)
            assert first.headers["cache-control"] == "max-age=0, must-revalidate"
            assert "last-modified" not in first.headers
            etag = first.headers["etag"]
            for known in (etag, f'"other", {etag}', "*"):
                again = nginx.get(path, coding=coding, If_None_Match=known, **cookie)
                assert (again.status, again.body, again.headers.get("etag")) == (304, b"", etag)
                assert again.headers["cache-control"] == "max-age=0, must-revalidate"
            assert nginx.get(path, coding=coding, If_None_Match='"other"', **cookie).status == 200
            tags.add((etag, first.body, first.headers.get("content-encoding")))
    assert len({etag for etag, *_ in tags}) == len(tags), "every form of a page has a tag of its own"


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/goals",
            "/goals/4",
            "/goals//",
            "//goals/",
            "/GOALS/",
            "/goals/?",
            "/goals/?page=1",
            "/goals/4/?x=%00",
            "/none",
        ),
        *("/goals/4/page.html", "/goals/4/page", "/data/goals.csv/download.csv", "/data/goals.csv.gz", "/page.html.br"),
        *(
            "/data/goals.csv/",
            "/api/v1/openapi.json/",
            "/robots.txt/",
            "/api/v1/goals",
            "/api/v1/nowhere/",
            "/none.html",
        ),
        *("/%67oals/", "/goals/%2e%2e/", "/goals/../goals/", "/./goals/", "/goals/;x", "/goals/..%2f", "/goals/%5c/"),
        *("/static/../plain/page.html", "/static/..%2f.lock", "/static/staticfiles.json", "/static/favicon.svg.gz"),
        *("/.lock", "/.current", "/current/plain/page.html", "/releases/", "/plain/page.html", "/furigana/page.html"),
        *(
            "/plain/",
            "/errors/503.html",
            "/static/",
            "/static/none.css",
            "/.well-known/security.txt",
            "/livez",
            "/readyz",
        ),
        *(
            "/goals/4.html",
            "/goals/4.gz",
            "/data/nowhere.csv",
            "/goals/0004/",
            "/%E7%9B%AE%E6%A8%99/",
            "/goals/%EF%BC%99/",
        ),
    ],
)
def test_odd_addresses_are_the_portals(portal: PortalProcess, nginx: NginxProcess, path: str) -> None:
    answer = nginx.get(path)
    assert not answer.is_a_file or path.startswith("/static/")  # WhiteNoise's tags look like nginx's
    assert comparable(answer) == comparable(from_portal(portal, path))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"])
@pytest.mark.parametrize("path", ["/goals/", "/data/goals.csv", "/static/favicon.svg"])
def test_other_methods(portal: PortalProcess, nginx: NginxProcess, method: str, path: str) -> None:
    answer = nginx.get(path, method=method, Content_Length="0")
    assert answer.is_a_file is (method == "HEAD")
    assert comparable(answer) == comparable(from_portal(portal, path, method, **{"Content-Length": "0"}))


def test_a_form_reaches_the_portal_whole(nginx: NginxProcess) -> None:
    """Its CSRF token stands in the body alone."""
    cookie = nginx.get("/admin/login/").headers["set-cookie"].partition(";")[0]
    token = cookie.partition("=")[2]
    sender = {"Cookie": cookie, "Origin": f"https://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
    statuses = []
    with closing(nginx.connection()) as connection:
        for sent in (token, token[::-1]):
            connection.request("POST", "/admin/logout/", f"csrfmiddlewaretoken={sent}", sender)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
    assert statuses == [302, 403]


@pytest.mark.parametrize("name", ["sessionid", "__Host-sessionid"])
def test_staff_see_what_they_saved_at_once(nginx: NginxProcess, name: str) -> None:
    assert not nginx.get("/goals/", Cookie=f"{name}=0123").is_a_file
    assert not nginx.get("/goals/", Cookie=f"furigana=1; {name}=0123").is_a_file
    assert nginx.get("/goals/", Cookie=f"my{name}=0123").is_a_file


def test_the_portal_hears_the_truth_about_visitors(portal: PortalProcess, nginx: NginxProcess) -> None:
    lies = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "192.0.2.1"}
    answer = nginx.get("/relationship.svg?goal=3", Forwarded="for=192.0.2.1;proto=http", **lies)
    assert answer.status == 200, "not sent to https once more"
    assert b"evil.example" not in answer.body
    assert f"https://{HOST}/goals/" in answer.body.decode()


def test_the_headers_are_those_that_are_kept(portal: PortalProcess, tmp_path: Path) -> None:
    """Else run: PORTAL_HTTPS=1 PORTAL_URL=https://localhost/ manage.py nginx_headers."""
    ended = portal.manage("nginx_headers", "--to", str(tmp_path))
    assert (ended.returncode, ended.stderr) == (0, "")
    for file in tmp_path.iterdir():
        assert file.read_text() == (ROOT / "deploy" / "nginx" / file.name).read_text()
