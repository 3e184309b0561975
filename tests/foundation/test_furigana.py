from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from plan_portal.foundation.furigana import base_text, check, clean_ruby, segments

bounded = settings(deadline=None, max_examples=200)
KANJI = st.text(st.sampled_from("護福祉地域活動々"), min_size=1, max_size=4)
READING = st.text(st.sampled_from("まもふくしちいきかつどうー"), min_size=1, max_size=6)
PLAIN = st.tuples(
    st.text(st.sampled_from("りのへづくりボランティア（）、・～A1 "), min_size=1, max_size=6), st.just("")
)
PARTS = st.lists(st.one_of(st.tuples(KANJI, READING), PLAIN), max_size=8)


def markup(parts) -> str:
    return "".join(f"{{{base}|{reading}}}" if reading else base for base, reading in parts)


def test_segments():
    assert list(segments("きずなを{護|まも}り{強|つよ}める")) == [
        ("きずなを", ""),
        ("護", "まも"),
        ("り", ""),
        ("強", "つよ"),
        ("める", ""),
    ]
    assert list(segments("")) == []
    assert base_text("{障|しょう}がい{者|しゃ}（{児|じ}）への{理解|りかい}") == "障がい者（児）への理解"


@bounded
@given(PARTS)
def test_markup_gives_back_its_wording(parts):
    wording = "".join(base for base, _ in parts)
    assert base_text(markup(parts)) == wording
    check(markup(parts), wording)
    assert [pair for pair in segments(markup(parts)) if pair[1]] == [pair for pair in parts if pair[1]]


@bounded
@given(PARTS, st.integers(0, 60))
def test_one_lost_character_of_the_wording_is_noticed(parts, place):
    wording = "".join(base for base, _ in parts)
    if not wording:
        return
    place %= len(wording)
    with pytest.raises(ValidationError):
        check(markup(parts), wording[:place] + wording[place + 1 :])


@bounded
@given(st.text(st.sampled_from("{}|護まa"), max_size=12), st.text(st.sampled_from("護まa"), max_size=6))
def test_any_markup_that_passes_is_the_wording(text, wording):
    with suppress(ValidationError):
        check(text, wording)
        assert base_text(text) == wording


@pytest.mark.parametrize(
    ("text", "wording", "message"),
    [
        ("護り", "護り", "「護」に読みがありません。{護|よみ} のように書いてください。"),
        ("{護|まも}り", "護る", "読みを除いた文が、もとの文言とちがいます：「護り」と「護る」"),
        ("{護|まもり", "護り", "{ と } の数が合いません。"),
        ("護|まも}り", "護り", "{ と } の数が合いません。"),
        ("護|まもり", "護|まもり", "{ と } の数が合いません。"),
        ("{護|}り", "護り", "{ と } の数が合いません。"),
        ("{|まも}り", "り", "{ と } の数が合いません。"),
        ("{{護|まも}}り", "護り", "{ と } の数が合いません。"),
        ("{護|mamo}り", "護り", "「護」の読み「mamo」は、かなで書いてください。"),
        ("{護|護}り", "護り", "「護」の読み「護」は、かなで書いてください。"),
        ("三ヶ所", "三ヶ所", "「三ヶ所」に読みがありません。"),
        ("𠮟る", "𠮟る", "「𠮟」に読みがありません。"),
        ("{人|ひと}々", "人々", "「々」に読みがありません。"),
    ],
)
def test_check_says_what_to_do(text, wording, message):
    with pytest.raises(ValidationError) as error:
        check(text, wording)
    assert message in error.value.messages[0]


def test_check_names_the_place_of_a_stray_brace():
    with pytest.raises(ValidationError, match=r"「地域}の活動」のあたり"):
        check("{地域|ちいき}}の活動", "地域の活動")


def test_readings_may_be_katakana():
    check("{頁|ページ}", "頁")


def test_clean_ruby_speaks_at_its_field():
    clean_ruby("", "護り")
    clean_ruby("{護|まも}り", "護り")
    with pytest.raises(ValidationError) as error:
        clean_ruby("護り", "護り", field="other_ruby")
    assert set(error.value.message_dict) == {"other_ruby"}
