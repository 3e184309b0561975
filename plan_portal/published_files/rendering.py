"""What the portal answers to a reader without a session, taken from Django itself, and all of it from one state of the database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections, transaction
from django.http.request import split_domain_port, validate_host

from plan_portal.foundation.page_cache.rendering import render
from plan_portal.furigana import COOKIE
from plan_portal.published_files.errors import PublishError

PAGES = {"text/html": "html", "application/json": "json", "application/atom+xml": "atom"}
_ENDINGS = PAGES | {
    "application/xml": "xml",
    "text/plain": "txt",
    "image/svg+xml": "svg",
    "image/png": "png",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


@dataclass(frozen=True)
class Answer:
    address: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_page(self) -> bool:
        """Whether there is one with furigana too."""
        return self.kind == "page.html"

    @property
    def kind(self) -> str:
        """The name of its file. All that nginx must know of its headers follows from it.

        page.…: its address ends with a slash; download.…: it goes to a reader's disk under the last part of its address.
        """
        media_type = self.headers["Content-Type"].partition(";")[0]
        if media_type not in _ENDINGS:
            raise PublishError(f"{self.address} の形式 {media_type} を、ファイルにできません。")
        name = "page" if self.address.endswith("/") else "download" if "Content-Disposition" in self.headers else "file"
        return f"{name}.{_ENDINGS[media_type]}"


class Reader:
    """Asks Django, past all that keeps answers, as nginx would at PORTAL_URL. Raises PublishError."""

    def __init__(self) -> None:
        url = urlsplit(settings.PORTAL_URL)
        self._host, self._scheme = url.netloc, url.scheme
        if not validate_host(split_domain_port(self._host)[0], settings.ALLOWED_HOSTS):
            raise PublishError(
                f"PORTAL_URL（{settings.PORTAL_URL}）の名前が PORTAL_HOSTS にありません。PORTAL_HOSTS に加えてください。"
            )
        if settings.HTTPS and self._scheme != "https":
            raise PublishError(
                f"PORTAL_HTTPS=1 なのに、PORTAL_URL（{settings.PORTAL_URL}）が https:// で始まっていません。直してください。"
            )
        self._ask = WSGIHandler()

    def answer(self, address: str, *, furigana: bool = False) -> Answer:
        status, headers, body = render(self._ask, self._environ(address, furigana))
        found = dict(headers)
        if not status.startswith("200 "):
            raise PublishError(f"{address} が {status} になりました。このページを開いて、直してください。")
        if len(found) != len(headers) or "Set-Cookie" in found:
            raise PublishError(f"{address} の答えは、だれにでも同じものではありません。ファイルにできません。")
        return Answer(address, found, body)

    def _environ(self, address: str, furigana: bool) -> dict[str, Any]:
        environ: dict[str, Any] = {"PATH_INFO": address, "HTTP_HOST": self._host, "wsgi.url_scheme": self._scheme}
        if furigana:
            environ["HTTP_COOKIE"] = f"{COOKIE}=1"
        setup_testing_defaults(environ)
        return environ | {"wsgi.errors": sys.stderr}


@contextmanager
def one_state(alias: str) -> Iterator[None]:
    """What is read within comes from one state of the database, and no writer waits. Within a transaction: from that one."""
    with _requests_keep_their_connections():
        connection: Any = connections[alias]
        if connection.in_atomic_block:
            yield
            return
        connection.close_if_unusable_or_obsolete()
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
            try:
                with transaction.atomic(alias):
                    yield
            finally:
                connection.transaction_mode = usual
        else:
            with transaction.atomic(alias):
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield


@contextmanager
def _requests_keep_their_connections() -> Iterator[None]:
    """Django looks at every connection when a request begins and ends, and would close one in a transaction."""
    was_connected = [signal.disconnect(close_old_connections) for signal in (request_started, request_finished)]
    try:
        yield
    finally:
        for signal, was in zip((request_started, request_finished), was_connected, strict=True):
            if was:
                signal.connect(close_old_connections)
