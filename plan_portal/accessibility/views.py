"""ウェブアクセシビリティ方針: what the city aims at, what people have tested, and what may be said of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plan_portal.accessibility.claims import claim
from plan_portal.accessibility.models import AccessibilityPolicy, AccessibilityTest, CriterionResult

MOST_YEARS = 30


@require_safe
def policy_page(request: HttpRequest) -> HttpResponse:
    """The policy and the test of ?year=, or the newest; what is claimed rests on the newest alone."""
    policy = AccessibilityPolicy.objects.first()
    tests = list(AccessibilityTest.objects.published().newest_first()[:MOST_YEARS])
    newest = tests[0] if tests else None
    shown = _asked_for(request.GET.get("year", ""), tests) or newest
    results = list(CriterionResult.objects.filter(test__in={newest, shown} - {None}).in_order())
    outcomes = {result.criterion: result.outcome for result in results if newest and result.test_id == newest.pk}
    context = {
        "policy": policy,
        "newest": newest,
        "shown": shown,
        "results": [result for result in results if shown and result.test_id == shown.pk],
        "others": [test for test in tests if test != shown],
        "claim": claim(policy, newest, outcomes),
    }
    return render(request, "accessibility/accessibility.html", context)


def _asked_for(year: str, tests: list[AccessibilityTest]) -> AccessibilityTest | None:
    """Raises Http404 for a year without a public test."""
    if not year:
        return None
    for test in tests:
        if str(test.fiscal_year) == year:
            return test
    raise Http404("この年度の試験の結果は、公開していません。")
