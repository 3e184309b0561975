"""The log tells what broke and where, and nothing about anybody."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from plan_portal import urls, views
from plan_portal.operations.json_log import JsonFormatter
from tests.factories import PlanFactory
from tests.portal_process import PortalProcess

CANARY = "yamada-hanako-0123"
handler400, handler404, handler500 = views.bad_request, views.not_found, views.server_error


def fails(request: HttpRequest) -> HttpResponse:
    name = request.POST["name"]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO auth_permission (name) VALUES (%s)", [name])
    except Exception as error:
        raise ValueError(f"no such person: {name}") from error
    return HttpResponse()


def suspects(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(f"tampered: {request.GET['name']}")


urlpatterns = [*urls.urlpatterns, path("fails/", fails), path("suspects/", suspects)]


@pytest.fixture
def log() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Reads what every logger has written since, in the portal's format, each line parsed."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    heard = [logging.getLogger(name) for name in (None, "django", "django.security", "django.request", "axes")]
    levels = [logger.level for logger in heard]
    for logger in heard:
        logger.setLevel(logging.INFO)
    for logger in heard[:2]:
        logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    for logger, level in zip(heard, levels, strict=True):
        logger.setLevel(level)
        logger.removeHandler(handler)


@pytest.fixture
def stranger(db: None, settings: Any) -> Client:
    """A visitor who tells of themselves wherever one can."""
    settings.ROOT_URLCONF = __name__
    PlanFactory()
    client = Client(
        raise_request_exception=False,
        headers={"User-Agent": CANARY, "Referer": f"https://{CANARY}.example/?q={CANARY}"},
        REMOTE_ADDR="203.0.113.77",
    )
    client.cookies["sessionid"] = CANARY
    return client


def ask_for_trouble(client: Client) -> list[int]:
    """Each kind of refusal that writes a line, with the name wherever a visitor can put one."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False, headers={"User-Agent": CANARY})
    login = {"username": CANARY, "password": CANARY}
    answers = [
        client.post(f"/fails/?q={CANARY}", {"name": CANARY}),
        client.get("/suspects/", {"name": CANARY}),
        client.get("/search/", {"q": CANARY}),
        client.get("/nothing/", {"q": CANARY}),
        client.post("/admin/login/", login),
        client.get("/search/", {"q": CANARY}, headers={"Host": f"{CANARY}.example"}),
        client.get("/initiatives/", {"goal": CANARY}),
        client.post("/search/", {"q": CANARY}),
        strict.post("/admin/login/", login, secure=True, headers={"Origin": f"https://{CANARY}.example"}),
        strict.post("/admin/login/", login, secure=True, headers={"Referer": f"https://{CANARY}.example/?{CANARY}"}),
    ]
    return [answer.status_code for answer in answers]


def test_nothing_about_anybody_is_in_the_log(stranger: Client, log: Callable[[], list[dict[str, Any]]]) -> None:
    assert ask_for_trouble(stranger) == [500, 400, 200, 404, 200, 400, 200, 405, 403, 403]
    lines = log()
    assert {line["status"] for line in lines if "status" in line} == {500, 400, 404, 405, 403}
    whole = json.dumps(lines, ensure_ascii=False)
    for known in (CANARY, "203.0.113.77", "127.0.0.1"):
        assert known not in whole


def test_an_error_tells_where_it_happened(stranger: Client, log: Callable[[], list[dict[str, Any]]]) -> None:
    stranger.post("/fails/", {"name": CANARY})
    (line,) = [line for line in log() if line.get("status") == 500]
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "django.request", "Internal Server Error")
    assert (line["method"], line["path"], line["exception"]) == ("POST", "/fails/", "builtins.ValueError")
    assert line["time"].endswith("+00:00")
    first, second = (line["stack"].index(name) for name in ("django.db.utils.", "builtins.ValueError"))
    assert first < second
    assert f'File "{__file__}"' in line["stack"]
    assert "in fails\n" in line["stack"]


def formatted(message: Any, *args: Any, name: str = "portal", **extra: Any) -> dict[str, Any]:
    record = logging.LogRecord(name, logging.WARNING, "x.py", 1, message, args, None)
    vars(record).update(extra)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    return json.loads(line)


def test_a_line_cannot_be_forged() -> None:
    request = HttpRequest()
    request.method, request.path = "GET\n{}", '/a\r\n{"level": "INFO"}\u2028/' + "x" * 999
    line = formatted("one\ntwo", request=request)
    assert line["message"] == "one\ntwo"
    assert line["path"] == request.path[:200]


def test_arguments_and_objects_are_left_out() -> None:
    assert formatted("failed for %s", CANARY)["message"] == "failed for %s"
    assert formatted(ValueError(CANARY))["message"] == "ValueError"
    assert formatted(f"Invalid HTTP_HOST header: {CANARY}", name="django.security.DisallowedHost")["message"] == (
        "DisallowedHost"
    )
    assert formatted("x", status_code=599)["status"] == 599


def test_exceptions_that_lead_to_one_another_end() -> None:
    first, second = ValueError(CANARY), KeyError(CANARY)
    first.__cause__, second.__cause__ = second, first
    try:
        raise first
    except ValueError:
        record = logging.LogRecord("portal", logging.ERROR, "x.py", 1, "x", (), sys.exc_info())
    assert json.loads(JsonFormatter().format(record))["stack"].count("Traceback") == 2


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(("wanted", "is_json"), [("", True), ("json", True), ("text", False)])
def test_what_is_no_terminal_gets_json(tmp_path: Path, wanted: str, is_json: bool) -> None:
    code = "import logging; logging.getLogger('portal').warning('hello %s', 'hanako')"
    said = PortalProcess(tmp_path, PORTAL_LOG=wanted).manage("shell", "--no-imports", "-c", code).stderr
    assert (json.loads(said)["message"] if is_json else said.strip()) == ("hello %s" if is_json else "hello hanako")


def test_another_format_is_refused(tmp_path: Path) -> None:
    refused = PortalProcess(tmp_path, PORTAL_LOG="xml").manage("check")
    assert (refused.returncode, refused.stderr) == (1, "PORTAL_LOG には、json か text を指定してください。\n")
