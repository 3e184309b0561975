"""A WSGI server that asks one thing, a site behind the cache that counts how often it is asked, and a version set by hand."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.validate import validator

from django.db import OperationalError

from plan_portal.foundation.page_cache import Cacheable, PageCache

TEXT = "地域の福祉。" * 200
CACHEABLE = Cacheable(
    pages={"home": frozenset(), "search": frozenset({"q", "page"}), "goals:detail": frozenset()},
    switch=("furigana", "1"),
    without_database=frozenset({"livez"}),
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def environ(path: str = "/", query: str = "", method: str = "GET", **given: str) -> dict[str, Any]:
    """given: headers by their WSGI names without HTTP_, or whole names of the environment."""
    basic = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    whole = {"CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_PORT", "SCRIPT_NAME"}
    named = {
        name if name in whole or name.startswith("wsgi") else f"HTTP_{name}": value for name, value in given.items()
    }
    return basic | named


def ask(application: Callable[..., Iterable[bytes]], *arguments: str, **given: Any) -> Answer:
    """As a server would, with every rule of WSGI checked."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        started.append((status, headers))
        return lambda _data: None

    parts = validator(application)(environ(*arguments, **given), start_response)
    body = b"".join(parts)
    parts.close()
    ((status, headers),) = started
    assert len({name.lower() for name, _ in headers}) == len(headers), "a header twice"
    return Answer(int(status[:3]), {name.lower(): value for name, value in headers}, body)


@dataclass
class Site:
    """Answers with its text and the number of times that it was asked."""

    text: str = TEXT
    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    closed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self.lock:
            self.asked.append(environ)
            number = len(self.asked)
        self.meanwhile()
        body = f"{self.text} {number}".encode()
        kind = [] if any(name == "Content-Type" for name, _ in self.headers) else [("Content-Type", "text/html")]
        start_response(self.status, [*kind, *self.headers])
        return Parts(self, [body[:10], body[10:]])


class Parts(list[bytes]):
    def __init__(self, site: Site, parts: list[bytes]) -> None:
        super().__init__(parts)
        self.site = site

    def close(self) -> None:
        self.site.closed += 1


@dataclass
class Version:
    value: int = 1
    is_gone: bool = False
    alias: str = "default"

    def current(self) -> int:
        if self.is_gone:
            raise OperationalError("gone")
        return self.value


@dataclass
class Cached:
    """The cache, what is behind it, and its version."""

    site: Site = field(default_factory=Site)
    version: Version = field(default_factory=Version)

    def __post_init__(self) -> None:
        self.cache = PageCache(self.site, CACHEABLE, self.version)  # type: ignore[arg-type]

    def ask(self, *arguments: str, **given: Any) -> Answer:
        return ask(self.cache, *arguments, **given)

    def times_asked(self, *arguments: str, **given: Any) -> int:
        """How often the site is asked for two of these requests: once when the page is kept."""
        before = len(self.site.asked)
        for _ in range(2):
            self.ask(*arguments, **given)
        return len(self.site.asked) - before
