"""What may be said in each state: never more than people have tested."""

from dataclasses import dataclass, replace

import pytest

from plan_portal.accessibility.claims import Claim, Degree, Outcome, claim
from plan_portal.accessibility.criteria import NUMBERS


@dataclass(frozen=True)
class Policy:
    level: str = "AA"


@dataclass(frozen=True)
class Run:
    is_published: bool = True
    by_people: bool = True
    tested_on: str | None = "2026-10-01"
    fix_plan: str = ""


CONFORMS, FAILS, UNTESTED = Outcome(True, True), Outcome(True, False), Outcome(False, False)
ALL = dict.fromkeys(NUMBERS, CONFORMS)
CONSIDERED = Claim(Degree.CONSIDERED, "AA")


def test_without_policy_nothing_is_claimed():
    assert claim(None, Run(), ALL) is None


def test_without_a_level_nothing_is_claimed():
    assert claim(Policy(""), Run(), ALL) is None


def test_a_policy_alone_is_considered():
    assert claim(Policy(), None, {}) == CONSIDERED
    assert claim(Policy("A"), None, {}) == Claim(Degree.CONSIDERED, "A")


def test_all_38_conforming_is_full():
    assert claim(Policy(), Run(), ALL) == Claim(Degree.FULL, "AA")


@pytest.mark.parametrize("lacking", [{"is_published": False}, {"by_people": False}, {"tested_on": None}])
@pytest.mark.parametrize("outcomes", [ALL, ALL | {"1.1.1": FAILS}])
def test_what_people_have_not_tested_and_published_is_only_considered(lacking, outcomes):
    assert claim(Policy(), replace(Run(fix_plan="直す"), **lacking), outcomes) == CONSIDERED


@pytest.mark.parametrize("number", NUMBERS)
def test_one_criterion_untested_or_absent_is_only_considered(number):
    run = Run(fix_plan="直す")
    assert claim(Policy(), run, ALL | {number: UNTESTED}) == CONSIDERED
    assert claim(Policy(), run, {key: found for key, found in ALL.items() if key != number}) == CONSIDERED
    assert claim(Policy(), run, ALL | {number: UNTESTED, "9.9.9": CONFORMS}) == CONSIDERED


@pytest.mark.parametrize("number", NUMBERS)
def test_one_criterion_failed_is_partial_with_a_plan_and_considered_without(number):
    assert claim(Policy(), Run(fix_plan="来年度に直します。"), ALL | {number: FAILS}) == Claim(Degree.PARTIAL, "AA")
    assert claim(Policy(), Run(fix_plan=" \n"), ALL | {number: FAILS}) == CONSIDERED


def test_nothing_conforming_is_not_even_partial():
    assert claim(Policy(), Run(fix_plan="直す"), dict.fromkeys(NUMBERS, FAILS)) == CONSIDERED


def test_a_policy_of_another_level_claims_no_test():
    assert claim(Policy("A"), Run(), ALL) == Claim(Degree.CONSIDERED, "A")


@pytest.mark.parametrize(
    ("degree", "words", "tested"),
    [
        (Degree.FULL, "JIS X 8341-3:2016 の適合レベルAAに準拠", True),
        (Degree.PARTIAL, "JIS X 8341-3:2016 の適合レベルAAに一部準拠", True),
        (Degree.CONSIDERED, "JIS X 8341-3:2016 の適合レベルAAに配慮", False),
    ],
)
def test_words_follow_the_guideline(degree, words, tested):
    assert (Claim(degree, "AA").words, Claim(degree, "AA").is_tested) == (words, tested)
