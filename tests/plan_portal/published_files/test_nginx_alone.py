"""What nginx answers by itself with the configuration of deploy/: refusals, the pages while the portal is down, and its log."""

import http.client
import json
import re
import socket
import ssl
from collections import Counter
from contextlib import closing

import pytest

from tests.nginx_process import HOST, NginxProcess, Response, ask
from tests.plan_portal.published_files.conftest import links, wait_for

pytestmark = [pytest.mark.nginx, pytest.mark.only_on("sqlite")]  # the files are the same on either database


def assert_guarded(response: Response) -> None:
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "max-age" in response.headers["strict-transport-security"]
    assert response.headers["server"] == "nginx"


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/goals/..%2f..%2f", "/goals/%00/", "/goals/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/%zz"]
)
def test_what_nginx_refuses_itself(nginx: NginxProcess, path: str) -> None:
    answer = nginx.get(path)
    assert answer.status == 400
    assert "このアドレスは読めません" in answer.body.decode()
    assert_guarded(answer)


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
