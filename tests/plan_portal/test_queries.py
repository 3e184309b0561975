"""How much a public page asks the database: next to nothing once it is kept, little when it is made."""

from collections import Counter
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plan_portal.cached_pages import CACHEABLE
from plan_portal.foundation.page_cache import PageCache
from plan_portal.wsgi import django_application
from tests.foundation.page_cache.asking import Version, ask
from tests.plan_portal.cached_reader import connection_stays_open

MOST = 3
PAGES = (
    *("/", "/plan/", "/goals/", "/goals/4/", "/goals/7/4/", "/initiatives/", "/initiatives/?q=支援&goal=4"),
    *(
        "/kizuna/",
        "/kizuna/goals/2/",
        "/kizuna/items/7/",
        "/relationship/",
        "/relationship/?goal=3",
        "/relationship.svg",
    ),
    *("/sdgs/", "/sdgs/3/", "/search/?q=支援", "/accessibility/", "/updates/", "/updates/feed/", "/sitemap.xml"),
    *("/data/", "/data/goals.csv", "/data/goals.xlsx", "/api/v1/", "/api/v1/goals/", "/api/v1/openapi.json"),
)


class Portal:
    """The portal behind its page cache, for a version of the content that is told by hand."""

    def __init__(self) -> None:
        self.version = Version()
        self.cache = PageCache(django_application, CACHEABLE, self.version)  # type: ignore[arg-type]

    def queries(self, page: str, **cookie: str) -> int:
        path, _, query = page.partition("?")
        with connection_stays_open(), CaptureQueriesContext(connection) as queries:
            answer = ask(self.cache, path, quote(query, safe="=&"), **cookie)
        assert answer.status == 200, page
        return len(queries)


@pytest.fixture
def portal(db: None) -> Portal:
    for command in ("load_plan", "load_readings", "load_sample"):
        call_command(command, verbosity=0)
    return Portal()


def test_a_page_asks_little_and_a_kept_page_nothing(portal: Portal, counts: Counter[str]) -> None:
    portal.queries("/kizuna/items/8/", COOKIE="furigana=1")
    portal.queries("/goals/")  # now what every page shares has been read for this version
    for cookie in ({}, {"COOKIE": "furigana=1"}):
        made = {page: portal.queries(page, **cookie) for page in PAGES}
        assert {page: n for page, n in made.items() if n > MOST} == {}
        assert sum(made.values()) > 0
        assert {page: portal.queries(page, **cookie) for page in PAGES} == dict.fromkeys(PAGES, 0)
        counts["public pages whose queries were counted"] += len(PAGES)


def test_what_pages_share_is_read_anew_after_an_edit(portal: Portal) -> None:
    before = portal.queries("/goals/4/"), portal.queries("/goals/5/")
    portal.version.value += 1
    after = portal.queries("/goals/4/"), portal.queries("/goals/5/")
    assert before == after
    assert before[0] > before[1] > 0
