"""Every public page on paper, printed by a real Chromium and read from the sheets."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.browser.screens import public_addresses
from tests.paper import Run, Sheet, difference, sheets
from tests.portal_process import PortalProcess

A4, A4_LANDSCAPE, A3_LANDSCAPE = (210, 297), (297, 210), (420, 297)
FIGURES = ("/relationship/", "/relationship/?goal=3")
PORTRAIT, LANDSCAPE = {"width": 794, "height": 1123}, {"width": 1123, "height": 794}  # CSS pixels of A4
SMALLEST = 8.95  # points; 9 as Chromium rounds it

# What shall stand on paper: what is shown there, but for what is of use on a screen only.
TEXT_FOR_PAPER = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (parent.closest('nav, form, button, .button, .skip, .sr, title, desc')) continue;
        if (parent.checkVisibility()) texts.push(walker.currentNode.data);
    }
    return texts.join('');
}"""
# Signs that the style sheets add.
MARKERS = "•"


def printed(page: Page, address: str, paper: str = "A4", *, landscape: bool = False) -> tuple[list[Sheet], str]:
    """The sheets, and the text that shall stand on them, their numbers included."""
    page.emulate_media(media="print")
    page.set_viewport_size(LANDSCAPE if landscape else PORTRAIT)  # type: ignore[arg-type]
    page.goto(address)
    found = sheets(page.pdf(format=paper, landscape=landscape))
    numbers = "".join(f"{n}/{len(found)}" for n in range(1, len(found) + 1))
    return found, page.evaluate(TEXT_FOR_PAPER) + numbers


def faults(found: list[Sheet], expected: str) -> list[str]:
    """What a reader of the sheets would miss."""
    missing, needless = difference(expected, "".join(sheet.text for sheet in found))
    said = [f"missing: {missing}"] if missing else []
    said += [f"needless: {needless}"] if needless.strip(MARKERS) else []
    for number, sheet in enumerate(found, start=1):
        said += [f"sheet {number} runs over: {text}" for text in sheet.outside()]
        said += [f"sheet {number} has {sheet.smallest:.1f} pt"] if sheet.smallest < SMALLEST else []
        said += [] if f"{number}/{len(found)}" in sheet.text else [f"sheet {number} has no number"]
    return said


def picture_missing(page: Page, sheet: Sheet) -> str:
    """What the sheet lacks of the titles of the figure's 49 boxes: 47 of goals and their parts, and the two 基本理念."""
    boxes = page.locator(".f-box")
    assert boxes.count() == 49
    return difference("".join(boxes.locator("text").all_text_contents()), sheet.text)[0]


def test_every_page_prints_whole_on_a4(new_page: NewPage, portal_server: PortalProcess, counts: Counter[str]) -> None:
    page = new_page()
    found = {}
    portrait = [address for address in public_addresses(portal_server) if not address.startswith("/relationship/")]
    assert len(portrait) > 70
    for address in portrait:
        on_paper, expected = printed(page, address)
        counts["sheets printed"] += len(on_paper)
        found[address] = faults(on_paper, expected) + [str(x.millimetres) for x in on_paper if x.millimetres != A4]
        if page.url not in "".join(sheet.text for sheet in on_paper):
            found[address].append("no address")
    assert {address: said for address, said in found.items() if said} == {}


@pytest.mark.parametrize(("paper", "millimetres"), [("A4", A4_LANDSCAPE), ("A3", A3_LANDSCAPE)])
def test_the_figure_prints_on_one_landscape_sheet(
    new_page: NewPage, counts: Counter[str], paper: str, millimetres: tuple[int, int]
) -> None:
    page = new_page()
    for address in FIGURES:
        on_paper, expected = printed(page, address, paper, landscape=True)
        counts["sheets printed"] += len(on_paper)
        assert {sheet.millimetres for sheet in on_paper} == {millimetres}
        assert picture_missing(page, on_paper[0]) == ""
        assert "表で見る" not in on_paper[0].text
        said = faults(on_paper, expected)
        if paper == "A4":  # where the titles are smaller
            said = [fault for fault in said if not re.fullmatch(r"sheet 1 has 6\.\d pt", fault)]
        assert said == []


def test_the_figure_prints_on_one_sheet_with_furigana_beside_it(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/furigana/?on=1")
    on_paper, _ = printed(page, FIGURES[0], landscape=True)
    assert page.locator("main rt").count() > 20
    assert picture_missing(page, on_paper[0]) == ""


def test_faults_on_paper_are_noticed(new_page: NewPage) -> None:
    page = new_page(bypass_csp=True)
    _, expected = printed(page, "/goals/7/4/")

    def with_style(style: str) -> str:
        page.goto("/goals/7/4/")
        page.add_style_tag(content=style)
        return " ".join(faults(sheets(page.pdf(format="A4")), expected))

    assert with_style("p { color: black }") == ""
    assert "has 6.0 pt" in with_style(".head__note { font-size: 6pt }")
    assert "missing: " in with_style(".facts { height: 2em; overflow: hidden }")
    assert "missing: " in with_style(".head h1 { display: none }")
    assert "needless: " in with_style(".breadcrumb { display: block }")
    assert "missing: " in with_style(".head__kind { margin-left: -40mm }")
    assert "has 7." in with_style(".head__kind { white-space: nowrap; width: 60em }")
    assert faults([Sheet(595, 842, (Run("1/1", 10, 10, 9), Run("はみ出す文", 560, 400, 10)))], "1/1はみ出す文") == [
        "sheet 1 runs over: はみ出す文"
    ]
