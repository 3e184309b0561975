from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plan_portal.foundation.search_text import fold, hits, terms


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("ボランティアセンター", "ぼらんてぃあ", ["ボランティア"]),
        ("ﾎﾞﾗﾝﾃｨｱの会", "ボランティア", ["ﾎﾞﾗﾝﾃｨｱ"]),
        ("①②③", "2", ["②"]),
        ("支援と支援", "支援", ["支援", "支援"]),
        ("地域福祉", "地域 域福", ["地域福"]),
        ("ＡＢＣ", "abc", ["ＡＢＣ"]),
        ("何もない", "ある", []),
        ("", "ある", []),
    ],
)
def test_hits_are_parts_of_the_text_itself(text, query, found):
    assert [text[start:stop] for start, stop in hits(text, terms(query))] == found


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=40), st.text(min_size=1, max_size=3))
def test_hits_are_in_order_and_never_overlap(text, query):
    spans = hits(text, terms(query))
    assert all(0 <= start < stop <= len(text) for start, stop in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=40))
def test_folding_is_done_once(text):
    assert fold(fold(text)) == fold(text)
