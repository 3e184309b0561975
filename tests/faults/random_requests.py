"""Requests that nobody would make by hand: known addresses bent, queries and headers of nonsense, bodies that are no forms."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

METHODS = ["GET"] * 12 + ["HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X"]
# As they stand in an address, already encoded.
PIECES = [
    *("0", "1", "2", "-1", "007", "999", "1000", "9" * 25, "1.5", "1e9", "NaN", "１", "④", "%EF%BC%91", "٣"),
    *("%00", "a%00b", "%0d%0aX-Y:%20z", "%ff", "%c0%af", "%ed%a0%80", "%F4%90%80%80", "%", "%%", "%2", "%zz", "%252e"),
    *(
        "..",
        ".",
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "%5c",
        "\\",
        "//",
        ";",
        ";a=b",
        "~",
        "*",
        "'",
        '"',
        "<script>",
        "{}",
        "|",
    ),
    *("admin", "static", "api", "v1", "goals", "add", "change", "delete", "history", "jsi18n", "autocomplete", "None"),
    *(
        "%E3%81%82",
        "福祉",
        "%E3%83%98%E3%82%9A",
        "\u202e",
        "e%CC%81",
        "x" * 300,
        "%E3%81%82" * 200,
        "data.csv",
        "plan.pdf",
    ),
]
NAMES = [
    *(
        "q",
        "page",
        "goal",
        "kizuna",
        "field",
        "sdg",
        "department",
        "linked",
        "year",
        "kind",
        "u",
        "on",
        "next",
        "p",
        "o",
        "e",
    ),
    *(
        "_popup",
        "_to_field",
        "_changelist_filters",
        "id__exact",
        "goal__id__exact",
        "pk__in",
        "state__isnull",
        "waiting",
    ),
    *(
        "app_label",
        "model_name",
        "field_name",
        "term",
        "csrfmiddlewaretoken",
        "edit_version",
        "%00",
        "%ff",
        "[]",
        "",
        "a.b",
    ),
]
HOSTS = [
    "localhost",
    "127.0.0.1",
    "LOCALHOST",
    "[::1]",
    "evil.example",
    "",
    "127.0.0.1:99999",
    "a b",
    "127.0.0.1.",
    "é.example",
    "x" * 300,
]
HEADERS = [
    (
        "Accept-Encoding",
        ("br", "gzip;q=0", "*;q=0.1", "br;q=nan", "br;q=,gzip", ",;q", "x" * 500, "identity;q=0, *;q=0"),
    ),
    ("If-None-Match", ('"x"', "*", "W/", '"', ",,,", "é", '"' + "a" * 2000)),
    ("If-Modified-Since", ("now", "Thu, 99 Foo 99999 99:99:99 GMT", "0", "Thu, 01 Jan 1970 00:00:00 GMT", "-1")),
    ("Range", ("bytes=0-1", "bytes=9-1", "bytes=-", "items=1", "bytes=99999999999999999999-")),
    ("Accept", ("text/html", "image/png", "*/*;q=x", "/", "")),
    ("Accept-Language", ("ja", "xx", "ja;q=2", ",", "-" * 400)),
    ("X-Forwarded-Proto", ("https", "javascript", "")),
    ("X-Forwarded-Host", ("evil.example", "")),
    ("X-Forwarded-For", ("1.2.3.4", "'; drop table", "::", "x" * 300)),
    ("Referer", ("http://evil.example/", "///", "é", "")),
    ("Origin", ("null", "http://evil.example", "é")),
    (
        "Content-Type",
        ("application/json", "multipart/form-data", "multipart/form-data; boundary=x", "text/plain; charset=x", "é"),
    ),
    (
        "Cookie",
        (
            "furigana=1",
            "furigana=2",
            "sessionid=x",
            "csrftoken=",
            "sessionid=" + "a" * 3000,
            "messages=x",
            "=;;=",
            "é=é",
        ),
    ),
    ("X-HTTP-Method-Override", ("DELETE",)),
    ("Upgrade", ("h2c", "websocket")),
]
BODIES = [
    b"",
    b"a=b",
    b"=&=&%ff=%00",
    b"\xff\xfe\x00",
    b"{",
    b"--x\r\n",
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--',
    b"&" * 2000,
]


@dataclass
class RandomRequests:
    """known: addresses that lead somewhere. cookies: of those who are logged in, with "" for a stranger. Repeatable by its seed."""

    seed: int
    known: Sequence[str]
    cookies: Sequence[str]
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def next(self) -> tuple[str, bytes]:
        """Its method, and the request as it is sent."""
        r = self._random
        method = r.choice(METHODS)
        headers = [("Host", r.choice(HOSTS) if r.random() < 0.05 else "localhost")]
        headers += [(name, r.choice(values)) for name, values in r.sample(HEADERS, r.choice((0, 0, 1, 2, 4)))]
        if cookie := r.choice(self.cookies):
            headers = [pair for pair in headers if pair[0] != "Cookie"] + [("Cookie", cookie)]
        body = r.choice(BODIES) if method in ("POST", "PUT", "PATCH") else b""
        headers += [("Content-Length", str(len(body)))] if body else []
        lines = [f"{method} {self._target()} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
        return method, "\r\n".join(lines).encode() + body

    def _target(self) -> str:
        r = self._random
        path = r.choice(self.known)
        for _ in range(r.choice((0, 1, 1, 1, 1, 1, 2, 2))):
            path = self._bent(path)
        query = "&".join(self._pair() for _ in range(r.choice((0, 0, 1, 1, 2, 5))))
        target = path + ("?" + query if query else "")
        # As it is, in raw UTF-8, or encoded as a browser would send it.
        return target.replace(" ", "%20") if r.random() < 0.3 else quote(target, safe="/%?&=;:@!$'()*+,~")

    def _bent(self, path: str) -> str:
        r = self._random
        parts = path.split("/")
        place = r.randrange(1, len(parts))
        bend = r.randrange(5)
        if bend == 0:
            parts[place] = r.choice(PIECES)
        elif bend == 1:
            parts.insert(place, r.choice(PIECES))
        elif bend == 2:
            del parts[place]
        elif bend == 3:
            parts[place] = parts[place].swapcase() + r.choice(("", "", r.choice(PIECES)))
        else:
            parts.append(r.choice(PIECES))
        return "/" + "/".join(parts).removeprefix("/")

    def _pair(self) -> str:
        r = self._random
        name = r.choice(NAMES) if r.random() < 0.9 else r.choice(PIECES)
        value = r.choice(PIECES) if r.random() < 0.8 else "".join(chr(r.randrange(33, 0x3100)) for _ in range(8))
        return name + r.choice(("=", "=", "=", "")) + value
