"""Which errors of the database are met by 503 (wait and send again), which by 500 (a mistake of ours), and that nothing typed is lost."""

import sqlite3

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from plan_portal.foundation.page_cache.unavailable import is_trouble


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("database or disk is full"), 503),
        (InterfaceError("connection already closed"), 503),
        (DatabaseError("server closed the connection unexpectedly"), 503),
        (psycopg2.OperationalError("terminating connection"), 503),
        (psycopg2.DatabaseError("server closed the connection unexpectedly"), 503),
        (sqlite3.OperationalError("disk I/O error"), 503),
        (IntegrityError("UNIQUE constraint failed"), 500),
        (psycopg2.IntegrityError("violates a constraint"), 500),
        (ProgrammingError("syntax error"), 500),
        (RuntimeError("broken"), 500),
    ],
)
def test_a_database_that_fails_is_no_error_of_ours(client, monkeypatch, error, status):
    def fails(*_args, **_kwargs):
        raise error

    monkeypatch.setattr("goals.views.plan_or_404", fails)
    client.raise_request_exception = False
    response = client.get("/goals/")
    assert response.status_code == status
    assert "地域福祉計画<wbr>ポータル" in response.content.decode()
    assert ("Retry-After" in response) == (status == 503)


def test_an_error_that_follows_from_a_trouble_is_one_too():
    follows, alone = RuntimeError("so I cannot go on"), RuntimeError("broken")
    follows.__context__ = OperationalError("gone")
    assert [is_trouble(error) for error in (follows, alone, None)] == [True, False, False]


@pytest.fixture
def full(client, monkeypatch):
    """A client of a portal whose disk is full."""

    def fails(*_args, **_kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("plan_portal.furigana.FuriganaMiddleware.__call__", fails)
    client.raise_request_exception = False
    return client


def test_what_was_typed_is_sent_again_by_one_button(full):
    typed = {
        "body": '一行目\n\n　<二行目> "と" &amp;',
        "pairs": ["1-2", "3-4"],
        "csrfmiddlewaretoken": "t" * 64,
        "_save": "",
    }
    page = full.post("/admin/goals/plansection/1/change/?p=1", typed)
    assert page.status_code == 503
    assert 'action="/admin/goals/plansection/1/change/?p=1"' in page.content.decode()
    again = [
        (name, value) for name, values in typed.items() for value in ([values] if isinstance(values, str) else values)
    ]
    assert page.context["sent"] == again
    assert "&lt;二行目&gt; &quot;と&quot; &amp;amp;" in page.content.decode()


@pytest.mark.parametrize(
    "secret",
    [
        {"username": "a", "password": "himitsu"},
        {"otp_token": "himitsu"},
        {"code": "himitsu"},
        {"image": SimpleUploadedFile("a.png", b"himitsu")},
    ],
)
def test_no_secret_and_no_file_is_repeated(full, secret):
    page = full.post("/admin/login/", secret)
    assert page.status_code == 503
    assert "himitsu" not in page.content.decode()
    assert "もう一度送る" not in page.content.decode()
    assert "「戻る」" in page.content.decode()


def test_a_body_that_cannot_be_read_is_no_further_trouble(full):
    page = full.generic("POST", "/admin/", b"--x", content_type="multipart/form-data; boundary=")
    assert page.status_code == 503
