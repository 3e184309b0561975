from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plan_portal.foundation.search_text import fold, hits, terms

bounded = settings(deadline=None, max_examples=200)
LETTERS = st.lists(
    st.sampled_from([*"ぼボらﾗンんてティィｲあアァ福祉①（児）～ＳＤGｓ 　ー・ヶヴ\n", "ﾎﾞ", "か\u3099"]), max_size=20
)
JAPANESE = LETTERS.map("".join)


@pytest.mark.parametrize("text", ["ボランティア", "ぼらんてぃあ", "ﾎﾞﾗﾝﾃｨｱ", "ボラ ンティ　ア", "ボランティア\n"])
def test_one_spelling(text):
    assert fold(text) == "ぼらんてぃあ"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＳＤＧｓ", "sdgs"),
        ("①⑮", "115"),
        ("障がい者（児）", "障がい者(児)"),
        ("～支え合う～", "~支え合う~"),
        ("ヴァイオリン", "ゔぁいおりん"),
        ("サービス", "さーびす"),
        ("ヶヵ", "ゖゕ"),
        ("か\u3099", "が"),
        ("a\0b", "ab"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@bounded
@given(JAPANESE)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@bounded
@given(st.text(max_size=20))
def test_nothing_invisible_is_left(text):
    folded = fold(text)
    assert not any(character.isspace() for character in folded)
    assert "\0" not in folded


@bounded
@given(LETTERS, st.integers(0, 20), st.integers(0, 20))
def test_part_of_a_text_is_found_in_it(letters, start, length):
    """Cut between letters; ﾎﾞ is two code points and one letter."""
    assert fold("".join(letters[start : start + length])) in fold("".join(letters))


def test_terms():
    assert terms(" 福祉　ﾎﾞﾗﾝﾃｨｱ\nＳＤＧｓ ") == ["福祉", "ぼらんてぃあ", "sdgs"]
    assert terms("") == terms(" 　") == terms("\0") == []
    assert len(terms("あ " * 50)) == 10


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("高齢者福祉の充実", ["福祉"], ["福祉"]),
        ("ﾎﾞﾗﾝﾃｨｱ活動", ["ぼらんてぃあ"], ["ﾎﾞﾗﾝﾃｨｱ"]),
        ("ボランティア活動", ["てぃ", "活動"], ["ティ", "活動"]),
        ("福祉と福祉", ["福祉"], ["福祉", "福祉"]),
        ("地域福祉", ["地域", "域福"], ["地域福"]),
        ("地域福祉", ["災害"], []),
        ("", ["福祉"], []),
        ("福祉", [], []),
    ],
)
def test_hits(text, words, spans):
    assert [text[start:end] for start, end in hits(text, words)] == spans


@bounded
@given(JAPANESE, JAPANESE)
def test_hits_stand_in_order_and_hold_the_word(text, query):
    spans = hits(text, terms(query))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for start, end in spans:
        assert any(word in fold(text[start:end]) for word in terms(query))
