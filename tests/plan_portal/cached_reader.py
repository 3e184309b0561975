"""A citizen who reads the pages as the page cache sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import HttpResponse
from django.utils.encoding import iri_to_uri

from plan_portal.cached_pages import CACHEABLE
from plan_portal.foundation.page_cache import PageCache
from tests.foundation.page_cache.asking import Answer, Version, ask


@contextmanager
def connection_stays_open() -> Iterator[None]:
    """As Django's own test client does it: the test is in the middle of a transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


class CachedReader:
    """Asks for everything twice. `version` is set by the test, which sees what no other connection does before its commit."""

    def __init__(self, *, furigana: bool = False) -> None:
        self.version = Version()
        self.cache = PageCache(get_wsgi_application(), CACHEABLE, self.version)  # type: ignore[arg-type]
        self._cookie = {"COOKIE": "furigana=1"} if furigana else {}

    def ask(self, url: str, **given: str) -> Answer:
        path, _, query = iri_to_uri(url).partition("?")
        with connection_stays_open():
            return ask(self.cache, unquote(path), query, **self._cookie | given)

    def get(self, url: str) -> HttpResponse:
        first, second = self.ask(url), self.ask(url)
        assert (first.status, first.body) == (second.status, second.body)
        return HttpResponse(second.body, status=second.status, headers=second.headers)

    def kept(self) -> dict[str, bytes]:
        """Every body in the cache, those of former versions too."""
        shelves = (self.cache.shelves.pages, self.cache.shelves.asked)
        return {str(key): entry.body for shelf in shelves for key, entry in shelf._entries.items()}
