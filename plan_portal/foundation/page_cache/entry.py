"""A page that is kept: one body, its codings as they are asked for, and the headers that Django gave it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from plan_portal.foundation.page_cache.coding import CODERS, IDENTITY

Headers = Sequence[tuple[str, str]]

CACHE_CONTROL = "max-age=0, must-revalidate"
_NOT_TO_BE_KEPT = {"no-store", "private", "no-cache"}
_MADE_HERE = {"cache-control", "content-encoding", "content-length", "date", "etag", "vary"}
_OF_A_BODY = {"content-disposition", "content-encoding", "content-language", "content-length", "content-type"}
_TEXT = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Variant:
    """What is sent, in one coding."""

    body: bytes
    etag: str
    last_modified: str | None
    headers: list[tuple[str, str]]
    not_modified: list[tuple[str, str]]

    def is_known_to(self, if_none_match: str | None, if_modified_since: str | None) -> bool:
        """Whether the client has this very variant. A list of tags goes before a date (RFC 9110, 13.2.2)."""
        if if_none_match is None:
            return self.last_modified is not None and if_modified_since == self.last_modified
        if if_none_match == self.etag:
            return True
        tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return self.etag in tags or tags == {"*"}


@dataclass(slots=True)
class Entry:
    version: Hashable
    body: bytes
    given: Headers
    _variants: dict[str, Variant] = field(default_factory=dict)

    def variant(self, coding: str) -> Variant:
        return self._variants.get(coding) or self._make(coding)

    def _make(self, coding: str) -> Variant:
        """Coded when first asked for; as it is where coding gains nothing."""
        kind = self._header("content-type")
        body = CODERS[coding](self.body) if coding != IDENTITY and kind.startswith(_TEXT) else self.body
        used = coding if len(body) < len(self.body) else IDENTITY
        body = body if used != IDENTITY else self.body
        etag = f'"{sha256(self.body).hexdigest()[:32]}{f"-{used}" if used else ""}"'
        headers = [(name, value) for name, value in self.given if name.lower() not in _MADE_HERE]
        headers += [("Cache-Control", CACHE_CONTROL), ("ETag", etag), ("Vary", self._vary())]
        headers.append(("Content-Length", str(len(body))))
        if used != IDENTITY:
            headers.append(("Content-Encoding", used))
        bare = [(name, value) for name, value in headers if name.lower() not in _OF_A_BODY]
        made = Variant(body, etag, self._header("last-modified") or None, headers, bare)
        self._variants[coding] = made
        return made

    def _vary(self) -> str:
        given = [name.strip() for name in self._header("vary").split(",") if name.strip()]
        return ", ".join([*(name for name in given if name.lower() != "accept-encoding"), "Accept-Encoding"])

    def _header(self, wanted: str) -> str:
        return next((value for name, value in self.given if name.lower() == wanted), "")


def may_be_kept(status: str, headers: Iterable[tuple[str, str]], body: bytes) -> bool:
    """Only a whole page that is the same for everybody."""
    if not status.startswith("200 "):
        return False
    for name, value in headers:
        name = name.lower()
        if name in {"set-cookie", "content-encoding"}:
            return False
        if name == "cache-control" and _NOT_TO_BE_KEPT & {word.strip().lower() for word in value.split(",")}:
            return False
    return b"csrfmiddlewaretoken" not in body
