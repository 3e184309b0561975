"""300 payloads in every text of the database and in every parameter: none runs, and a browser finds nothing of them but text.

The portal answers in this process, from the database of the test; Chromium navigates to each page as it would over the network.
"""

import mimetypes
from collections import Counter
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route

from goals.models import PlanSection
from tests import factories as f
from tests.browser.conftest import Watch
from tests.browser.planted import ALL, PARTS, PAYLOADS, SCAN, plant, planted_models, texts_of
from tests.plan_portal.admin_world import client_as, make_world
from tests.plan_portal.attacks import PARAMETERS
from tests.plan_portal.crawler import furigana_reader
from tests.plan_portal.test_bad_requests import public_patterns
from tests.plan_portal.test_permission_matrix import Case, all_cases

pytestmark = pytest.mark.django_db
ORIGIN = "http://localhost"  # which browsers trust as they trust HTTPS
DOWNLOADS = (".csv", ".xlsx", ".json", ".pdf", ".png")
LONGEST_WORDS = 100  # of a search
ACTS = ("logout", "jsi18n", "view_on_site", "/r/", "/autocomplete/")


class Stage:
    """`look(address)` opens the portal's page in Chromium. hits: where a payload ran; found: what is there but text."""

    def __init__(self, context: BrowserContext, client: Client) -> None:
        self.hits, self.found, self.client = [], {}, client
        context.expose_binding("hit", lambda source, *_: self.hits.append(source["frame"].url))
        context.route("**/*", self._answer)
        self.watch = Watch(context, urlsplit(ORIGIN).netloc)
        self.page: Page = context.new_page()
        self.page.on("dialog", lambda dialog: self.hits.append(dialog.message))
        self.answers = Counter()

    def _answer(self, route: Route) -> None:
        """Playwright calls this where Django would open another connection to the database: the page is there already."""
        url, path = route.request.url, urlsplit(route.request.url).path
        if not url.startswith(ORIGIN + "/"):
            route.abort()
        elif route.request.is_navigation_request():
            response = self._document
            headers = {name: value for name, value in response.headers.items() if name != "Location"}
            route.fulfill(status=response.status_code, headers=headers, body=b"".join(response))
        elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(body=Path(file).read_bytes(), content_type=mimetypes.guess_type(path)[0])
        else:
            route.fulfill(body=f.picture(), content_type="image/png")

    def look(self, address: str) -> None:
        self._document = self.client.get(address, follow=True)
        self.answers[self._document.status_code] += 1
        self.page.goto(ORIGIN + address, wait_until="load")
        if troubles := self.page.evaluate(SCAN):
            self.found[address[:100]] = [trouble[:200] for trouble in troubles[:5]]

    def assert_clean(self) -> None:
        assert self.found == {}
        assert self.hits == []
        assert max(self.answers) < 500


@pytest.fixture
def stage(browser: Browser) -> Iterator[Callable[..., Stage]]:
    """`stage(client)`: without the CSP, so that nothing but escaping stands in the way; `csp=True` with it."""
    contexts: list[BrowserContext] = []

    def make(client: Client, *, csp: bool = False) -> Stage:
        contexts.append(browser.new_context(bypass_csp=not csp))
        return Stage(contexts[-1], client)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(params=range(len(PARTS)))
def part(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def cases(part: int, counts: Counter[str]) -> list[Case]:
    """All addresses of the admin, of a world in which every text is a third of the payloads."""
    world = make_world()
    for address in (payload for payload in PARTS[part] if "javascript" in payload.lower()):
        f.PublishedChangeFactory(url=address)
    PlanSection.objects.update(figure_number=40, figure_caption="図")
    urls = all_cases(world)
    plant(PARTS[part], counts)
    return urls


def public_pages() -> list[str]:
    pages = sorted({url for url in public_patterns() if not url.endswith(DOWNLOADS)} - {"/furigana/"})
    words = ("script", "img", "hit", "svg", "福祉", quote(PAYLOADS[0]))
    searches = [f"{page}?q={word}" for word in words for page in ("/search/", "/initiatives/")]
    return [
        *pages,
        *searches,
        "/updates/?page=2",
        "/updates/?u=1",
        "/relationship/?goal=1",
        "/relationship.svg?goal=1",
        "/nothing/",
    ]


def staff_pages(cases: list[Case]) -> list[str]:
    return list(dict.fromkeys(case.url for case in cases if not any(act in case.url for act in ACTS)))


def test_public_pages(stage: Callable[..., Stage], cases: list[Case], part: int, counts: Counter[str]) -> None:
    """With and without furigana; the first third with the CSP, too."""
    for client, csp in ((Client(), False), (furigana_reader(), False), (Client(), True))[: 3 if part == 0 else 2]:
        public = stage(client, csp=csp)
        for address in public_pages():
            public.look(address)
            counts["pages with payloads"] += 1
        public.assert_clean()
        assert public.watch.troubles == []


def test_data_files_are_never_pages(cases: list[Case]) -> None:
    """A browser that is handed one saves it, or shows it as what it says it is."""
    for url in public_patterns():
        response: HttpResponse = Client().get(url)
        if url.endswith(DOWNLOADS) or url.startswith("/api/"):
            assert "html" not in response["Content-Type"], url
            assert response["X-Content-Type-Options"] == "nosniff", url


def test_staff_screens(stage: Callable[..., Stage], cases: list[Case], part: int, counts: Counter[str]) -> None:
    """The first third with the CSP, too."""
    for csp in (False, True)[: 2 if part == 0 else 1]:
        staff = stage(client_as("admin"), csp=csp)
        for address in staff_pages(cases):
            staff.look(address)
            counts["pages with payloads"] += 1
        staff.assert_clean()
        assert staff.watch.troubles == []
        assert staff.answers[200] > 100


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
        for name in names:
            values = [ALL, *(packed(LONGEST_WORDS) if name == "q" else packed(2000))]
            for value in values:
                public.look(f"{address}?{name}={quote(value)}")
                counts["addresses with payloads"] += 1
        public.look(f"{address}?{quote(ALL)}={quote(ALL)}")
        public.look(f"{address}{quote(ALL)}/")
    public.assert_clean()


def parameters_of(model: type) -> list[str]:
    """Of a list of the admin: its own, and those of its filters."""
    model_admin = admin.site._registry[model]
    filters = [each[0] if isinstance(each, tuple) else each for each in model_admin.list_filter]
    named = [getattr(each, "parameter_name", each) for each in filters]
    return ["q", "o", "p", "e", "all", "_popup", "_to_field", "_facets", "_changelist_filters", ALL, *map(str, named)]


def test_parameters_of_staff_screens(stage: Callable[..., Stage], counts: Counter[str]) -> None:
    """Of every list, of every form to add (which takes the first values of its fields from there), and of the way in."""
    make_world()
    staff = stage(client_as("admin"))
    for model in admin.site._registry:
        room = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for name in parameters_of(model):
            staff.look(f"{room}?{quote(name)}={quote(ALL)}")
            counts["addresses with payloads"] += 1
        fields = [field.name for field in model._meta.fields]
        staff.look(
            f"{room}add/?{'&'.join(f'{name}={quote(ALL)}' for name in [*fields, '_changelist_filters', '_popup'])}"
        )
        staff.look(f"{room}{quote(ALL, safe='')}/change/")
    staff.assert_clean()
    stranger = stage(Client())
    stranger.look(f"/admin/login/?next={quote(ALL)}")
    stranger.look(f"/admin/{quote(ALL)}")
    stranger.assert_clean()


# Where a text could stand unescaped.
RAW = (
    "<p>%s</p>",
    '<p title="%s">x</p>',
    '<a href="%s">x</a>',
    "<textarea>%s</textarea>",
    '<script>var x = "%s";</script>',
    '<script type="application/ld+json">{"x": "%s"}</script>',
)
# Harmless in HTML whatever is done with them: for other languages, or told only after another decoding.
ONLY_ELSEWHERE = 60


def test_the_payloads_and_the_eyes_are_good(browser: Browser, counts: Counter[str]) -> None:
    """Unescaped, each is found somewhere by the scan, and where one runs, it is heard."""
    context = browser.new_context(bypass_csp=True)
    ran: list[str] = []
    context.expose_binding("hit", lambda source, *_: ran.append(source["frame"].url))
    page = context.new_page()
    found: set[int] = set()
    for place in RAW:
        frames = (
            f'<iframe sandbox="allow-same-origin" srcdoc="{escape(place.replace("%s", text))}"></iframe>'
            for text in PAYLOADS
        )
        page.set_content("".join(frames), wait_until="domcontentloaded")
        page.wait_for_function(
            "[...Array(frames.length).keys()].every(n => frames[n].document.readyState !== 'loading')"
        )
        own = place.count("<script>") + place.count("<style>")
        seen = page.evaluate(
            f"""own => [...document.querySelectorAll('iframe')].map(
                (frame, n) => ((document, location) => ({SCAN})())(frame.contentDocument, location).length > own ? n : -1)""",
            own,
        )
        found |= set(seen) - {-1}
    page.set_content("<img src=x onerror=hit()>")
    page.wait_for_function("document.images[0].complete")
    context.close()
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 300
    assert ran != []
    missed = [payload for n, payload in enumerate(PAYLOADS) if n not in found]
    assert len(missed) <= ONLY_ELSEWHERE, missed
    counts["payloads found where nothing is escaped"] += len(PAYLOADS) - len(missed)


def test_every_text_is_planted(cases: list[Case], part: int) -> None:
    lacking = {
        f"{model.__name__}.{field.name}"
        for model in planted_models()
        for field in texts_of(model)
        if not isinstance(field.default, (dict, list)) and field.get_internal_type() != "JSONField"
        if not model._base_manager.filter(**{f"{field.name}__startswith": PARTS[part][0]}).exists()
    }
    assert lacking == set()
