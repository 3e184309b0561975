import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan_portal.foundation.furigana import KANJI, base_text
from plan_portal.foundation.lexicon import Lexicon

WORDS = {
    "地域": "{地域|ちいき}",
    "福祉": "{福祉|ふくし}",
    "地域福祉": "{地域|ちいき}{福祉|ふくし}",
    "生": "{生|う}",
    "生きる": "{生|い}きる",
    "育": "{育|そだ}",
    "育み": "{育|はぐく}み",
    "共": "{共|とも}",
    "誰一人": "{誰一人|だれひとり}",
    "取り残": "{取|と}り{残|のこ}",
    "お知らせ": "お{知|し}らせ",
    "20日": "{20日|はつか}",
    "きずなを護り強める": "きずなを{護|まも}り{強|つよ}める",
    "会": "{会|かい}",
}
LEXICON = Lexicon(WORDS)


def written(text: str) -> str:
    return "".join(f"{base}({reading})" if reading else base for base, reading in LEXICON.read(text))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("地域福祉の会", "地域(ちいき)福祉(ふくし)の会(かい)"),
        ("地域活動", "地域(ちいき)活動"),  # what is known of an unknown run
        ("生む", "生(う)む"),
        ("生活", "生活"),  # one kanji counts only where it stands alone
        ("共生", "共生"),
        ("生きる", "生(い)きる"),  # the longer word is the surer one
        ("育み、育てる", "育(はぐく)み、育(そだ)てる"),
        ("誰一人取り残さない", "誰一人(だれひとり)取(と)り残(のこ)さない"),
        ("取り残高", "取り残高"),  # a word that ends within a run it did not begin
        ("お知らせ", "お知(し)らせ"),
        ("11月20日", "11月20日(はつか)"),
        ("きずなを護り強める会", "きずなを護(まも)り強(つよ)める会(かい)"),
        ("福祉地域福祉", "福祉(ふくし)地域(ちいき)福祉(ふくし)"),
        ("ボランティア", "ボランティア"),
        ("", ""),
    ],
)
def test_read(text, read):
    assert written(text) == read


def test_a_long_run_is_read_in_reasonable_time():
    lexicon = Lexicon({"亜亜": "{亜亜|ああ}", "亜亜亜": "{亜亜亜|あああ}"})
    assert len(lexicon.read("亜" * 3000)) == 1000


@given(st.text(alphabet="地域福祉生育共誰一人取り残さみきるお知らせ20日、。A&<", max_size=60))
def test_read_keeps_the_text_and_gives_readings_to_kanji_only(text):
    found = LEXICON.read(text)
    assert "".join(base for base, _ in found) == text
    for base, reading in found:
        assert bool(reading) <= bool(KANJI.search(base))


def test_words_are_their_own_markup():
    assert all(base_text(markup) == word for word, markup in WORDS.items())
