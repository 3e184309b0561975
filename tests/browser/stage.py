"""Pages that the portal answers in this process, opened in Chromium."""

import mimetypes
import re
from collections import Counter
from html import escape, unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route

from plan_portal.static_storage import BUNDLE, bundle
from tests.browser.conftest import Watch
from tests.browser.planted import found_in

ORIGIN = "http://localhost"  # which browsers trust as they trust HTTPS
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
STYLES = re.compile(rb'<link (?:rel="stylesheet" )?href="/static/[^">]+\.css"[^>]*>')
SOURCES = re.compile(rb'src="(/(?!static/)[^"]+)"')  # of pictures and scripts that the portal draws itself
FRAMES = 20


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Stage:
    """`look(address)` opens the portal's page in Chromium. hits: where a payload ran; found: what is there but text."""

    def __init__(self, context: BrowserContext, client: Client, *, styled: bool) -> None:
        self.hits, self.found, self.client, self._styled = [], {}, client, styled
        context.expose_binding("hit", lambda source, *_: self.hits.append(source["frame"].url))
        context.route("**/*", self._answer)
        self.watch = Watch(context, urlsplit(ORIGIN).netloc)
        self.page: Page = context.new_page()
        self.page.on("dialog", lambda dialog: self.hits.append(dialog.message))
        self.answers: Counter[int] = Counter()
        self._opened: set[bytes] = set()
        self._sources: dict[str, Answer] = {}

    def _answer(self, route: Route) -> None:
        """Playwright calls this where Django would open another connection to the database: all is there already."""
        url, path = route.request.url, urlsplit(route.request.url).path
        if not url.startswith(ORIGIN + "/"):
            route.abort()
        elif route.request.is_navigation_request():
            route.fulfill(**self._document._asdict())
        elif path == f"/static/{BUNDLE}":
            route.fulfill(body=bundle(), content_type="text/css")
        elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(body=Path(file).read_bytes(), content_type=mimetypes.guess_type(path)[0])
        elif url.removeprefix(ORIGIN) in self._sources:
            route.fulfill(**self._sources[url.removeprefix(ORIGIN)]._asdict())
        else:
            route.fulfill(status=404)

    def _ask(self, address: str) -> Answer:
        response = self.client.get(address, follow=True)
        headers = {name: value for name, value in response.headers.items() if name != "Location"}
        return Answer(response.status_code, headers, b"".join(response))

    def _unseen(self, address: str) -> Answer | None:
        """Nothing for a page of which every byte but those of its CSRF token came before."""
        answer = self._ask(address)
        self.answers[answer.status] += 1
        page = TOKEN.sub(b"", answer.body)
        if page in self._opened:
            return None
        self._opened.add(page)
        for source in {unescape(source.decode()) for source in SOURCES.findall(page)} - self._sources.keys():
            self._sources[source] = self._ask(source)
        return answer if self._styled else answer._replace(body=STYLES.sub(b"", answer.body))

    def _open(self, address: str, document: Answer) -> None:
        self._document = document
        self.page.goto(ORIGIN + address, wait_until="load")
        if troubles := found_in(self.page):
            self.found[address[:100]] = [trouble[:200] for trouble in troubles[:5]]

    def look(self, address: str) -> None:
        if document := self._unseen(address):
            self._open(address, document)

    def look_together(self, addresses: list[str]) -> None:
        """As frames of one page, many at a time, which is quicker; what is no HTML, alone."""
        frames = []
        for address in addresses:
            if (document := self._unseen(address)) and document.headers["Content-Type"].startswith("text/html"):
                frames.append(f'<iframe data-page srcdoc="{escape(document.body.decode())}"></iframe>'.encode())
            elif document:
                self._open(address, document)
        for start in range(0, len(frames), FRAMES):
            body = b"<!doctype html><title>x</title>" + b"".join(frames[start : start + FRAMES])
            self._open(addresses[0], Answer(200, {"Content-Type": "text/html; charset=utf-8"}, body))

    def assert_clean(self) -> None:
        assert self.found == {}
        assert self.hits == []
        assert max(self.answers, default=0) < 500
