"""Which kept page a request asks for, and which requests may be answered with one at all."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import QueryDict
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

LONGEST_QUERY, MOST_PARAMETERS = 1024, 16  # a search for 100 letters is 900 bytes, percent-encoded
_LONGEST_COOKIE_REMEMBERED = 256
# What a page may depend on besides its key. Nothing else that a client sends reaches the rendering of a page that is kept.
_OF_THE_BODY = {"CONTENT_TYPE", "CONTENT_LENGTH"}

Environ = dict[str, Any]


class Key(NamedTuple):
    """path and query as sent: pages repeat them. switched: whether the cookie that changes all pages is on."""

    scheme: str
    host: str
    root: str
    path: str
    query: str
    switched: bool


class Cacheable(NamedTuple):
    """pages: names of addresses → the query parameters that their pages know.

    switch: name and value of the cookie that changes all pages. without_database: addresses that are answered without it.
    """

    pages: Mapping[str, Set[str]]
    switch: tuple[str, str]
    without_database: Set[str]


class Requests:
    """Reads requests, as Django would."""

    def __init__(self, cacheable: Cacheable) -> None:
        self._cacheable = cacheable
        self._switch = "=".join(cacheable.switch)
        self._private = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
        self._proxy_header, self._proxy_secure = settings.SECURE_PROXY_SSL_HEADER or ("", "")
        self._remembered = lru_cache(maxsize=256)(self._read_cookies)

    def key(self, environ: Environ) -> Key | None:
        """None for a request that no kept page may answer. Whether its page is kept at all, `is_kept` tells."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        host = environ.get("HTTP_HOST")
        cookies = environ.get("HTTP_COOKIE")
        switched = self._switched(cookies) if cookies else False
        if switched is None or not host:
            return None
        scheme = self._scheme(environ) if self._proxy_header else environ["wsgi.url_scheme"]
        root, query = environ.get("SCRIPT_NAME", ""), environ.get("QUERY_STRING", "")
        return Key(scheme, host, root, environ.get("PATH_INFO", ""), query, switched)

    def is_kept(self, key: Key) -> bool:
        """Whether the page of this key is one of those that are kept, the host is ours and every parameter known."""
        names = self._cacheable.pages.get(_name(key.path))
        return names is not None and _is_ours(key.host) and (not key.query or _parameters(key.query) <= names)

    def is_endless(self, key: Key, environ: Environ) -> bool:
        """Whether a client can invent any number of such keys: by a query, a port, or a name that ALLOWED_HOSTS only describes."""
        here = f":{environ.get('SERVER_PORT')}"
        return bool(key.query or key.root) or key.host.removesuffix(here) not in settings.ALLOWED_HOSTS

    def plain(self, key: Key, environ: Environ) -> Environ:
        """The request without all that is not in its key, for a page that is the same for everybody."""
        plain = {n: v for n, v in environ.items() if not n.startswith("HTTP_") and n not in _OF_THE_BODY}
        plain |= {"REQUEST_METHOD": "GET", "HTTP_HOST": key.host}
        if key.switched:
            plain["HTTP_COOKIE"] = self._switch
        if self._proxy_header in environ:
            plain[self._proxy_header] = environ[self._proxy_header]
        return plain

    def needs_database(self, environ: Environ) -> bool:
        return _name(environ.get("PATH_INFO", "")) not in self._cacheable.without_database

    def _scheme(self, environ: Environ) -> str:
        told = environ.get(self._proxy_header)
        if told is None:
            return str(environ["wsgi.url_scheme"])
        return "https" if told.split(",", 1)[0].strip() == self._proxy_secure else "http"

    def _switched(self, cookies: str) -> bool | None:
        if cookies == self._switch:
            return True
        return self._remembered(cookies) if len(cookies) <= _LONGEST_COOKIE_REMEMBERED else self._read_cookies(cookies)

    def _read_cookies(self, cookies: str) -> bool | None:
        """None for somebody who is, or may be, logged in."""
        found = parse_cookie(cookies)
        name, value = self._cacheable.switch
        return None if self._private & set(found) else found.get(name) == value


def _name(path: str) -> str:
    """The name of the address, or nothing. WSGI gives the bytes of a path as if they were Latin-1."""
    try:
        return resolve(path.encode("latin-1").decode()).view_name
    except (Resolver404, UnicodeError):
        return ""


def _parameters(query: str) -> Set[str]:
    """Their names as Django reads them; one that no page knows where there are too many to read."""
    if len(query) > LONGEST_QUERY or query.count("&") >= MOST_PARAMETERS or not query.isascii():
        return {""}
    return set(QueryDict(query))


def _is_ours(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
