import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from plan_portal.sample_accounts import ACCOUNTS


@pytest.mark.parametrize("account", ACCOUNTS)
def test_each_sample_account_reaches_its_first_page(
    page: Page, log_in: Callable[[Page, str], Page], account: str
) -> None:
    log_in(page, account)
    expect(page.locator("#user-tools")).to_be_visible()
    assert page.locator("#content a[href*='/admin/']").count() > 0


def test_wrong_password_stays_outside(page: Page) -> None:
    page.goto("/admin/login/")
    page.locator("#id_username").fill("admin")
    page.locator("#id_password").fill("chigau")
    page.locator("#id_password").press("Enter")
    expect(page.locator(".errornote, [role=alert]").first).to_be_visible()
    assert page.url.endswith("/admin/login/")


@pytest.mark.parametrize("address", ["/admin/", "/admin/goals/basicgoal/"])
def test_after_the_logout_the_way_back_shows_no_screen_of_staff(
    page: Page, log_in: Callable[[Page, str], Page], address: str
) -> None:
    """Browsers keep nothing of them: neither the bytes nor, for the way back, the page as it stood."""
    log_in(page, "city-editor").goto(address)
    page.locator("#logout-form button").click()
    expect(page.locator("#user-tools")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/admin/login/\?next="))
    expect(page.locator("#id_username")).to_be_visible()
    expect(page.locator("#user-tools")).to_have_count(0)
