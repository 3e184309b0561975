"""The table of old kanji: each pair one character and one other, no chains, nothing that the plan is written with."""

import unicodedata

import pytest

from plan_portal.content import load_plan
from plan_portal.foundation.old_kanji import _OLD, _PRINTED, _VARIANT, OLD_KANJI
from plan_portal.foundation.search_text import fold
from tests.constraints import our_models


def is_kanji(character: str) -> bool:
    return len(character) == 1 and unicodedata.name(character).startswith(
        ("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH-FA11")
    )


def test_every_pair_is_one_kanji_and_one_other():
    pairs = f"{_OLD} {_PRINTED} {_VARIANT}".split()
    assert len(pairs) == len(OLD_KANJI) > 450, "no kanji stands twice"
    assert [pair for pair in pairs if len(pair) != 2 or not all(map(is_kanji, pair))] == []


def test_there_are_no_chains():
    assert sorted(set(OLD_KANJI) & set(OLD_KANJI.values())) == []


def test_no_kanji_of_the_table_is_changed_by_nfkc():
    assert [c for pair in OLD_KANJI.items() for c in pair if unicodedata.normalize("NFKC", c) != c] == []


def test_digits_are_left_to_folding():
    assert not set("〇一二三四五六七八九十百千") & {*OLD_KANJI, *OLD_KANJI.values()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("國學會體應圖", "国学会体応図"),
        ("辨瓣辯", "弁弁弁"),
        ("髙﨑𠮷邉邊濵濱嶋", "高崎吉辺辺浜浜島"),
        ("齋藤齊藤", "斎藤斉藤"),
        ("社會福祉\ufa1b", "社会福祉福"),
        ("廣報", "広報"),
        ("頰塡剝𠮟", "頬填剥叱"),
    ],
)
def test_old_is_found_as_new(old, new):
    assert fold(old) == fold(new)


@pytest.mark.parametrize(("one", "other"), [("斎", "斉"), ("坂", "阪"), ("作", "造"), ("沢", "択"), ("太", "大")])
def test_different_kanji_stay_different(one, other):
    assert fold(one) != fold(other)


@pytest.mark.django_db
def test_the_plan_is_written_with_none_of_them():
    load_plan()
    written = {
        character
        for model in our_models()
        for row in model.objects.values_list(*(field.name for field in model._meta.concrete_fields))
        for text in row
        if isinstance(text, str)
        for character in text
    }
    assert {"福", "祉", "護"} <= written
    assert sorted(written & set(OLD_KANJI)) == []
