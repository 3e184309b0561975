import unicodedata

import pytest

from plan_portal.foundation.numerals import circled, full_stop, full_width, parenthesised


@pytest.mark.parametrize(
    ("number", "printed"), [(0, "０"), (3, "３"), (41, "４１"), (1234567890, "１２３４５６７８９０")]
)
def test_full_width(number, printed):
    assert full_width(number) == printed


def test_as_the_plan_prints_them():
    assert full_stop(7) == "７．"
    assert parenthesised(4) == "(4)"
    assert "".join(circled(number) for number in range(1, 16)) == "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"


def test_circles_end_at_50():
    for number in range(1, 51):
        assert unicodedata.numeric(circled(number)) == number
        assert len(circled(number)) == 1
    assert circled(51) == "(51)"
    assert circled(0) == "(0)"
