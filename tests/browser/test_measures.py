"""Each measure finds what it is for, and nothing else: a page with the trouble, and the same page without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import violations
from tests.browser.measures import measure, use_sheet, walk

FRAME = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>試し</title>
<style>body {{ margin: 0; font: 16px/1.5 sans-serif }} button, .big {{ display: inline-block; min-width: 44px; min-height: 44px }}
:focus-visible {{ outline: 4px solid }}</style>
<header>上</header><main><h1>題</h1>{}</main></html>"""
GOOD = '<p>文の中の<a href="#a">ことば</a>です。</p><button>押す</button><table><tr><th scope="col">項目</th></tr><tr><td>値</td></tr></table>'

TROUBLES = [
    ("sideways", '<p style="width: 500px">広い</p>'),
    ("sideways", '<div style="overflow: auto"><p style="width: 500px">名前のない枠</p></div>'),
    ("targets", '<p><a href="#a">ひとつだけ</a></p>'),
    ("targets", '<label><input type="checkbox">選ぶ</label>'),
    ("targets", '<p>4 <a href="#a">番号のほかに文がない</a></p>'),
    ("contrast", '<p style="color: #666">七に足りない文</p>'),
    ("contrast", '<button style="color: #fff; background: #999">うすい</button>'),
    ("contrast", '<svg width="99" height="40"><rect width="99" height="40" fill="#eee"/><text y="20" fill="#aaa">図</text></svg>'),
    ("cutOff", '<p style="height: 1em; width: 4em; overflow: hidden">切れてしまう長い長い文です</p>'),
    ("cutOff", '<p style="white-space: nowrap; overflow: hidden; width: 4em">切れてしまう長い長い文です</p>'),
    ("overlap", '<p>下の文</p><p style="margin-top: -2.2em">上の文</p>'),
    ("structure", "<h3>飛ばした見出し</h3>"),
    ("structure", "<h1>二つ目の題</h1>"),
    ("structure", "<table><tr><th>項目</th><td>値</td></tr><tr><td>値</td><th>項目</th></tr></table>"),
    ("motion", '<p style="transition: color 2s">すべる</p>'),
    ("motion", "<style>@keyframes turn { to { rotate: 1turn } } .turn { animation: turn 9s infinite }</style><p class='turn'>回る</p>"),
]  # fmt: skip

AWRY = [
    ("no ring", '<button style="outline: none">輪がない</button>'),
    ("covered by", '<button>上</button><div style="position: fixed; inset: 0; background: #fff">おおい</div>'),
    ("「後」", '<button>先</button><button tabindex="1">後</button>'),
    ("never reached", '<button>先</button><div style="display: contents" inert><button>届かない</button></div>'),
    ("out of the window", '<button style="position: absolute; left: -500px">外</button>'),
]


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 360, "height": 600})
    yield page
    page.close()


def _show(page: Page, body: str) -> Page:
    page.set_content(FRAME.format(body))
    return page


@pytest.mark.parametrize(("name", "body"), TROUBLES)
def test_a_trouble_is_found(blank: Page, name: str, body: str) -> None:
    assert measure(_show(blank, GOOD + body), name)


@pytest.mark.parametrize("name", sorted({name for name, _ in TROUBLES}))
def test_nothing_is_found_where_nothing_is(blank: Page, name: str) -> None:
    assert measure(_show(blank, GOOD), name) == []


@pytest.mark.parametrize(("words", "body"), AWRY)
def test_a_walk_sees_what_goes_wrong_at_a_stop(blank: Page, words: str, body: str) -> None:
    _, troubles = walk(_show(blank, body))
    assert any(words in trouble for trouble in troubles), troubles


def test_a_walk_counts_its_stops(blank: Page) -> None:
    assert walk(_show(blank, "<button>一</button><a class='big' href='#a'>二</a>")) == (2, [])


def test_axe_finds_a_picture_without_words(blank: Page) -> None:
    assert any(found.startswith("image-alt") for found in violations(_show(blank, '<img src="data:,">')))


def test_the_sheet_of_a_reader_is_laid_over_the_page(blank: Page) -> None:
    use_sheet(_show(blank, "<p style='height: 52px; width: 120px; overflow: hidden'>二行までは入る文です</p>"), "")
    assert measure(blank, "cutOff") == []
    use_sheet(blank, "p { font-size: 200% }")
    assert measure(blank, "cutOff")
