from collections import Counter

from plan_portal.accessibility.criteria import BY_NUMBER, CRITERIA, criterion_choices


def test_25_of_level_a_and_13_of_level_aa():
    assert Counter(criterion.level for criterion in CRITERIA) == {"A": 25, "AA": 13}


def test_numbers_are_unique_and_sorted():
    numbers = [tuple(map(int, criterion.number.split("."))) for criterion in CRITERIA]
    assert numbers == sorted(set(numbers))
    assert list(BY_NUMBER) == sorted(BY_NUMBER)  # as the database sorts them
    assert len({criterion.name for criterion in CRITERIA}) == 38


def test_choices_name_number_and_title():
    assert criterion_choices()[0] == ("1.1.1", "1.1.1 非テキストコンテンツ")
