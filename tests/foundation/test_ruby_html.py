import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_portal.foundation.lexicon import Lexicon
from plan_portal.foundation.ruby_html import with_furigana

READ = Lexicon(
    {
        "地域": "{地域|ちいき}",
        "福祉": "{福祉|ふくし}",
        "介護": "{介護|かいご}",
        "中": "{中|なか}",
        "再犯防止": "{再犯防止|さいはんぼうし}",
    }
).read


def body(inner: str) -> str:
    return with_furigana(f"<title>地域</title></head><body>{inner}</body>", READ)


def ruby(base: str, reading: str) -> str:
    return f'<ruby>{base}<rp>（</rp><rt aria-hidden="true">{reading}</rt><rp>）</rp></ruby>'


CHIIKI, FUKUSHI, KAIGO = ruby("地域", "ちいき"), ruby("福祉", "ふくし"), ruby("介護", "かいご")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<p>地域</p>", f"<p>{CHIIKI}</p>"),
        ("<p>地域<wbr>福祉の<wbr>まち</p>", f"<p>{CHIIKI}<wbr>{FUKUSHI}の<wbr>まち</p>"),
        ("再犯<wbr>防止", ruby("再犯防止", "さいはんぼうし")),  # no break within what is read as one
        (
            "<a href='/地域/' aria-label='地域' title='福祉'>介護</a>",
            f"<a href='/地域/' aria-label='地域' title='福祉'>{KAIGO}</a>",
        ),
        (
            "<svg><title>地域</title><text>地域</text></svg>福祉",
            f"<svg><title>地域</title><text>地域</text></svg>{FUKUSHI}",
        ),
        ("<select><option>地域</option></select>", "<select><option>地域</option></select>"),
        ("<textarea>地域</textarea>", "<textarea>地域</textarea>"),
        (
            '<script type="application/ld+json">{"a":"地域"}</script>',
            '<script type="application/ld+json">{"a":"地域"}</script>',
        ),
        (CHIIKI, CHIIKI),
        ("<img alt='地域'>福祉<br>介護", f"<img alt='地域'>{FUKUSHI}<br>{KAIGO}"),
        ("福祉&amp;介護&lt;", f"{FUKUSHI}&amp;{KAIGO}&lt;"),
        ("介護<mark>保険</mark>中の福祉", f"介護<mark>保険</mark>中の{FUKUSHI}"),  # a word torn by a hit
        ("まち<mark>地域</mark>の福祉", f"まち<mark>地域</mark>の{FUKUSHI}"),
        ("ひらがな<wbr>だけ", "ひらがな<wbr>だけ"),
    ],
)
def test_with_furigana(inner, expected):
    assert body(inner) == f"<title>地域</title></head><body>{expected}</body>"


def test_what_is_no_page_stays_as_it_is():
    assert with_furigana("地域<p>", READ) == "地域<p>"


@given(
    st.lists(
        st.sampled_from(["地域", "福祉", "の", "<wbr>", "<b>", "</b>", "<mark>介護</mark>", "&amp;", "中", "\n"]),
        max_size=20,
    )
)
def test_without_its_ruby_the_page_is_what_it_was(pieces):
    inner = "".join(pieces)
    plain = re.sub(r"<rp>.</rp>|<rt [^>]*>[^<]*</rt>|</?ruby>|<wbr>", "", body(inner))
    assert plain == f"<title>地域</title></head><body>{inner}</body>".replace("<wbr>", "")
