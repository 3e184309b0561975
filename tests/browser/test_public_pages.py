from collections.abc import Callable

from playwright.sync_api import Page, expect

Axe = Callable[[Page], list[str]]


def test_first_page(page: Page, axe: Axe) -> None:
    response = page.goto("/")
    assert response is not None
    assert response.status == 200
    expect(page.locator("h1")).to_have_count(1)
    assert axe(page) == []


def test_first_page_without_javascript(page_without_javascript: Page) -> None:
    page_without_javascript.goto("/")
    expect(page_without_javascript.locator("main")).to_be_visible()
