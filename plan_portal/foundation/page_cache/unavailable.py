"""503: the page for while the database is gone, locked or full. Drawn without it."""

import sqlite3
from collections.abc import Callable

import psycopg2
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

# In the WSGI environment of a request that cannot be answered: the page cache has just found the database gone.
DATABASE_GONE = "portal.database_gone"
RETRY_AFTER = 10  # seconds
_SECRETS = ("password", "otp", "code")
# Django's, and those of the drivers, which come through when a cursor is closed.
_TROUBLES = (
    OperationalError,
    InterfaceError,
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
    sqlite3.OperationalError,
    sqlite3.InterfaceError,
)
_OF_NO_KIND = (DatabaseError, psycopg2.DatabaseError)


def is_trouble(error: BaseException | None) -> bool:
    """Whether the database itself is what failed, or failed before this error.

    psycopg2 gives some connections that broke no kind at all, and Django lets some of its errors through while it handles others.
    """
    while error is not None and not isinstance(error, _TROUBLES) and type(error) not in _OF_NO_KIND:
        error = error.__context__
    return error is not None


def unavailable(request: HttpRequest) -> HttpResponse:
    """With what was sent, to be sent again by one button: a browser may have kept nothing of a page of the staff."""
    response = render(request, "503.html", {"sent": _sent(request)}, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that was sent; none where it held a secret or a file, which no page repeats, or cannot be read."""
    try:
        names = request.POST.keys()
        if request.FILES or any(secret in name for name in names for secret in _SECRETS):
            return []
        return [(name, value) for name in names for value in request.POST.getlist(name)]
    except (BadRequest, SuspiciousOperation, MultiPartParserError, OSError):
        return []


class DatabaseGoneMiddleware:
    """Answers at once where Django would wait for a database that is known to be gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return unavailable(request) if DATABASE_GONE in request.META else self.get_response(request)
