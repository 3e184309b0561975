import pytest
from django.core.exceptions import ValidationError

from plan_portal.accessibility.models import MOST_PAGES, AccessibilityTest, CriterionResult, page_addresses
from tests import factories as f

pytestmark = pytest.mark.django_db


def second_policy():
    f.AccessibilityPolicyFactory()
    return f.AccessibilityPolicyFactory.build()


def same_year():
    return f.AccessibilityTestFactory.build(fiscal_year=f.AccessibilityTestFactory().fiscal_year)


def result_with(**fields):
    return f.CriterionResultFactory.build(test=f.AccessibilityTestFactory(), **fields)


def same_criterion():
    result = f.CriterionResultFactory()
    return f.CriterionResultFactory.build(test=result.test, criterion=result.criterion)


CONSTRAINTS = {
    "accessibility_policy_once": second_policy,
    "accessibility_policy_number_1": lambda: f.AccessibilityPolicyFactory.build(number=2),
    "accessibility_policy_level_known": lambda: f.AccessibilityPolicyFactory.build(level="AAA"),
    "accessibility_test_one_per_year": same_year,
    "accessibility_test_state_known": lambda: f.AccessibilityTestFactory.build(state="unknown"),
    "criterion_result_once": same_criterion,
    "criterion_result_criterion_known": lambda: result_with(criterion="1.9.9"),
    "criterion_result_failed_applies": lambda: result_with(applies=False, result="fails"),
    "criterion_result_known": lambda: result_with(result="maybe"),
}


@pytest.mark.parametrize(
    "text", ["", "/", "/goals/1/\n\n /plan/#s1 ", "https://www.example.jp/a?b=1", "\n".join(["/"] * MOST_PAGES)]
)
def test_addresses_of_pages(text):
    page_addresses(text)


@pytest.mark.parametrize(
    "text", ["goals/", "//example.jp/", "/a b", "javascript:alert(1)", "トップページ", "ftp://example.jp/", "http://"]
)
def test_what_is_no_address_is_named(text):
    with pytest.raises(ValidationError, match=f"「{text.replace('(', '.').replace(')', '.')}」は、"):
        page_addresses(f"/goals/\n{text}")


def test_pages_are_bounded():
    with pytest.raises(ValidationError, match=f"{MOST_PAGES}まで"):
        page_addresses("\n".join(["/"] * (MOST_PAGES + 1)))


def test_pages_stand_one_on_a_line():
    assert f.AccessibilityTestFactory.build(pages=" /a/ \r\n\r\n/b/").page_list == ["/a/", "/b/"]


@pytest.mark.parametrize(("day", "year"), [("2026-04-01", 2026), ("2027-03-31", 2026), ("2026-03-31", 2025)])
def test_day_lies_in_its_fiscal_year(day, year):
    test = f.AccessibilityTestFactory.build(fiscal_year=2026, tested_on=day)
    test.clean_fields()
    if year == 2026:
        test.clean()
    else:
        with pytest.raises(ValidationError, match=r"この日は令和7年度（2025年度）です。"):
            test.clean()


def test_a_test_begins_as_a_draft():
    test = f.AccessibilityTestFactory.build(published=True)
    with pytest.raises(ValidationError, match="はじめは「下書き」"):
        test.full_clean()
    test.save()
    test.full_clean()


def published():
    return list(AccessibilityTest.objects.published())


def test_only_whole_published_tests_are_public():
    test = f.AccessibilityTestFactory(published=True, outcome="conforms")
    f.AccessibilityTestFactory(outcome="conforms")  # a draft
    f.AccessibilityTestFactory(published=True)  # without results
    f.AccessibilityTestFactory(published=True, outcome="untested")
    assert published() == [test]
    one = test.results.filter(criterion="2.4.7")
    one.update(result="untested")
    assert published() == []
    one.update(applies=False)
    assert published() == [test]
    one.delete()
    assert published() == []


@pytest.mark.parametrize(
    ("applies", "result", "settled", "conforms"),
    [
        (True, "conforms", True, True),
        (True, "fails", True, False),
        (True, "untested", False, False),
        (False, "untested", True, True),
        (False, "conforms", True, True),
    ],
)
def test_outcome(applies, result, settled, conforms):
    assert CriterionResult(applies=applies, result=result).outcome == (settled, conforms)
