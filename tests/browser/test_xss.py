"""300 payloads in every text of the database and in every parameter: none runs, and a browser finds nothing of them but text.

The portal answers in this process, from the database of the test. Chromium opens the pages with their CSP one by one, as it would over
the network; without the CSP, where only escaping protects them, as frames of one page, many at a time.
Every text: each text and JSON of each model, but for choices and keys, a third of the payloads at a time. Every page: one address of
each public pattern, with and without furigana, and each address of the admin's table of rights. Every parameter: those of PARAMETERS
one by one; of the admin, of each list the search, what its page repeats and its filters, of each form to add all fields at once.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice
from playwright.sync_api import Browser, BrowserContext

from goals.models import PlanSection
from initiatives.models import Initiative
from tests import factories as f
from tests.browser.planted import ALL, PARTS, PAYLOADS, dead_payloads, plant, planted_models, texts_of
from tests.browser.stage import Stage
from tests.plan_portal.admin_world import client_as, make_world
from tests.plan_portal.attacks import PARAMETERS
from tests.plan_portal.crawler import furigana_reader
from tests.plan_portal.test_bad_requests import public_patterns
from tests.plan_portal.test_permission_matrix import Case, all_cases

pytestmark = pytest.mark.django_db
FEED = "/updates/feed/"  # which Chromium shows by a viewer of its own, with styles that no CSP lets through
DOWNLOADS = (".csv", ".xlsx", ".json", ".pdf", ".png")
LONGEST_WORDS = 100  # of a search
MACHINES = (
    "/api/",
    "/.well-known/",
    "/furigana/",
    "/livez",
    "/readyz",
    "/robots.txt",
    "/sitemap.xml",
    "/relationship.svg",
)
ACTS = ("logout", "jsi18n", "view_on_site", "/r/", "/autocomplete/")


@pytest.fixture
def stage(browser: Browser) -> Iterator[Callable[..., Stage]]:
    """`stage(client)`: without the CSP, so that nothing but escaping stands in the way, and, to be quicker, without style sheets;
    `csp=True` with both."""
    contexts: list[BrowserContext] = []

    def make(client: Client, *, csp: bool = False) -> Stage:
        contexts.append(browser.new_context(bypass_csp=not csp))
        return Stage(contexts[-1], client, styled=csp)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(params=range(len(PARTS)))
def part(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def cases(part: int, counts: Counter[str]) -> list[Case]:
    return planted_world(part, counts)


def planted_world(part: int, counts: Counter[str]) -> list[Case]:
    """All addresses of the admin, of a world in which every text is a third of the payloads."""
    world = make_world()
    for address in (payload for payload in PARTS[part] if "javascript" in payload.lower()):
        f.PublishedChangeFactory(url=address)
    PlanSection.objects.update(figure_number=40, figure_caption="図")
    AccessAttempt.objects.create(failures_since_start=1)
    AccessFailureLog.objects.create()
    AccessLog.objects.create()
    somebody = User.objects.create(username="somebody")
    StaticDevice.objects.create(user=somebody).token_set.create(token="x")
    LogEntry.objects.create(user=somebody, action_flag=CHANGE)
    urls = all_cases(world)
    plant(PARTS[part], counts)
    return urls


def public_pages() -> list[str]:
    """One address of every pattern that browsers draw, and what stands on some of them only after a search or a click."""
    drawn = sorted(url for url in public_patterns() if not url.endswith(DOWNLOADS) and not url.startswith(MACHINES))
    words = ("script", "福祉", quote(PAYLOADS[0]))
    searches = [f"{page}?q={word}" for word in words for page in ("/search/", "/initiatives/")]
    return [*drawn, *searches, "/updates/?page=2", "/updates/?u=1", "/relationship/?goal=1", "/nothing/"]


def staff_pages(cases: list[Case]) -> list[str]:
    """Every address of the table of rights that shows something; where one only leads to another, the other."""
    shown = dict.fromkeys(case.url for case in cases if not any(act in case.url for act in ACTS))
    return [url for url in shown if f"{url}change/" not in shown]


def one_of_each_kind(addresses: list[str]) -> list[str]:
    """Of all lists one, of all histories one, and so on."""
    return list(
        {re.sub(r"\d+", "0", re.sub(r"^/admin/\w+/\w+/", "", address)): address for address in addresses}.values()
    )


def test_public_pages(stage: Callable[..., Stage], cases: list[Case], part: int, counts: Counter[str]) -> None:
    """All of them, with and without furigana; of the first third with the CSP, too, and what is made for machines."""
    pages = public_pages()
    looks = [(Client(), False, pages), (furigana_reader(), False, pages)]
    if part == 0:
        looks += [
            (Client(), False, [url for url in public_patterns() if url.startswith(MACHINES)]),
            (Client(), True, [url for url in pages if url != FEED]),
        ]
    for client, csp, addresses in looks:
        survey(stage(client, csp=csp), addresses, csp=csp)
        counts["pages with payloads"] += len(addresses)


def survey(portal: Stage, addresses: list[str], *, csp: bool) -> None:
    """One page after another with the CSP, where nothing may come to the console either; many together without."""
    if csp:
        for address in addresses:
            portal.look(address)
        assert portal.watch.troubles == []
    else:
        portal.look_together(addresses)
    portal.assert_clean()


def test_data_files_are_never_pages(counts: Counter[str]) -> None:
    """A browser that is handed one saves it, or shows it as what it says it is. To set texts this long as PDF takes minutes."""
    planted_world(0, counts)
    for url in public_patterns():
        if url.endswith(tuple({*DOWNLOADS} - {".pdf"})) or url.startswith("/api/"):
            response: HttpResponse = Client().get(url)
            assert "html" not in response["Content-Type"], url
            assert response["X-Content-Type-Options"] == "nosniff", url


def test_staff_screens(stage: Callable[..., Stage], cases: list[Case], part: int, counts: Counter[str]) -> None:
    """All of them without the CSP, one of each kind with it."""
    pages = staff_pages(cases)
    for csp, addresses in ((False, pages), (True, one_of_each_kind(pages) if part == 0 else [])):
        staff = stage(client_as("admin"), csp=csp)
        survey(staff, addresses, csp=csp)
        counts["pages with payloads"] += len(addresses)
        assert csp or staff.answers[200] > 100


def packed(room: int) -> Iterator[str]:
    """All payloads, as many together as there is room for; one that is longer stands alone."""
    pack = ""
    for payload in PAYLOADS:
        if pack and len(pack) + 1 + len(payload) > room:
            yield pack
            pack = ""
        pack = f"{pack} {payload}" if pack else payload
    yield pack


def test_parameters_of_public_pages(stage: Callable[..., Stage], counts: Counter[str]) -> None:
    make_world()
    public = stage(Client())
    for address, names in PARAMETERS.items():
        addresses = [f"{address}?{quote(ALL)}={quote(ALL)}", f"{address}{quote(ALL)}/"]
        for name in names:
            values = [ALL, *packed(LONGEST_WORDS if name == "q" else 2000)]
            addresses += [f"{address}?{name}={quote(value)}" for value in values]
        public.look_together(addresses)
        counts["addresses with payloads"] += len(addresses)
    public.assert_clean()


def parameters_of(model: type) -> list[str]:
    """Of a list of the admin: its filters, and what its page may say again; of one list, all that Django knows of any."""
    model_admin = admin.site._registry[model]
    filters = [each[0] if isinstance(each, tuple) else each for each in model_admin.list_filter]
    named = [getattr(each, "parameter_name", each) for each in filters]
    of_any = ["o", "p", "e", "all", "_popup", "_to_field", "_facets"] if model is Initiative else []
    return ["q", "_changelist_filters", ALL, *of_any, *map(str, named)]


def test_parameters_of_staff_screens(stage: Callable[..., Stage], counts: Counter[str]) -> None:
    """Of every list, of every form to add (which takes the first values of its fields from there), and of the way in."""
    make_world()
    staff = stage(client_as("admin"))
    for model in admin.site._registry:
        room = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        fields = [*(field.name for field in model._meta.fields), "_changelist_filters", "_popup"]
        addresses = [
            *(f"{room}?{quote(name)}={quote(ALL)}" for name in parameters_of(model)),
            f"{room}add/?{'&'.join(f'{name}={quote(ALL)}' for name in fields)}",
            f"{room}{quote(ALL, safe='')}/change/",
        ]
        staff.look_together(addresses)
        counts["addresses with payloads"] += len(addresses)
    staff.assert_clean()
    stranger = stage(Client())
    stranger.look(f"/admin/login/?next={quote(ALL)}")
    stranger.look(f"/admin/{quote(ALL)}")
    stranger.assert_clean()


def test_each_payload_runs_where_nothing_is_escaped(browser: Browser, counts: Counter[str]) -> None:
    context = browser.new_context()
    dead = dead_payloads(context.new_page())
    context.close()
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 300
    assert dead == []
    counts["payloads that run where nothing is escaped"] += len(PAYLOADS)


class Careless(Client):
    """Of a portal that escapes nothing."""

    def request(self, **_: Any) -> HttpResponse:
        return HttpResponse("<title>x</title><img src=x onerror=hit()>", headers=self.defaults)


def test_what_runs_is_heard_and_what_only_stands_there_is_seen(stage: Callable[..., Stage]) -> None:
    for look in (Stage.look, lambda careless, address: careless.look_together([address])):
        careless = stage(Careless())
        look(careless, "/")
        careless.page.evaluate("() => hit()")  # what was called before is heard before
        assert len(careless.hits) == 2
        assert careless.found == {"/": ["onerror=hit()"]}
    held_by_csp = stage(Careless(**{"Content-Security-Policy": "default-src 'none'"}), csp=True)
    held_by_csp.look("/")
    assert held_by_csp.hits == []
    assert held_by_csp.found == {"/": ["onerror=hit()"]}


def test_every_text_is_planted(cases: list[Case], part: int) -> None:
    lacking = {
        f"{model.__name__}.{field.name}"
        for model in planted_models()
        for field in texts_of(model)
        if not isinstance(field.default, (dict, list)) and field.get_internal_type() != "JSONField"
        if not model._base_manager.filter(**{f"{field.name}__startswith": PARTS[part][0]}).exists()
    }
    assert lacking == set()
