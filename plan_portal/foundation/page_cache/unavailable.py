"""503: the page for while the database is gone, locked or full. Drawn without it."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# In the WSGI environment of a request that cannot be answered: the page cache has just found the database gone.
DATABASE_GONE = "portal.database_gone"
RETRY_AFTER = 10  # seconds
TROUBLES = (OperationalError, InterfaceError)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = render(request, "503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


class DatabaseGoneMiddleware:
    """Answers at once where Django would wait for a database that is known to be gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return unavailable(request) if DATABASE_GONE in request.META else self.get_response(request)
