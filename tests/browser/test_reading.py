"""The public pages in a real browser, as citizens meet them: narrow, wide, by keyboard, without JavaScript."""

from playwright.sync_api import Page, expect


def test_three_clicks_from_the_first_page_to_an_initiative(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/")
    page.get_by_role("link", name="高齢者福祉").click()
    page.get_by_role("link", name="介護サービスの充実").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("(3)介護サービスの充実")


def test_search_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/")
    page.get_by_role("searchbox").fill("ﾎﾞﾗﾝﾃｨｱ")
    page.get_by_role("button", name="検索").click()
    expect(page.get_by_role("link", name="ボランティアセンター機能の充実")).to_be_visible()


def test_filters_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/initiatives/")
    page.get_by_label("基本目標").select_option("7")
    page.get_by_role("button", name="この条件でさがす").click()
    expect(page.get_by_role("heading", level=2, name="4件")).to_be_visible()
    page.get_by_role("link", name="基本目標：7 安全で安心して暮らせるまちづくり の条件を外す").click()
    expect(page.get_by_role("heading", level=2, name="20件")).to_be_visible()


def test_the_figure_is_reached_and_read_by_keyboard(page: Page) -> None:
    page.goto("/relationship/")
    name = "document.activeElement === document.body ? null : document.activeElement.querySelector(':scope > title')?.textContent ?? ''"
    reached: list[str] = []
    page.keyboard.press("Tab")
    while (title := page.evaluate(name)) is not None and len(reached) < 300:
        reached.append(title)
        page.keyboard.press("Tab")
    boxes = [title for title in reached if title]
    assert len(boxes) == len(set(boxes)) == 49
    assert "取組 7-(4) 再犯防止等の推進（登別市再犯防止推進計画）" in boxes


def test_every_title_of_the_figure_stays_within_its_box(page: Page) -> None:
    page.goto("/relationship/")
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.f-box')].flatMap(box => {
            const hit = box.querySelector('.f-hit').getBoundingClientRect();
            return [...box.querySelectorAll('text')].filter(text => {
                if ('、。'.includes(text.textContent)) return false;  // their ink is in a corner of an empty square
                const place = text.getBoundingClientRect();
                return place.left < hit.left - 1 || place.right > hit.right + 1;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []


def test_every_box_of_the_figure_is_a_target_of_44_px(page: Page) -> None:
    page.goto("/relationship/")
    sizes = page.evaluate(
        "() => [...document.querySelectorAll('.f-hit')].map(box => box.getBoundingClientRect()).map(r => [r.width, r.height])"
    )
    assert len(sizes) == 49
    assert min(min(size) for size in sizes) >= 44
