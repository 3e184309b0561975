"""What a city may add for its readers, from the form to the page: its accessibility policy and test, and an icon of an SDG."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.measures import EVERYTHING
from tests.browser.survey import Survey
from tests.factories import picture

LogIn = Callable[[Page, str], Page]
POLICY, TEST = "/admin/accessibility/accessibilitypolicy/", "/admin/accessibility/accessibilitytest/"
ICONS = "/admin/sdgs/sdgicon/"


@pytest.fixture
def survey(counts: Counter[str]) -> Survey:
    return Survey("public", counts)


@pytest.fixture
def editor(new_page: NewPage, log_in: LogIn) -> Iterator[Page]:
    """The city's editor; whatever was added is gone afterwards."""
    yield log_in(new_page(width=360), "city-editor")
    admin = log_in(new_page(), "admin")
    for records in (TEST, POLICY, ICONS):
        admin.goto(records)
        if admin.locator("#result_list tbody th a").count():
            admin.locator("#result_list tbody th a").first.click()
            admin.locator(".deletelink").click()
            admin.locator("#content form [type=submit]").click()
            expect(admin.locator(".messagelist .success")).to_be_visible()


def _save(page: Page) -> None:
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def _look(survey: Survey, new_page: NewPage, *addresses: str) -> None:
    for width in (360, 1280):
        assert survey.look(new_page(width=width), addresses, *EVERYTHING, axe=True) == {}


def test_the_policy_and_a_test_of_38_criteria_reach_the_citizens(
    editor: Page, new_page: NewPage, survey: Survey
) -> None:
    editor.goto(f"{POLICY}add/")
    editor.locator("#id_level").select_option("AA")
    _save(editor)
    editor.goto(f"{TEST}add/")
    editor.locator("#id_fiscal_year").fill("令和8")
    _save(editor)
    assert survey.look(editor, [editor.url], *EVERYTHING, axe=True) == {}
    editor.locator("#id_state").select_option("published")
    editor.locator("#id_tested_on").fill("2026-10-01")
    editor.locator("#id_by_people").check()
    editor.locator("[name=_save]").click()
    expect(editor.get_by_text("未試験の基準が残っているので、公開できません")).to_be_visible()
    expect(editor.locator("#id_tested_on")).to_have_value("2026-10-01")
    results = editor.locator(".st-results select")
    assert results.count() == 38
    for place in range(38):
        results.nth(place).select_option("conforms")
    _save(editor)
    page = new_page()
    page.goto("/accessibility/")
    expect(page.get_by_text("JIS X 8341-3:2016 の適合レベルAAに準拠")).to_be_visible()
    expect(page.locator(".criteria tbody tr")).to_have_count(38)
    _look(survey, new_page, "/accessibility/")


def test_an_icon_and_the_conditions_of_the_un_reach_the_citizens(
    editor: Page, new_page: NewPage, survey: Survey
) -> None:
    editor.goto(f"{ICONS}add/")
    editor.locator("#id_sdg").select_option(label="ＳＤＧｓ 3 すべての人に健康と福祉を")
    editor.locator("#id_image").set_input_files(
        {"name": "icon.png", "mimeType": "image/png", "buffer": picture(size=(200, 200))}
    )
    editor.locator("#id_conditions_confirmed").check()
    _save(editor)
    page = new_page()
    page.goto("/sdgs/3/")
    assert page.locator(".sdg img").evaluate("icon => [icon.naturalWidth, icon.alt]") == [200, ""]
    expect(page.get_by_text("国連によって承認されておらず").first).to_be_visible()
    _look(survey, new_page, "/sdgs/", "/sdgs/3/", "/goals/2/", "/plan/")
