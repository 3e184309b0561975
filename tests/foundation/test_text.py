import pytest

from plan_portal.foundation.text import first_of_list, paragraphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (None, []),
        ("一つ", ["一つ"]),
        ("一つ\n\n二つ", ["一つ", "二つ"]),
        ("一つ\r\n\r\n二つ\r\n続き", ["一つ", "二つ\n続き"]),
        ("\n\n\n一つ\n\n\n\n二つ\n", ["一つ", "二つ"]),
    ],
)
def test_paragraphs_are_parted_by_empty_lines(text, expected):
    assert paragraphs(text) == expected


def test_first_of_list_says_that_there_is_more():
    assert first_of_list("困窮者支援、防災、防犯") == "困窮者支援ほか"
    assert first_of_list("子育て") == "子育て"
