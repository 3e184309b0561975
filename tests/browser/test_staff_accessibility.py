"""Every screen of the admin, as each of the accounts meets it, by eye and by keyboard, and with mistakes in the form."""

from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.measures import EVERYTHING, LAYOUT, READERS_SHEETS
from tests.browser.screens import staff_addresses
from tests.browser.survey import Survey

LogIn = Callable[[Page, str], Page]
ALL_RIGHTS = "admin"
MAY_BE_EMPTY = "/admin/accessibility/accessibilitypolicy/add/"  # a form without a field that must be filled in


@pytest.fixture
def survey(counts: Counter[str]) -> Survey:
    return Survey("staff", counts)


@pytest.fixture
def screens(new_page: NewPage, log_in: LogIn) -> Callable[..., tuple[Page, list[str]]]:
    """`screens("shakyo", width=360)`: a page where that account is logged in, and all that it can reach."""

    def make(account: str, **options: object) -> tuple[Page, list[str]]:
        page = log_in(new_page(**options), account)
        addresses = staff_addresses(page)
        assert len(addresses) > 50
        return page, addresses

    return make


Screens = Callable[..., tuple[Page, list[str]]]


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_found_on_any_screen(screens: Screens, survey: Survey, width: int) -> None:
    assert survey.look(*screens(ALL_RIGHTS, width=width), *EVERYTHING, axe=True) == {}


@pytest.mark.parametrize("account", ["city-editor", "city-approver", "shakyo"])
def test_nothing_is_found_on_the_screens_of_each_role(screens: Screens, survey: Survey, account: str) -> None:
    assert survey.look(*screens(account, width=360), *EVERYTHING, axe=True) == {}


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_found_in_forced_colours(screens: Screens, survey: Survey, width: int) -> None:
    page, addresses = screens(ALL_RIGHTS, width=width, forced_colors="active")
    assert survey.look(page, addresses, *LAYOUT, axe=True) == {}


def test_nothing_scrolls_sideways_or_is_lost_at_320_px(screens: Screens, survey: Survey) -> None:
    assert survey.look(*screens(ALL_RIGHTS, width=320), *EVERYTHING) == {}


@pytest.mark.parametrize("css", READERS_SHEETS.values(), ids=READERS_SHEETS)
@pytest.mark.parametrize("width", [360, 1280])
def test_larger_and_wider_text_loses_nothing(screens: Screens, survey: Survey, width: int, css: str) -> None:
    page, addresses = screens(ALL_RIGHTS, width=width)
    assert survey.look(page, addresses, *LAYOUT, css=css) == {}


def test_nothing_moves_for_those_who_ask_for_less(screens: Screens, survey: Survey) -> None:
    page, addresses = screens(ALL_RIGHTS, reduced_motion="reduce")
    assert survey.look(page, addresses, "motion") == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_tab_reaches_everything_in_order_and_in_sight(screens: Screens, survey: Survey, width: int) -> None:
    assert survey.walk(*screens(ALL_RIGHTS, width=width)) == {}


def test_nothing_is_found_on_the_way_in(new_page: NewPage, survey: Survey) -> None:
    for width in (320, 360, 768, 1280):
        assert survey.look(new_page(width=width), ["/admin/login/"], *EVERYTHING, axe=True) == {}
    for css in READERS_SHEETS.values():
        assert survey.look(new_page(width=360), ["/admin/login/"], *LAYOUT, css=css) == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_found_where_a_form_has_mistakes(screens: Screens, survey: Survey, width: int) -> None:
    page, addresses = screens(ALL_RIGHTS, width=width)
    forms = {address for address in addresses if address.endswith("/add/")} - {MAY_BE_EMPTY}
    assert len(forms) > 10
    for address in sorted(forms):
        page.goto(address)
        page.locator("[name=_save]").evaluate("button => button.form.noValidate = true")
        page.locator("[name=_save]").click()
        expect(page.locator(".errorlist").first).to_be_visible()
        assert survey.check(page, *EVERYTHING, axe=True) == [], address


def test_staff_save_without_javascript(new_page: NewPage, log_in: LogIn) -> None:
    page = log_in(new_page(javascript=False), "city-editor")
    page.goto("/admin/initiatives/initiative/1/change/")
    page.locator("#id_summary_easy").fill("スクリプトのない人が書いた文です。")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto("/admin/initiatives/initiative/1/change/")
    expect(page.locator("#id_summary_easy")).to_have_value("スクリプトのない人が書いた文です。")
    page.locator("#id_summary_easy").fill("")
    page.locator("[name=_save]").click()
