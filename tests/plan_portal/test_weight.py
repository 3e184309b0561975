"""What a first visit costs: HTML, CSS and JavaScript of a page in one round trip, about 14 KB on a fresh connection."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from plan_portal.content import load_plan, load_readings, load_sample
from plan_portal.static_storage import BUNDLE, bundle, sheet
from sdgs.models import Sdg
from tests.factories import SdgIconFactory
from tests.plan_portal.crawler import Page, crawl, furigana_reader

pytestmark = pytest.mark.django_db
ONE_ROUND_TRIP = 14 * 1024
PAGE_QUALITY, FILE_QUALITY = 5, 11  # at each request, and once when static files are collected


def compressed(data: bytes, quality: int) -> int:
    return len(brotli.compress(data, quality=quality))


def _served(name: str) -> bytes:
    return sheet(name) if name.startswith("css/pages/") else Path(finders.find(name)).read_bytes()


def weight(page: Page) -> int:
    """Bytes over the wire, the joined style sheet in place of its parts."""
    linked = set(re.findall(r'<(?:link rel="stylesheet" href|script[^>]* src)="/static/([^"]+)"', page.body))
    others = [name for name in linked if name != "css/portal.css"]
    files = [bundle(), *(_served(name) for name in others)]
    return compressed(page.body.encode(), PAGE_QUALITY) + sum(compressed(file, FILE_QUALITY) for file in files)


@pytest.mark.parametrize("furigana", [False, True])
def test_every_page_comes_in_one_round_trip(furigana, counts):
    with transaction.atomic():
        load_plan()
        load_readings()
        load_sample()
        for sdg in Sdg.objects.in_order():
            SdgIconFactory(sdg=sdg)
        client = furigana_reader() if furigana else Client()
        pages = [page for page in crawl(client).values() if page.is_html]
    weights = {page.url: weight(page) for page in pages}
    heaviest = max(weights, key=weights.get)
    counts[f"bytes of the heaviest page{' with furigana' if furigana else ''} ({heaviest})"] = weights[heaviest]
    assert len(weights) > 80
    assert {url: size for url, size in weights.items() if size > ONE_ROUND_TRIP} == {}


def test_sheets_are_served_as_they_are_weighed(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "plan_portal.static_storage.PortalStaticStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    names = [f"css/pages/{file.name}" for file in Path(finders.find("css/pages")).glob("*.css")]
    for name, served in ((BUNDLE, bundle()), *((name, sheet(name)) for name in names)):
        [hashed] = tmp_path.glob(name.replace(".css", ".????????????.css"))
        assert hashed.read_bytes() == served
        assert brotli.decompress(Path(f"{hashed}.br").read_bytes()) == served
        assert b"/*" not in served
    assert len(names) >= 6
