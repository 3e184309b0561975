"""Two organisations, two keys, from login to the public page: in real browsers, one for each person."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.measures import EVERYTHING
from tests.browser.survey import Survey

LogIn = Callable[[Page, str], Page]
MATRIX = "/admin/kizuna/linkage/matrix/"
CELL = "市6ときずな5："
TEXT = "（見本）市と社協は、学びの会を一緒にひらきます。"
COMMENT = "始まる年度を直してください。"


@pytest.fixture
def survey(counts: Counter[str]) -> Survey:
    return Survey("staff", counts)


def press(page: Page, button: str, message: str) -> None:
    page.locator(f"[name={button}]").click()
    expect(page.locator(".messagelist .success")).to_contain_text(message)


def follow(page: Page, link: Locator) -> None:
    """Press a link and wait for the page behind it: what is measured must be there."""
    with page.expect_navigation():
        link.click()


def go_from_todays_work(page: Page, kind: str, title: str) -> None:
    """To the place that the first line of this kind and title leads to."""
    page.goto("/admin/")
    line = page.locator(".st-work > li").filter(has_text=kind).filter(has_text=title).first
    follow(page, line.locator(".st-go"))


def lines(page: Page) -> int:
    """The lines of 図４１ that citizens see now."""
    page.goto("/relationship/")
    told = re.search(r"結ぶ線は([0-9]+)本", page.content())
    assert told
    return int(told.group(1))


def look(survey: Survey, page: Page) -> None:
    assert survey.check(page, *EVERYTHING, axe=True) == []


def begin(shakyo: Page, survey: Survey) -> None:
    """社協 writes and proposes; what is missing is told, and what was typed stays."""
    shakyo.goto(MATRIX)
    follow(shakyo, shakyo.get_by_role("link", name=CELL))
    look(survey, shakyo)
    shakyo.locator("[name=summary]").fill(TEXT)
    shakyo.locator("[name=_propose]").click()
    expect(shakyo.get_by_role("alert")).to_contain_text("組が1つも選ばれていません")
    expect(shakyo.locator("[name=summary]")).to_have_value(TEXT)
    look(survey, shakyo)
    shakyo.locator("[name=pairs]").first.check()
    shakyo.locator("[name=since]").fill("令和9")
    press(shakyo, "_propose", "市へ提案しました。")


def send_back_and_mend(shakyo: Page, city: Page, survey: Survey) -> None:
    go_from_todays_work(city, "連携の確認", "市6")
    look(survey, city)
    city.locator("[name=_return]").click()
    expect(city.get_by_role("alert")).to_contain_text("どこを、どう直してほしいか")
    city.locator("[name=comment]").first.fill(COMMENT)
    press(city, "_return", "差し戻しました。")
    go_from_todays_work(shakyo, "差し戻された連携", "市6")
    expect(shakyo.locator("#content")).to_contain_text(COMMENT)
    look(survey, shakyo)
    shakyo.locator("[name=since]").fill("令和10")
    press(shakyo, "_propose", "市へ提案しました。")


def end(shakyo: Page, city: Page, survey: Survey) -> None:
    city.goto(MATRIX)
    look(survey, city)
    follow(city, city.get_by_role("link", name=CELL))
    city.locator("[name=comment]").fill("学びの会が終わりました。")
    press(city, "_ask_end", "解消を申し出ました。")
    go_from_todays_work(shakyo, "解消の申し出", "市6")
    look(survey, shakyo)
    press(shakyo, "_end", "解消しました。")


def test_a_linkage_is_proposed_sent_back_agreed_and_ended(new_page: NewPage, log_in: LogIn, survey: Survey) -> None:
    citizen = new_page()
    shakyo, city = log_in(new_page(), "shakyo"), log_in(new_page(width=360), "city-approver")
    before = lines(citizen)
    begin(shakyo, survey)
    send_back_and_mend(shakyo, city, survey)
    assert lines(citizen) == before
    go_from_todays_work(city, "連携の確認", "市6")
    look(survey, city)
    press(city, "_agree", "合意しました。")
    assert lines(citizen) == before + 1
    citizen.goto("/goals/6/")
    expect(citizen.locator("main")).to_contain_text(TEXT)

    end(shakyo, city, survey)
    assert lines(citizen) == before
    citizen.goto("/goals/6/")
    for words in ("終わった連携", TEXT):
        expect(citizen.locator("main")).to_contain_text(words)
    shakyo.goto(MATRIX)
    follow(shakyo, shakyo.get_by_role("link", name=CELL))
    for step in ("市へ提案", "差し戻し", "合意・公開", "解消の申し出", COMMENT):
        expect(shakyo.locator("#content")).to_contain_text(step)


def test_a_draft_is_previewed_sent_back_and_published(new_page: NewPage, log_in: LogIn, survey: Survey) -> None:
    text = "（見本）一つの窓口で相談できます。"
    citizen = new_page()
    editor, approver = log_in(new_page(width=360), "city-editor"), log_in(new_page(), "city-approver")
    page_of_initiative = "/goals/1/2/"

    editor.goto("/admin/initiatives/initiative/?q=1-(2)")
    follow(editor, editor.locator("#result_list tbody th a").first)
    look(survey, editor)
    editor.locator("#id_summary_easy").fill("（見本）相談できます。")
    press(editor, "_save", "下書きを保存しました。公開中の内容は変わっていません。")
    with editor.expect_popup() as opened:
        editor.get_by_role("link", name="プレビュー").click()
    expect(opened.value.locator("body")).to_contain_text("プレビュー")
    expect(opened.value.locator("main")).to_contain_text("（見本）相談できます。")
    press(editor, "_ask", "承認を依頼しました。")
    citizen.goto(page_of_initiative)
    expect(citizen.locator("main")).not_to_contain_text("（見本）相談できます。")

    go_from_todays_work(approver, "下書きの承認", "取組1-(2)")
    look(survey, approver)
    approver.locator("[name=_send_back]").click()
    expect(approver.locator("#content")).to_contain_text("どこを、どう直してほしいか")
    approver.locator("[name=comment]").fill("窓口のことも書いてください。")
    press(approver, "_send_back", "差し戻しました。")
    go_from_todays_work(editor, "差し戻された下書き", "取組1-(2)")
    expect(editor.locator("#content")).to_contain_text("窓口のことも書いてください。")
    look(survey, editor)
    editor.locator("#id_summary_easy").fill(text)
    press(editor, "_ask", "承認を依頼しました。")

    go_from_todays_work(approver, "下書きの承認", "取組1-(2)")
    press(approver, "_publish", "公開しました。")
    citizen.goto(page_of_initiative)
    expect(citizen.locator("main")).to_contain_text(text)
    citizen.goto("/updates/")
    expect(citizen.locator("main")).to_contain_text("やさしい日本語")
    expect(citizen.locator("main")).not_to_contain_text("city-editor")


def test_whoever_wrote_a_draft_finds_no_button_to_publish_it(new_page: NewPage, log_in: LogIn, survey: Survey) -> None:
    approver = log_in(new_page(), "city-approver")
    approver.goto("/admin/initiatives/initiative/?q=2-(1)")
    follow(approver, approver.locator("#result_list tbody th a").first)
    approver.locator("#id_summary_easy").fill("（見本）自分で書いた文。")
    press(approver, "_ask", "承認を依頼しました。")
    go_from_todays_work(approver, "承認を依頼した下書き", "取組2-(1)")
    expect(approver.locator("#content")).to_contain_text("自分が依頼した下書きは、自分では公開できません。")
    assert approver.locator("[name=_publish]").count() == 0
    look(survey, approver)
    second = log_in(new_page(), "city-approver-2")
    go_from_todays_work(second, "下書きの承認", "取組2-(1)")
    press(second, "_publish", "公開しました。")


def test_two_editors_of_one_draft_merge_their_texts(new_page: NewPage, log_in: LogIn, survey: Survey) -> None:
    first, second = log_in(new_page(), "city-editor"), log_in(new_page(width=360), "city-approver")
    for page in (first, second):
        page.goto("/admin/initiatives/initiative/?q=3-(1)")
        follow(page, page.locator("#result_list tbody th a").first)
    first.locator("#id_summary_easy").fill("（見本）先に書いた文。")
    press(first, "_save", "下書きを保存しました。")
    second.locator("#id_summary_easy").fill("（見本）あとから書いた文。")
    second.locator("[name=_save]").click()
    expect(second.get_by_role("alert")).to_contain_text("まだ保存していません。あなたの入力は消えていません。")
    look(survey, second)
    second.get_by_label("2つを合わせて書く").check()
    second.locator("[name=merged-summary_easy]").fill("（見本）2人の文を合わせました。")
    press(second, "_save", "下書きを保存しました。")
    first.reload()
    expect(first.locator("#id_summary_easy")).to_have_value("（見本）2人の文を合わせました。")
