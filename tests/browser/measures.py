"""What can be measured of a page in the browser; measures.js holds how. Each measure gives troubles, one line a place.

sideways: the page, or an unnamed region, scrolls sideways · targets: controls under 44 px · contrast: text under 4.5 to 1, running
text under 7 · cutOff, overlap: text that is lost · structure: headings, landmarks, heads of tables, lang · motion: what moves though
the reader asked for less.
"""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

LAYOUT = ("sideways", "cutOff", "overlap")
EVERYTHING = (*LAYOUT, "targets", "contrast", "structure")
# What readers lay over a page: WCAG 1.4.4 and 1.4.12.
READERS_SHEETS = {
    "twice as large": "html { font-size: 200% !important }",
    "spaced": "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    " p { margin-bottom: 2em !important }",
}
MOST_STOPS = 400


@cache
def _script() -> str:
    return Path(__file__).with_name("measures.js").read_text(encoding="utf-8")


def measure(page: Page, *names: str) -> list[str]:
    """「targets: 38×24 p > a 「…」」 for each trouble that these measures find in the page as it stands."""
    page.evaluate(_script())
    return [f"{name}: {trouble}" for name in names for trouble in page.evaluate(f"measures.{name}()")]


def walk(page: Page) -> tuple[int, list[str]]:
    """Press Tab from the top of the page to its end: the number of stops, and what was wrong at them or never reached."""
    page.evaluate(_script())
    page.evaluate("measures.start()")
    troubles: list[str] = []
    for stops in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate("measures.focused()")
        if found is None:
            return stops, troubles + [f"never reached: {where}" for where in page.evaluate("measures.unreached()")]
        troubles += found
    return MOST_STOPS, [*troubles, "Tab does not come to an end"]


def use_sheet(page: Page, css: str) -> None:
    """Lay a reader's own style sheet over the page. It needs no permission of the page's Content-Security-Policy."""
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        css,
    )
