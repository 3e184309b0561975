"""A real Chromium before the real portal. Every test here has the mark `browser`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.portal_process import SAMPLE_PASSWORD, PortalProcess
from tests.run_report import chromium

HERE = Path(__file__).parent
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
NewPage = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, at whose sight Django's ORM would refuse the tests that come after.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        chrome = driver.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield chrome
        chrome.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Watch:
    """What no page of the portal may do: errors on the console (such as of the CSP), scripts that fail, other hosts."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.troubles: list[str] = []
        self._host = host
        self._error_pages: set[str] = set()
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self._host:
            self.troubles.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status >= 400:
            self._error_pages.add(response.url)

    def _console(self, message: ConsoleMessage) -> None:
        asked_for = message.text.startswith("Failed to load resource") and message.location["url"] in self._error_pages
        if message.type in {"error", "warning"} and not asked_for:
            self.troubles.append(f"console: {message.text} {message.location['url']}")


@pytest.fixture
def new_page(browser: Browser, portal_server: PortalProcess) -> Iterator[NewPage]:
    """`new_page(javascript=False, width=320, …)`: a page in a context of its own; the rest goes to Playwright's new_context.

    The test fails at its end when a page did what `Watch` names.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def make(*, javascript: bool = True, width: int = 1280, height: int = 900, **options: object) -> Page:
        context = browser.new_context(
            base_url=portal_server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        watches.append(Watch(context, urlsplit(portal_server.url).netloc))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert [trouble for watch in watches for trouble in watch.troubles] == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture
def page_without_javascript(new_page: NewPage) -> Page:
    return new_page(javascript=False)


@pytest.fixture
def log_in() -> Callable[[Page, str], Page]:
    """`log_in(page, "shakyo")`: the page, at the admin's first page, as that sample account."""

    def go(page: Page, account: str) -> Page:
        page.goto("/admin/login/?next=/admin/")
        page.locator("#id_username").fill(account)
        page.locator("#id_password").fill(SAMPLE_PASSWORD)
        page.locator("#id_password").press("Enter")
        page.locator("#user-tools").wait_for()  # the address of the way in ends with /admin/ too
        return page

    return go
