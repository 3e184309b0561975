"""Attacks on the real server: what no client sends, byte by byte. The server refuses alone, or the portal does with all its headers."""

import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_PASSWORD
from tests.plan_portal.attacks import MARK
from tests.plan_portal.bodies import BODIES
from tests.plan_portal.guarded import lacks, tells
from tests.plan_portal.wire import FOLLOWED, HOST, LOGIN, NEXT, SENT, line
from tests.portal_process import ANSWERS_OF_BOTH_WORKERS, PortalProcess, own_database

SECONDS_PER_ANSWER = 20
OWN_REFUSALS = {400, 414, 431}  # granian's, before the portal is asked: without a body


def send(portal: PortalProcess, data: bytes, *, enough: int = 0) -> bytes:
    """What comes back until the server closes, or until it has begun `enough` answers."""
    with closing(socket.create_connection(("127.0.0.1", portal.port), timeout=SECONDS_PER_ANSWER)) as connection:
        answer = b""
        try:
            connection.sendall(data)
            while chunk := connection.recv(65536):
                answer += chunk
                if enough and len(statuses(answer)) >= enough:
                    break
        except (ConnectionResetError, BrokenPipeError):  # it has seen enough before we had sent all
            pass
        return answer


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"^HTTP/1\.[01] (\d{3}) ", answer, re.MULTILINE)]


def troubles_of(answer: bytes) -> list[str]:
    head, _, content = answer.partition(b"\r\n\r\n")
    headers = dict(re.findall(r"^([\w-]+): *(.*?)\r?$", head.decode("latin-1"), re.MULTILINE))
    if statuses(answer)[0] in OWN_REFUSALS and not content:
        return [name for name in headers if name.lower() not in {"connection", "content-length", "date"}]
    echoed = [
        word
        for word in ("evil.example", MARK)
        if f"//{word}" in headers.get("location", "") or MARK.encode() in content
    ]
    return [*lacks(headers), *tells(content), *echoed]


@pytest.fixture
def portal(portal_server: PortalProcess) -> Iterator[PortalProcess]:
    """After whatever was sent, both workers answer."""
    yield portal_server
    assert {portal_server.get("/livez")[0] for _ in range(ANSWERS_OF_BOTH_WORKERS)} == {200}


@pytest.mark.parametrize("kind", SENT)
def test_one_request(portal: PortalProcess, counts: Counter[str], kind: str) -> None:
    allowed, requests = SENT[kind]
    for request in requests:
        answer = send(portal, request)
        assert len(statuses(answer)) == 1, (request[:200], answer[:200])
        assert statuses(answer)[0] in allowed, (request[:200], answer[:200])
        assert troubles_of(answer) == [], (request[:200], answer[:500])
        counts["raw attacks withstood"] += 1


def test_http_2_without_encryption_is_not_spoken(portal: PortalProcess) -> None:
    assert send(portal, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == b""


@pytest.mark.parametrize("kind", FOLLOWED)
def test_nothing_is_smuggled_behind_a_request(portal: PortalProcess, counts: Counter[str], kind: str) -> None:
    request, expected = FOLLOWED[kind]
    answer = send(portal, request + NEXT, enough=len(expected) if len(expected) > 1 else 0)
    assert statuses(answer) == expected
    counts["raw attacks withstood"] += 1


def test_files(portal: PortalProcess) -> None:
    style = re.search(r'href="(/static/css/portal[^"]*)"', portal.get("/")[1])[1].encode()
    etag = re.search(rb"etag: ([^\r]*)", send(portal, line(style)))[1]
    answers = {
        200: line(style),
        206: line(style, b"GET", b"Range: bytes=0-9"),
        304: line(style, b"GET", b"If-None-Match: " + etag),
        404: line(b"/static/css/nothing.css"),
        405: line(style, b"POST"),
        416: line(style, b"GET", b"Range: bytes=99999999-"),
    }
    for status, request in answers.items():
        answer = send(portal, request)
        assert (statuses(answer), troubles_of(answer)) == ([status], [])


class Browser:
    """A client that can send any body, with the key of a form in a header, so that the body is read."""

    def __init__(self, portal: PortalProcess) -> None:
        self.portal, self.cookies = portal, {}
        self.ask("GET", "/admin/login/")

    def ask(
        self, method: str, path: str, body: bytes = b"", content_type: str = ""
    ) -> tuple[int, bytes, dict[str, str]]:
        headers = {"Content-Type": content_type.encode()} if content_type else {}
        if self.cookies:
            headers |= {
                "Cookie": "; ".join(map("=".join, self.cookies.items())),
                "X-CSRFToken": self.cookies["csrftoken"],
            }
        with closing(HTTPConnection("127.0.0.1", self.portal.port, timeout=SECONDS_PER_ANSWER)) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # an answer may come before a body was read
                connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            for cookie in response.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].strip().partition("=")
                self.cookies[name] = value
            return response.status, response.read(), dict(response.headers)


def test_bodies(portal: PortalProcess, counts: Counter[str]) -> None:
    """To the login, to a form with a file, and to pages that read none."""
    browser = Browser(portal)
    staff = Browser(portal)
    form = f"username=admin&password={SAMPLE_PASSWORD}&next=/admin/".encode()
    assert staff.ask("POST", "/admin/login/", form, "application/x-www-form-urlencoded")[0] == 302
    cases = (
        (browser, "POST", "/admin/login/", {200, 400, 403}),
        (browser, "GET", "/search/?q=a", {200}),
        (browser, "POST", "/goals/1/", {400, 405}),
        (staff, "POST", "/admin/sdgs/sdgicon/add/", {200, 400}),
        (staff, "POST", "/admin/goals/basicgoal/add/", {200, 400}),
    )
    for content_type, body in BODIES:
        for who, method, path, allowed in cases:
            status, content, headers = who.ask(method, path, body, content_type)
            assert status in allowed, (method, path, content_type, body[:100])
            assert (lacks(headers), tells(content)) == ([], []), (method, path, content_type)
            counts["raw attacks withstood"] += 1


PATIENCE = 2
IMPATIENT = f"""
from plan_portal.startup import worker
worker.SECONDS_FOR_A_FORM = {PATIENCE}
import sys, runpy
sys.argv = ["manage.py", "start"]
runpy.run_path("manage.py", run_name="__main__")
"""


def test_half_a_form_does_not_hold_the_portal_for_ever(tmp_path: Path) -> None:
    """Sent to both workers, which wait for the rest; each is followed by another worker."""
    half = line(
        LOGIN,
        b"POST",
        b"Cookie: csrftoken=" + b"a" * 32,
        b"Content-Length: 500",
        b"Content-Type: application/x-www-form-urlencoded",
        host=HOST,
    )
    with own_database() as database:
        portal = PortalProcess(tmp_path / "var", **database, SAMPLE="0")
        portal.program = ["-c", IMPATIENT]
        with portal.running():
            held = []
            for _ in range(8):
                held.append(socket.create_connection(("127.0.0.1", portal.port)))
                held[-1].sendall(half + b"abc")
            end = time.monotonic() + 30 * PATIENCE
            answered = 0
            while answered < ANSWERS_OF_BOTH_WORKERS and time.monotonic() < end:
                try:
                    answered = answered + 1 if portal.get("/livez")[0] == 200 else 0
                except OSError:
                    answered = 0
            for connection in held:
                connection.close()
            assert answered == ANSWERS_OF_BOTH_WORKERS
        assert "Timeout (0:00:02)!" in portal.printed
