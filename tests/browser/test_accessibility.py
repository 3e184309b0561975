"""Every public page, in all its states, as citizens with different eyes, hands and settings meet it."""

from collections import Counter

import pytest

from tests.browser.conftest import NewPage
from tests.browser.measures import EVERYTHING, LAYOUT, READERS_SHEETS
from tests.browser.screens import public_addresses
from tests.browser.survey import Survey
from tests.portal_process import PortalProcess

READING_WIDTHS = (360, 768, 1280)


@pytest.fixture
def addresses(portal_server: PortalProcess) -> list[str]:
    found = public_addresses(portal_server)
    assert len(found) > 80
    return found


@pytest.fixture
def survey(counts: Counter[str]) -> Survey:
    return Survey("public", counts)


@pytest.mark.parametrize("width", READING_WIDTHS)
def test_nothing_is_found_at_the_widths_of_phone_tablet_and_desk(
    new_page: NewPage, survey: Survey, addresses: list[str], width: int
) -> None:
    assert survey.look(new_page(width=width), addresses, *EVERYTHING, axe=True) == {}


@pytest.mark.parametrize("width", READING_WIDTHS)
def test_nothing_is_found_with_furigana(
    new_page: NewPage, survey: Survey, addresses: list[str], portal_server: PortalProcess, width: int
) -> None:
    page = new_page(width=width)
    page.context.add_cookies([{"name": "furigana", "value": "1", "url": portal_server.url}])
    assert survey.look(page, addresses, *EVERYTHING, axe=True) == {}
    assert page.locator("ruby").count() > 0


@pytest.mark.parametrize("width", READING_WIDTHS)
def test_nothing_is_found_in_forced_colours(
    new_page: NewPage, survey: Survey, addresses: list[str], width: int
) -> None:
    page = new_page(width=width, forced_colors="active")
    assert survey.look(page, addresses, *LAYOUT, axe=True) == {}


def test_nothing_scrolls_sideways_or_is_lost_at_320_px(new_page: NewPage, survey: Survey, addresses: list[str]) -> None:
    assert survey.look(new_page(width=320), addresses, *EVERYTHING) == {}


@pytest.mark.parametrize("css", READERS_SHEETS.values(), ids=READERS_SHEETS)
@pytest.mark.parametrize("width", [360, 1280])
def test_larger_and_wider_text_loses_nothing(
    new_page: NewPage, survey: Survey, addresses: list[str], width: int, css: str
) -> None:
    assert survey.look(new_page(width=width), addresses, *LAYOUT, css=css) == {}


def test_nothing_moves_for_those_who_ask_for_less(new_page: NewPage, survey: Survey, addresses: list[str]) -> None:
    assert survey.look(new_page(reduced_motion="reduce"), addresses, "motion") == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_tab_reaches_everything_in_order_and_in_sight(
    new_page: NewPage, survey: Survey, addresses: list[str], width: int
) -> None:
    assert survey.walk(new_page(width=width), addresses) == {}


def test_the_pages_are_the_same_without_javascript(new_page: NewPage, addresses: list[str]) -> None:
    with_scripts, without = new_page(), new_page(javascript=False)
    for address in addresses:
        with_scripts.goto(address)
        without.goto(address)
        assert with_scripts.locator("body").inner_text() == without.locator("body").inner_text(), address
        assert with_scripts.locator("script:not([type='application/ld+json'])").count() == 0, address
