"""What nginx answers with the configuration of deploy/: the same as the portal, and still when the portal is down."""

import http.client
import json
import re
import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.nginx_process import HOST, NginxProcess, Response, ask
from tests.plan_portal.published_files.conftest import wait_for
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
MADE_WHEN_ASKED = re.compile(r"\.pdf$|^/admin/|^/furigana/")


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


def links(body: bytes) -> Iterator[str]:
    for link in re.findall(r'(?:href|action|src)="(/[^"#]*)', body.decode()):
        yield link.replace("&amp;", "&")


@pytest.fixture(scope="module")
def addresses(nginx: NginxProcess, published: Path) -> dict[str, Response]:
    """What links lead to from the first page, and every published file, as nginx answers them."""
    plain = published / "current" / "plain"
    waiting = ["/", *sorted(_address(file.relative_to(plain)) for file in plain.rglob("*.*") if file.is_file())]
    found: dict[str, Response] = {}
    while waiting:
        path = waiting.pop()
        if path in found or MADE_WHEN_ASKED.search(path):
            continue
        found[path] = nginx.get(path)
        if found[path].headers["content-type"].startswith("text/html"):
            waiting += links(found[path].body)
    return found


def _address(file: Path) -> str:
    folder = "" if str(file.parent) == "." else f"/{file.parent}"
    return f"{folder}/" if file.name.startswith("page.") else folder


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


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/goals/..%2f..%2f", "/goals/%00/", "/goals/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/%zz"]
)
def test_what_nginx_refuses_itself(nginx: NginxProcess, path: str) -> None:
    answer = nginx.get(path)
    assert answer.status == 400
    assert "このアドレスは読めません" in answer.body.decode()
    assert_guarded(answer)


def assert_guarded(response: Response) -> None:
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "max-age" in response.headers["strict-transport-security"]
    assert response.headers["server"] == "nginx"


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


def test_other_hosts_get_nothing(nginx: NginxProcess) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", nginx.port), 10) as plain:
        context.wrap_socket(plain, server_hostname="evil.example")
    with closing(http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=10)) as connection:
        with pytest.raises(http.client.RemoteDisconnected):
            ask(connection, "GET", "/", {"Host": "evil.example"})
        answer = ask(connection, "GET", "/goals/?q=1", {"Host": HOST})
    assert (answer.status, answer.headers["location"]) == (301, f"https://{HOST}/goals/?q=1")


def test_when_the_portal_is_down(
    addresses: dict[str, Response], nginx_alone: NginxProcess, counts: Counter[str]
) -> None:
    for path, response in addresses.items():
        answer = nginx_alone.get(path, coding="gzip, br")
        if response.is_a_file:
            assert (answer.status, answer.body) == (200, response.body), path
            counts["pages served while the portal is down"] += 1
        else:
            assert answer.status == 503, path
    for path, method in (("/search/?q=x", "GET"), ("/admin/", "GET"), ("/admin/login/", "POST"), ("/nowhere", "GET")):
        answer = nginx_alone.get(path, method=method, Content_Length="0")
        assert (answer.status, answer.headers["retry-after"]) == (503, "30")
        assert answer.headers["cache-control"] == "no-store"
        assert (
            "保存されていないかもしれません" if method == "POST" else "計画のページは読めます"
        ) in answer.body.decode()
        assert all(nginx_alone.get(link).status == 200 for link in links(answer.body))
        assert_guarded(answer)


def test_a_login_form_sent_over_and_over(nginx_alone: NginxProcess) -> None:
    """30 colleagues behind one address get in within ten seconds; a program that guesses does not."""
    statuses = [nginx_alone.get("/admin/login/", method="POST", Content_Length="0") for _ in range(40)]
    assert [answer.status for answer in statuses[:15]] == [503] * 15
    refused = [answer for answer in statuses if answer.status == 429]
    assert len(refused) > 5
    assert refused[0].headers["retry-after"] == "60"
    assert "1分ほど待って" in refused[0].body.decode()
    assert_guarded(refused[0])
    assert nginx_alone.get("/admin/login/").status == 503, "to look at the form is free"


def test_too_much(nginx: NginxProcess) -> None:
    answer = nginx.get("/admin/login/", method="POST", Content_Length="11000000")
    assert (answer.status, "10MBより小さい" in answer.body.decode()) == (413, True)
    assert_guarded(answer)
    answer = nginx.get("/search/?q=" + "x" * 10_000)
    assert (answer.status, "アドレスが長すぎます" in answer.body.decode()) == (414, True)
    assert_guarded(answer)
    answer = nginx.get("/", method="TRACE")
    assert (answer.status, "その方法では開けません" in answer.body.decode()) == (405, True)
    assert_guarded(answer)


def test_the_log_names_nobody(nginx: NginxProcess) -> None:
    nginx.get("/logged/?q=himitsu", User_Agent="my-browser", Referer="https://from.example/")
    wait_for(lambda: "/logged/" in nginx.log.read_text())
    text = nginx.log.read_text()
    entries = [json.loads(line) for line in text.splitlines()]
    assert {"path": "/logged/", "status": 404, "portal_status": "404"}.items() <= entries[-1].items()
    assert not re.search(r"127\.0\.0\.1|himitsu|my-browser|from\.example", text)
    assert (nginx.place / "site-error.log").read_text() == ""


def test_the_headers_are_those_that_are_kept(portal: PortalProcess, tmp_path: Path) -> None:
    """Else run: PORTAL_HTTPS=1 PORTAL_URL=https://localhost/ manage.py nginx_headers."""
    ended = portal.manage("nginx_headers", "--to", str(tmp_path))
    assert (ended.returncode, ended.stderr) == (0, "")
    for file in tmp_path.iterdir():
        assert file.read_text() == (ROOT / "deploy" / "nginx" / file.name).read_text()
