import pytest

from plan_portal.foundation.neighbours import neighbours


def test_neighbours_within_and_at_the_ends():
    assert neighbours("abc", "b") == ("a", "c")
    assert neighbours("abc", "a") == (None, "b")
    assert neighbours("abc", "c") == ("b", None)
    assert neighbours("a", "a") == (None, None)


def test_what_is_not_there_has_none():
    with pytest.raises(ValueError, match="not"):
        neighbours("abc", "x")
