"""A newcomer with an old phone and no mouse: who helps with 介護, what does 社協 do for it, where is it in the figure, on paper."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.paper import plain, sheets

MOST_STOPS = 200
PLAIN_NAME = re.compile(r"^介護\s?サービスの\s?充実$")  # a browser may part what stands in <ruby>
FOCUSED = "document.activeElement === document.body ? '' : (document.activeElement.ariaLabel || document.activeElement.querySelector(':scope > title')?.textContent || [...document.activeElement.childNodes].map(n => n.textContent).join(''))"


def tab_to(page: Page, words: str) -> int:
    """Press Tab until something that says `words` has the focus; how many stops that took."""
    for stop in range(1, MOST_STOPS):
        page.keyboard.press("Tab")
        said = page.evaluate(FOCUSED)
        if words in said.replace("\n", ""):
            return stop
    raise AssertionError(f"no stop says {words}")


def follow(page: Page, words: str) -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_the_first_page_to_who_helps_and_what_shakyo_does(new_page: NewPage) -> None:
    page = new_page(width=360, height=640)
    page.goto("/")
    follow(page, "検索")
    while page.evaluate("document.activeElement.type") != "search":
        page.keyboard.press("Tab")
    page.keyboard.type("介護")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page, "介護サービスの充実")
    expect(page.get_by_role("heading", level=1)).to_contain_text("介護サービスの充実")
    expect(page.locator("dt", has_text="担当")).to_be_visible()
    follow(page, "基本目標2と、きずな計画との連携を見る")
    expect(page.get_by_role("heading", name="きずな計画との連携")).to_be_in_viewport()
    follow(page, "図４１で、つながる線を見る")
    assert page.url.endswith("/relationship/?goal=2")
    expect(page.get_by_role("heading", name="ことばで読む")).to_be_attached()
    tab_to(page, "横に動かして見られます")
    expect(page.locator(".figure__view")).to_be_focused()
    on_paper = sheets(page.pdf(format="A4", landscape=True))
    assert plain("".join(page.locator(".f-box text").all_text_contents())[:400]) in on_paper[0].text


def test_the_same_way_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/")
    page.get_by_role("searchbox").fill("介護")
    page.get_by_role("button", name="検索").click()
    page.get_by_role("link", name="介護サービスの充実").click()
    expect(page.locator("dt", has_text="担当")).to_be_visible()
    page.get_by_role("link", name="基本目標2と、きずな計画との連携を見る").click()
    page.get_by_role("link", name="図４１で、つながる線を見る").click()
    expect(page.locator(".f-line").first).to_be_attached()


def test_the_switch_of_furigana_keeps_the_page_and_works_by_keyboard(new_page: NewPage) -> None:
    page = new_page(width=360, height=640)
    page.goto("/initiatives/?q=%E4%BB%8B%E8%AD%B7&goal=2")
    assert page.locator("ruby").count() == 0
    follow(page, "ふりがなをつける")
    assert page.url.endswith("/initiatives/?q=%E4%BB%8B%E8%AD%B7&goal=2")
    assert page.locator("ruby").count() > 20
    expect(page.get_by_role("link", name=PLAIN_NAME)).to_be_visible()
    assert "（" not in page.title()
    follow(page, "ふりがなをけす")
    assert page.locator("ruby").count() == 0


def test_furigana_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/goals/4/2/")
    page.get_by_role("button", name="ふりがなをつける").click()
    assert page.url.endswith("/goals/4/2/")
    expect(page.locator("h1 rt").first).to_have_text("しょう")
