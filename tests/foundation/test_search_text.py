import unicodedata
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plan_portal.foundation.phrases import clusters
from plan_portal.foundation.search_text import fold, fold_apart, hits, holds, spellings, terms

bounded = settings(deadline=None, max_examples=200)
LETTERS = st.lists(
    st.sampled_from(
        [*"ぼボらﾗンんてティィｲあアァ福祉①Ⅲ三（児）～ＳＤGｓ 　ー－・ヶヴぢ國学\n", "ﾎﾞ", "か\u3099", "辻\U000e0100"]
    ),
    max_size=20,
)
JAPANESE = LETTERS.map("".join)


@pytest.mark.parametrize("text", ["ボランティア", "ぼらんてぃあ", "ﾎﾞﾗﾝﾃｨｱ", "ボラ ンティ　ア", "ボランティア\n"])
def test_one_spelling(text):
    assert fold(text) == "ぼらんていあ"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＳＤＧｓ", "sdgs"),
        ("①⑮⑳㉑㊿⑴⒈", "11520215011"),
        ("❶❿⓫⓴⓿⓵", "1101120" + "01"),
        ("第Ⅲ期、ⅻ", "第3期12"),
        ("〇一二三四五六七八九", "0123456789"),
        ("第三期", "第3期"),
        ("障がい者（児）", "障がい者児"),
        ("～支え合う～", "支え合う"),
        ("ヴァイオリン", "ぶあいおりん"),
        ("サービス", "さびす"),
        ("サ－ビス", "さびす"),
        ("1ヶ月", "1か月"),
        ("１ヵ月", "1か月"),
        ("ヰヱゐゑ", "いえいえ"),
        ("きづな・みぢか", "きずなみじか"),
        ("シㇼパ", "しりぱ"),
        ("か\u3099", "が"),
        ("か゛", "が"),
        ("チ゛", "じ"),
        ("a\0b", "ab"),
        ("國學院・髙橋・渡邉", "国学院高橋渡辺"),
        ("\ufa1b\ufa45", "福海"),  # 福 and 海 as compatibility characters
        ("辻\U000e0100", "辻"),
        ("7-(4)", "74"),
        ("%_\\'\"", ""),
        ("\ud800", ""),
        ("👪", ""),
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
    assert terms(" 福祉　ﾎﾞﾗﾝﾃｨｱ\nＳＤＧｓ ") == ["福祉", "ぼらんていあ", "sdgs"]
    assert terms("") == terms(" 　") == terms("\0") == terms("ー ・ %") == []
    assert terms("福祉 ・ 介護") == ["福祉", "介護"]
    assert len(terms("あ " * 50)) == 10


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("高齢者福祉の充実", ["福祉"], ["福祉"]),
        ("ﾎﾞﾗﾝﾃｨｱ活動", ["ぼらんていあ"], ["ﾎﾞﾗﾝﾃｨｱ"]),
        ("ボランティア活動", ["てい", "活動"], ["ティ", "活動"]),
        ("ボランティアセンターの", ["せんた"], ["センター"]),
        ("センターー、と", ["せんた"], ["センターー"]),
        ("サービスの", ["さびす"], ["サービス"]),
        ("ービス", ["びす"], ["ビス"]),
        ("～福祉～", ["福祉"], ["福祉"]),
        ("きずな（地域）の", ["きずな地域"], ["きずな（地域"]),
        ("障がいのある方、子ども", ["障害", "子供"], ["障がい", "子ども"]),
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


def test_no_word_is_found_across_two_fields():
    assert fold_apart("まち　づくり", "", "、", "高齢") == "まちずくり 高齢"
    assert not holds(fold_apart("まち", "高齢"), "まち高")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("障害者", "障がい者（児）の自立支援"),
        ("障碍", "障がい者"),
        ("しょうがいしゃ", "しょうがい者"[:5] + "しゃ"),
        ("子供", "子どもの面倒"),
        ("取り組み", "協働しながら各取組を推進し"),
        ("取組", "地域をつくる取り組み"),
        ("町づくり", "まちづくり"),
        ("一人一人", "市民一人ひとり"),
        ("絆", "きずなを護り"),
    ],
)
def test_a_word_is_found_as_others_write_it(typed, written):
    assert holds(fold(written), fold(typed))
    assert [written[start:end] for start, end in hits(written, terms(typed))]


def test_spellings_begin_with_the_word_itself_and_are_few():
    assert spellings("福祉") == ("福祉",)
    assert spellings("障害")[0] == "障害"
    many = spellings(fold("障害のある子供と取組と町づくりと困りごとを共に支え合う絆"))
    assert len(many) == len(set(many)) == 12


def test_words_of_like_meaning_are_not_the_same():
    assert not holds(fold("高齢者"), fold("お年寄り"))


@bounded
@given(st.text(max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_a_part_cut_between_clusters_is_found(text, start, length):
    """Unless letters grow together across what is dropped between them: A and a lone macron."""
    pieces = clusters(text)
    folded = "".join(map(fold, pieces))
    assume(unicodedata.normalize("NFC", folded) == folded)
    assert fold("".join(pieces[start : start + length])) in fold(text)
