from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plan_portal.foundation.phrases import (
    HIRAGANA_MAY_FOLLOW,
    MAY_NOT_BEGIN_A_LINE,
    MAY_NOT_END_A_LINE,
    breakable,
    cells,
    clusters,
    phrases,
    wrap,
    wrap_upright,
)

MIXED = (
    "福祉地域支援障者児々あうのがをまちっゃぁボランティーッﾎﾞﾗﾝﾃｨABWz019２０ \u3000\n\t\x1c"
    "、。，．・：；？！（）「」『』【】～…①⑮\ud800\udc00\x00\u200d\ufe0f\u3099👨👩👍🏽🇯🇵é"
)
mixed_texts = st.text(st.sampled_from(MIXED), max_size=80) | st.text(max_size=40)


def without_spaces(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "expected",
    [
        "共に|支え合うまちづくり",
        "のびやかな|人生が|息づくまちづくり",
        "健康を|守り育てるまちづくり",
        "障がい者（児）への|理解",
        "障がい者（児）の|社会参加の|促進",
        "安心して|子どもを|生み、|健やかに|育つまちづくり",
        "再犯防止等の|推進|（登別市再犯防止推進計画）",
        "地域ぐるみでの|見守り・防犯体制の|整備",
        "きずな（地域）の|拠点づくり",
        "きずな|共育|（福祉教育）の|推進",
        "～支え合う|地域をつくる|取り組み～",
        "『温もりある|福祉のまち　|のぼりべつ』",
    ],
)
def test_titles_break_where_a_reader_pauses(expected: str) -> None:
    assert "|".join(phrases(expected.replace("|", ""))) == expected


@settings(deadline=None, max_examples=200)
@given(mixed_texts)
def test_phrases_are_the_text_and_break_nowhere_that_is_forbidden(text: str) -> None:
    found = phrases(text)
    assert "".join(found) == text
    assert all(found)
    for before, after in pairwise(found):
        assert before[-1] not in MAY_NOT_END_A_LINE
        assert after[0] not in MAY_NOT_BEGIN_A_LINE
        assert not "ぁ" <= after[0] <= "ゟ" or before[-1] in HIRAGANA_MAY_FOLLOW


def test_nothing_has_no_phrases_and_no_lines() -> None:
    assert phrases("") == ()
    assert wrap("", 5) == wrap(" \u3000", 5) == ()


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("福祉", 2),
        ("（①）", 3),
        ("abc", 1.8),
        ("ﾎﾞ", 1.2),
        ("か\u3099", 1),
        ("葛\U000e0100", 1),
        ("", 0),
    ],
)
def test_cells(text: str, width: float) -> None:
    assert cells(text) == width


def test_clusters_keep_what_a_reader_counts_as_one() -> None:
    assert clusters("か\u3099👨\u200d👩🇯🇵🇯🇵👍🏽a") == ("か\u3099", "👨\u200d👩", "🇯🇵", "🇯🇵", "👍🏽", "a")


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (15, ("男女があらゆる分野に", "参画することができる社会の実現")),
        (13, ("男女があらゆる分野に", "参画することができる", "社会の実現")),
        (8, ("男女があらゆる", "分野に参画する", "ことができる", "社会の実現")),
    ],
)
def test_lines_are_few_whole_and_even(width: int, expected: tuple[str, ...]) -> None:
    assert wrap("男女があらゆる分野に参画することができる社会の実現", width) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("ボランティアセンター", 6, ("ボランティ", "アセンター")),
        ("ーーーーー", 2, ("ーー", "ーー", "ー")),
        ("abcdefghij", 3, ("abcde", "fghij")),
        ("（児）", 2, ("（児", "）")),
        ("ネットワーク・プラットフォームの", 13, ("ネットワーク・", "プラットフォームの")),
        ("plan A and plan B", 6, ("plan A and", "plan B")),
    ],
)
def test_what_fits_no_line_is_torn(text: str, width: int, expected: tuple[str, ...]) -> None:
    assert wrap(text, width) == expected


@example("0 \u3099", 1.0)
@settings(deadline=None, max_examples=300)
@given(mixed_texts, st.integers(10, 200).map(lambda tenths: tenths / 10))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: float) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert without_spaces("".join(lines)) == without_spaces(text)
    assert all(line == line.strip() and line for line in lines)


@settings(deadline=None, max_examples=100)
@given(mixed_texts, st.integers(1, 30))
def test_no_column_is_too_high_and_nothing_is_lost(text: str, height: int) -> None:
    columns = wrap_upright(text, height)
    assert all(len(clusters(column)) <= height for column in columns)
    assert without_spaces("".join(columns)) == without_spaces(text)


def test_a_line_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        wrap("福祉", 0.5)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("地域福祉活動の推進", "地域福祉<wbr>活動の<wbr>推進"),
        (
            "再犯防止等の推進（登別市再犯防止推進計画）",
            "再犯防止等の<wbr>推進<wbr>（登別市<wbr>再犯<wbr>防止<wbr>推進<wbr>計画）",
        ),
        ("地域福祉実践計画の", "地域福祉実践計画の"),  # ten cells are not too wide for a phone
        ("<b>&", "&lt;b&gt;&amp;"),
    ],
)
def test_breakable(text, html):
    assert breakable(text) == html
