"""Linked data for search engines, as a data block of a page: no script, and nothing in it can end it."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from django.utils.safestring import SafeString, mark_safe

_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def data_block(data: dict[str, Any]) -> SafeString:
    """`data` (JSON-LD) as <script type="application/ld+json">, which browsers never run."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # escaped above


class _Crumbs(HTMLParser):
    """The items of a list: the text of each and the address that it links to."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            self.found.append({"name": ""})
        elif tag == "a":
            self.found[-1]["item"] = dict(attrs)["href"] or ""

    def handle_data(self, data: str) -> None:
        if self.found:
            self.found[-1]["name"] += data


def breadcrumb_list(markup: str, absolute: Callable[[str], str]) -> dict[str, Any]:
    """The visible breadcrumb (`markup`, its <li>) as schema.org's BreadcrumbList, so that the two cannot differ.

    The last item, the page itself, has no address: search engines know where they are.
    """
    items: list[dict[str, Any]] = []
    for position, crumb in enumerate(_Crumbs(markup).found, start=1):
        items.append({"@type": "ListItem", "position": position, "name": crumb["name"].strip()})
        if "item" in crumb:
            items[-1]["item"] = absolute(crumb["item"])
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
