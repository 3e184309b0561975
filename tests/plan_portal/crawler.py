"""Walks the public pages as a reader would: from the first page, by links only (and not by the switch of furigana, which is no page)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

NOT_TEXT = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "image/png"}


@dataclass
class Page:
    """What was answered, and what a reader finds in it.

    texts: the pieces of text between tags, whole again where only <wbr> breaks them; drawn: the lines of text in pictures; data: its data blocks.
    """

    url: str
    status: int
    content_type: str
    body: str
    queries: int
    texts: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)

    @property
    def is_html(self) -> bool:
        return self.content_type.startswith("text/html")

    @property
    def text(self) -> str:
        """All text of the page outside pictures, tags gone."""
        return "".join(self.texts)


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.tag = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.tag = tag
        if tag in {"h1", "h2", "h3", "h4"}:
            self.page.headings.append(tag)
        if given.get("id"):
            self.page.ids.append(str(given["id"]))
        if tag in {"a", "link"} and given.get("href") and given.get("rel") != "canonical":
            self.page.links.append(str(given["href"]))
        if tag == "form" and given.get("action"):
            self.page.links.append(str(given["action"]))

    def handle_endtag(self, _tag: str) -> None:
        self.tag = ""

    def handle_data(self, data: str) -> None:
        if self.tag == "script":
            self.page.data.append(data)
        elif self.tag == "text":
            self.page.drawn.append(data)
        elif self.tag == "wbr" and self.page.texts:
            self.page.texts[-1] += data
        else:
            self.page.texts.append(data)


def furigana_reader() -> Client:
    """Somebody who has pressed ふりがなをつける."""
    client = Client()
    client.cookies["furigana"] = "1"
    return client


def read(client: Client, url: str) -> Page:
    """Ask for one page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    content_type = response.get("Content-Type", "")
    body = "" if content_type in NOT_TEXT else response.content.decode()
    page = Page(url, response.status_code, content_type, body, len(queries))
    if page.is_html:
        _Reader(page).feed(body)
    return page


def crawl(client: Client, start: str = "/") -> dict[str, Page]:
    """Every page that links lead to from `start`, by address without fragment.

    The admin and static files are left out, and PDFs, which take a second each: test_pdf.py reads them.
    """
    found: dict[str, Page] = {}
    waiting = [start]
    while waiting:
        url = waiting.pop(0)
        if url in found:
            continue
        found[url] = read(client, url)
        targets = [urldefrag(target)[0] for target in local_links(found[url])]
        waiting += [target for target in targets if not target.endswith(".pdf")]
    return found


def local_links(page: Page) -> Iterator[str]:
    """The page's links to public pages, absolute within the portal, with their fragments."""
    for link in page.links:
        target = urljoin(page.url, link)
        parts = urlsplit(target)
        if parts.scheme in {"mailto", "tel"} or re.match(r"/(admin|static|furigana)/", parts.path):
            continue
        assert not parts.netloc, f"{page.url} links to another host: {link}"
        yield target
