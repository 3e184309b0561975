"""Two people at one record, in two browsers, with scripts and without: the screen that asks, at every width and by keyboard."""

from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.measures import EVERYTHING, LAYOUT, READERS_SHEETS, use_sheet, walk
from tests.browser.survey import Survey

LogIn = Callable[[Page, str], Page]
LINKS = "/admin/sdgs/goalsdglink/"
TWO = "（見本）困りごとがいくつかあっても、一つの窓口で相談できます。"


def save(page: Page) -> None:
    page.locator("#content-main [name=_save]").click()


def conflict(approver: Page, editor: Page, reason: str) -> None:
    """Both open a link; the approver saves; the editor, too late, changes the same field and another."""
    editor.goto(LINKS)
    href = str(editor.locator("#result_list tbody th a").first.get_attribute("href"))
    for page in (editor, approver):
        page.goto(href)
    approver.locator("#id_reason").fill(reason)
    save(approver)
    editor.locator("#id_reason").fill(TWO)
    confirmation = editor.locator("#id_confirmation")
    confirmation.select_option("confirmed" if confirmation.input_value() == "waiting" else "waiting")
    save(editor)
    expect(editor.locator("h1")).to_have_text("ほかの人も同じ基本目標とＳＤＧｓの結びつきを直しました")


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_found_on_the_screen_that_asks(
    new_page: NewPage, log_in: LogIn, counts: Counter[str], width: int
) -> None:
    survey = Survey("staff", counts)
    approver, editor = log_in(new_page(), "city-approver"), log_in(new_page(width=width), "city-editor")
    conflict(approver, editor, f"（見本）幅{width}の画面で、先に保存した文です。")
    assert survey.check(editor, *EVERYTHING, axe=True) == []
    assert walk(editor)[1] == []
    save(editor)
    expect(editor.get_by_role("alert")).to_contain_text("まだ選んでいないところがあります。")
    assert survey.check(editor, *EVERYTHING, axe=True) == []
    for sheet in READERS_SHEETS.values():
        use_sheet(editor, sheet)
        assert survey.check(editor, *LAYOUT) == []


def test_staff_merge_without_javascript(new_page: NewPage, log_in: LogIn) -> None:
    approver = log_in(new_page(javascript=False), "city-approver")
    editor = log_in(new_page(javascript=False), "city-editor")
    conflict(approver, editor, "（見本）先に保存した文です。")
    save(editor)
    editor.get_by_role("link", name="どれにするかを選んでください。").click()
    editor.get_by_label("2つを合わせて書く").check()
    editor.locator("#merged-1").fill("（見本）二人の文を合わせた文です。\n二行目。")
    save(editor)
    expect(editor.locator(".messagelist .success")).to_be_visible()
    editor.locator("#result_list tbody th a").first.click()
    expect(editor.locator("#id_reason")).to_have_value("（見本）二人の文を合わせた文です。\n二行目。")


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_found_where_the_record_is_gone(
    new_page: NewPage, log_in: LogIn, counts: Counter[str], width: int
) -> None:
    approver, editor = log_in(new_page(), "city-approver"), log_in(new_page(width=width), "city-editor")
    approver.goto("/admin/foundation/reading/add/")
    approver.locator("#id_word").fill("試験語")
    approver.locator("#id_ruby").fill("{試験語|しけんご}")
    approver.locator("[name=_continue]").click()
    expect(approver.locator(".messagelist .success")).to_be_visible()
    editor.goto(approver.url)
    approver.goto(approver.url.replace("/change/", "/delete/"))
    approver.locator("#content input[type=submit]").click()
    editor.locator("#id_ruby").fill("{試験語|こころみご}")
    save(editor)
    expect(editor.locator("h1")).to_have_text("「試験語」は、ほかの人が消しました")
    expect(editor.locator("#content-main")).to_contain_text("{試験語|こころみご}")
    assert Survey("staff", counts).check(editor, *EVERYTHING, axe=True) == []
