"""The WSGI application that answers with kept pages, and asks Django for what is not kept."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError

from plan_portal.foundation.content_version import ContentVersion
from plan_portal.foundation.page_cache.coding import wanted
from plan_portal.foundation.page_cache.day import Day
from plan_portal.foundation.page_cache.entry import Entry, may_be_kept
from plan_portal.foundation.page_cache.flights import Flights
from plan_portal.foundation.page_cache.rendering import Answer, Application, Rendered, StartResponse, render
from plan_portal.foundation.page_cache.request_key import Cacheable, Key, Requests
from plan_portal.foundation.page_cache.shelves import Shelves
from plan_portal.foundation.page_cache.unavailable import DATABASE_GONE
from plan_portal.foundation.version_memo import VersionMemo

Environ = dict[str, Any]


class PageCache:
    """The version is asked before a page is rendered: a page is never older than the version that it is kept for.

    Pages of former versions stay, within the bounds, for the hour in which the database is gone. Then they say so (RFC 9211).
    """

    def __init__(self, application: Application, cacheable: Cacheable, version: ContentVersion) -> None:
        self.shelves = Shelves()
        self._application = application
        self._requests = Requests(cacheable)
        self._version = version
        self._flights = Flights()
        self._memo = VersionMemo()
        self._day = Day()
        self._gone_since: float | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Answer:
        key = self._requests.key(environ)
        try:
            version = (self._version.current(), self._day.today())
        except DatabaseError:
            return self._without_database(key, environ, start_response)
        self._gone_since = None
        if key is None:
            return self._application(environ, start_response)
        entry = self.shelves.get(key)
        if entry is not None and entry.version == version:
            return _send(entry, environ, start_response)
        if not self._requests.is_kept(key):
            return self._application(environ, start_response)
        return self._miss(key, version, environ, start_response)

    def _miss(self, key: Key, version: Hashable, environ: Environ, start_response: StartResponse) -> Answer:
        rendered = None
        with self._flights.boarded((key, version)) as (flight, leads):
            if leads:
                flight.entry = self._fresh(key, version)
            if leads and flight.entry is None:
                with self._memo.rendering(version):
                    rendered = render(self._application, self._requests.plain(key, environ))
                flight.entry = self._keep(key, version, rendered, environ)
        entry = flight.wait()
        if entry is not None:
            return _send(entry, environ, start_response)
        if rendered is None or rendered.has("set-cookie"):
            return self._application(environ, start_response)
        return self._hand_over(rendered, key, environ, start_response)

    def _fresh(self, key: Key, version: Hashable) -> Entry | None:
        entry = self.shelves.get(key)
        return entry if entry is not None and entry.version == version else None

    def _keep(self, key: Key, version: Hashable, rendered: Rendered, environ: Environ) -> Entry | None:
        """None, and nothing kept, for what is not the same for everybody. A failure takes nothing away."""
        if may_be_kept(*rendered):
            entry = Entry(version, rendered.body, rendered.headers)
            self.shelves.put(key, entry, is_endless=self._requests.is_endless(key, environ))
            return entry
        if not rendered.status.startswith("5"):
            self.shelves.remove(key)
        return None

    def _hand_over(self, rendered: Rendered, key: Key, environ: Environ, start_response: StartResponse) -> Answer:
        """What was rendered for this one client; for a database that went meanwhile, what there was before."""
        former = self.shelves.get(key) if rendered.status.startswith("503") else None
        if former is not None:
            return self._send_stale(former, environ, start_response)
        start_response(rendered.status, rendered.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [rendered.body]

    def _without_database(self, key: Key | None, environ: Environ, start_response: StartResponse) -> Answer:
        entry = self.shelves.get(key) if key is not None else None
        if entry is not None:
            return self._send_stale(entry, environ, start_response)
        if self._is_read_by(key) and self._requests.needs_database(environ):
            environ[DATABASE_GONE] = True
        return self._application(environ, start_response)

    def _is_read_by(self, key: Key | None) -> bool:
        """Whether the request needs the very database whose version is asked: a replica is for public pages alone."""
        return self._version.alias == DEFAULT_DB_ALIAS or (key is not None and self._requests.is_kept(key))

    def _send_stale(self, entry: Entry, environ: Environ, start_response: StartResponse) -> Answer:
        """ttl: seconds since it was last known to be fresh, begun ones too, as a negative number."""
        now = time.monotonic()
        self._gone_since = now if self._gone_since is None else self._gone_since
        told = f"plan-portal; hit; ttl={-1 - int(now - self._gone_since)}; detail=database-gone"
        return _send(entry, environ, start_response, [("Cache-Status", told)])


def _send(
    entry: Entry, environ: Environ, start_response: StartResponse, more: list[tuple[str, str]] | None = None
) -> Answer:
    """more: headers of this answer alone."""
    variant = entry.variant(wanted(environ.get("HTTP_ACCEPT_ENCODING")))
    known, since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
    if (known or since) and variant.is_known_to(known, since):
        start_response("304 Not Modified", [*variant.not_modified, *(more or ())])
        return []
    start_response("200 OK", [*variant.headers, *(more or ())])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]
