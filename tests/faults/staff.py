"""A member of the staff before the real portal: logs in, opens a form, saves it."""

from __future__ import annotations

import http.client
from contextlib import closing
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

from tests.portal_process import SAMPLE_PASSWORD

SECONDS_TO_ANSWER = 30
TICKED = ("checkbox", "radio")


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """One who keeps cookies. OSError or HTTPException: the portal was not there, or went away."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, data: dict[str, list[str]] | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(data, doseq=True)
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_ANSWER)) as connection:
            connection.request("GET" if data is None else "POST", path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer


class Staff(Visitor):
    def log_in(self, name: str) -> Staff:
        form = self.form("/admin/login/") | {"username": [name], "password": [SAMPLE_PASSWORD]}
        answer = self.ask("/admin/login/", form)
        assert answer.status == 302, answer.text
        return self

    def form(self, path: str) -> dict[str, list[str]]:
        answer = self.ask(path)
        assert answer.status == 200, answer
        return form_in(answer.text)


def form_in(page: str) -> dict[str, list[str]]:
    """The fields of the page's longest form, as a browser would send them."""
    reader = _FormReader()
    reader.feed(page)
    return max(reader.forms, key=len)


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = [{}]
        self.name, self.text = "", ""
        self.chosen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        kind = given.get("type", "text")
        if tag == "form":
            self.forms.append({})
        elif tag in ("select", "textarea"):
            self.name, self.text, self.chosen = name, "", []
        elif tag == "option" and "selected" in given:
            self.chosen.append(value)
        elif tag == "input" and name and kind not in ("submit", "button", "file", "reset"):
            self.forms[-1].setdefault(name, []).extend([value] if kind not in TICKED or "checked" in given else [])

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.forms[-1].setdefault(self.name, []).append(self.text.removeprefix("\n"))
        elif tag == "select":
            self.forms[-1].setdefault(self.name, []).extend(self.chosen)
