"""Text that would run as a script, in every text of the database, and what a browser makes of it."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import models
from django.db.models import Model
from playwright.sync_api import Page

from plan_portal.foundation.search_text import fold_apart
from tests.triggers import lifted

HERE = Path(__file__).parent
SVG = "http://www.w3.org/2000/svg"
# Each calls hit() where it runs. One a line; U+2028 is no end of a line here.
PAYLOADS = (HERE / "xss_payloads.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
ALL = " ".join(PAYLOADS)
# A figure of goals with all of them as titles takes a browser minutes: three databases with a third in every text.
PARTS = [PAYLOADS[part::3] for part in range(3)]
OTHERS = (User, Group, LogEntry)
# Not texts of people: keys of other records, what is computed, and what the login needs.
LEFT = {"password", "search_text", "media_type", "digest", "object_id"}


def planted_models() -> list[type[Model]]:
    """Ours, their histories too, and the accounts."""
    ours = [model for model in apps.get_models() if not model.__module__.startswith("django.")]
    return [*ours, *OTHERS]


def texts_of(model: type[Model]) -> list[models.Field]:
    """Text without a list of choices, and JSON."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    fields = [field for field in model._meta.concrete_fields if isinstance(field, kinds)]
    return [field for field in fields if not field.choices and field.name not in LEFT]


def _within(value: Any, text: str) -> Any:
    """The same JSON with the text for every text in it, but for what it names by number or day."""
    if isinstance(value, dict):
        return {key: _within(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_within(inner, text) for inner in value]
    return text if isinstance(value, str) else value


def plant(payloads: list[str], counts: Counter[str]) -> None:
    """These payloads into each text of each record, longer than its form would take."""
    with lifted():
        for model in planted_models():
            for record in model._base_manager.all():
                text = f"{' '.join(payloads)} {record.pk}"  # unique where it must be
                values = {
                    field.attname: _within(getattr(record, field.attname), text)
                    if isinstance(field, models.JSONField)
                    else text
                    for field in texts_of(model)
                }
                if searched := getattr(model, "SEARCH_FIELDS", ()):
                    values["search_text"] = fold_apart(*(values.get(name, "") for name in searched))
                if values:
                    model._base_manager.filter(pk=record.pk).update(**values)
            if model._base_manager.exists():
                counts["payloads in text fields"] += len(payloads) * len(texts_of(model))


@cache
def _script() -> str:
    return (HERE / "planted.js").read_text(encoding="utf-8")


def found_in(page: Page) -> list[str]:
    """What is in the page as it stands, or in pages in frames of it, that is neither text nor the portal's own."""
    return page.evaluate(f"{_script()}\nplanted.scanAll()")


# Where a text could stand unescaped: (media type, what is around it).
PLACES = (
    ("text/html", "<p>%s</p>"),
    ("text/html", '<p title="%s">x</p>'),
    ("text/html", "<p title='%s'>x</p>"),
    ("text/html", "<p title=%s>x</p>"),
    ("text/html", '<a href="%s">x</a>'),
    ("text/html", "<title>%s</title>"),
    ("text/html", "<textarea>%s</textarea>"),
    ("text/html", "<style>%s</style>"),
    ("text/html", "<!-- %s -->"),
    ("text/html", '<script type="application/ld+json">{"x": "%s"}</script>'),
    ("application/xml", "%s"),
    ("application/xml", "<entry><summary>%s</summary></entry>"),
    ("application/xhtml+xml", '<p xmlns="http://www.w3.org/1999/xhtml">%s</p>'),
    ("image/svg+xml", f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink"><text>%s</text></svg>'),
    ("text/javascript", '"%s";'),
    ("text/javascript", "'%s';"),
    ("text/javascript", "`%s`;"),
    ("text/javascript", '({"x": "%s"});'),
    ("text/javascript", "/* %s */"),
    ("text/javascript", "%s"),
)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(?:u([0-9a-f]{4})|x([0-9a-f]{2}))", lambda code: chr(int(code[1] or code[2], 16)), text)


# What is done to a text on its way that may bring it to life.
DECODINGS: tuple[Callable[[str], str], ...] = (
    str,
    unescape,
    lambda text: unescape(unescape(text)),
    unquote,
    lambda text: unquote(unquote(text)),
    _unescaped,
    lambda text: normalize("NFKC", text),  # as the search does
    lambda text: text.replace('"', '\\"'),  # with the backslashes left as they are
)


def dead_payloads(page: Page) -> list[str]:
    """Those that run in none of PLACES, in a page without a CSP."""
    groups = [
        [
            (kind, place.replace("%s", text))
            for text in dict.fromkeys(decode(payload) for decode in DECODINGS)
            for kind, place in PLACES
        ]
        for payload in PAYLOADS
    ]
    page.evaluate(_script())
    return [PAYLOADS[number] for number in page.evaluate("groups => planted.dead(groups)", groups)]
