"""ログインの確認 from the first login on, in a portal that demands it: every screen measured, every step by keyboard."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.measures import EVERYTHING, LAYOUT, READERS_SHEETS, use_sheet, walk
from tests.browser.survey import Survey
from tests.conftest import SAMPLE_PASSWORD
from tests.plan_portal.login.phone import Phone
from tests.portal_process import PortalProcess, own_database

LIST = "/admin/goals/basicgoal/"
AT_THE_LIST = re.compile(rf"{LIST}$")


@pytest.fixture(scope="module")
def portal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalProcess]:
    """In place of the server of all other tests: one that demands a code of everybody."""
    with own_database() as database:
        portal = PortalProcess(
            tmp_path_factory.mktemp("guarded"),
            **database,
            SAMPLE="0",
            PORTAL_SAMPLE_PASSWORD=SAMPLE_PASSWORD,
            PORTAL_SECOND_FACTOR="1",
        )
        with portal.running():
            yield portal


@pytest.fixture
def survey(counts: Counter[str]) -> Survey:
    return Survey("staff", counts)


def give_password(page: Page, account: str, password: str = SAMPLE_PASSWORD) -> None:
    page.goto(f"/admin/login/?next={LIST}")
    page.locator("#id_username").fill(account)
    page.locator("#id_password").fill(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_code(page: Page, code: str) -> None:
    """Without a mouse: Tab to the field, the code, Enter."""
    tab_to(page, "#id_code")
    page.keyboard.type(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.locator(selector).first.evaluate("place => place === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def look(page: Page, survey: Survey, *, walks: bool = False) -> None:
    assert survey.check(page, *EVERYTHING, axe=True) == []
    if walks:
        assert walk(page)[1] == []
        page.locator("body").evaluate("() => document.activeElement.blur()")


def log_out(page: Page) -> None:
    page.goto("/admin/")
    tab_to(page, "#logout-form button")
    page.keyboard.press("Enter")
    expect(page.locator("#user-tools")).to_have_count(0)


@pytest.mark.parametrize(("width", "account"), [(360, "city-editor"), (1280, "shakyo")])
def test_from_the_first_login_on(new_page: NewPage, survey: Survey, width: int, account: str) -> None:
    page = new_page(width=width)
    give_password(page, account)
    expect(page.locator("h1")).to_have_text("ログインの確認を設定する")
    assert page.locator(".st-qr").evaluate("picture => picture.naturalWidth") > 100
    look(page, survey, walks=True)
    type_code(page, "12345")
    expect(page.locator(".errorlist")).to_be_visible()
    look(page, survey)
    phone = Phone.reading(page.content())
    page.locator("#id_code").fill("")
    type_code(page, phone.code())
    expect(page.locator("h1")).to_have_text("回復コード")
    codes = page.locator(".st-codes code").all_text_contents()
    assert len(codes) == 10
    look(page, survey, walks=True)
    tab_to(page, f"a[href='{LIST}']")
    page.keyboard.press("Enter")
    expect(page).to_have_url(AT_THE_LIST)

    log_out(page)
    give_password(page, account)
    expect(page.locator("h1")).to_have_text("ログインの確認")
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    expect(page.get_by_text("管理者に「ログインの手助け」を頼んでください")).to_be_visible()
    look(page, survey, walks=True)
    page.reload()
    type_code(page, phone.code(ahead=1))
    expect(page).to_have_url(AT_THE_LIST)

    page.goto("/admin/login-own/")
    look(page, survey, walks=True)

    log_out(page)
    give_password(page, account)
    type_code(page, codes[0])
    expect(page.locator(".messagelist .warning")).to_contain_text("残りは9個です")
    look(page, survey)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_pages_of_refusal(new_page: NewPage, survey: Survey, width: int) -> None:
    """Locked out, and out while something was written."""
    page = new_page(width=width)
    for _ in range(5):
        give_password(page, f"nobody-{width}", "chigau")
    expect(page.locator("h1")).to_have_text("いまはログインできません")
    look(page, survey, walks=True)
    for css in READERS_SHEETS.values():
        use_sheet(page, css)
        assert survey.check(page, *LAYOUT) == []


def test_what_was_written_can_be_copied(new_page: NewPage, survey: Survey, portal_server: PortalProcess) -> None:
    page = new_page(width=360)
    give_password(page, "city-approver")
    phone = Phone.reading(page.content())
    type_code(page, phone.code())
    page.goto("/admin/goals/basicgoal/add/")
    page.locator("#id_summary_easy").fill("長い時間をかけて書いた文です。")
    forget = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"
    assert portal_server.manage("shell", "-c", forget).returncode == 0
    page.locator("[name=_save]").evaluate("button => { button.form.noValidate = true }")
    page.locator("[name=_save]").click()
    expect(page.locator("h1")).to_have_text("保存していません")
    expect(page.locator("textarea")).to_have_value("長い時間をかけて書いた文です。")
    look(page, survey, walks=True)
