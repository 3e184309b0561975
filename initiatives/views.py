"""The initiatives, for citizens."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goals.current import plan_or_404
from goals.outline import find, outline
from initiatives.filters import InitiativeFilterForm
from initiatives.models import Initiative
from plan_portal.foundation.neighbours import neighbours
from plan_portal.foundation.query_params import optional_number

PER_PAGE = 30


@require_safe
def initiative_list(request: HttpRequest) -> HttpResponse:
    """All 取組, with search and filters in the address."""
    plan = plan_or_404(request)
    page_number = optional_number(request.GET, "page") or 1
    form = InitiativeFilterForm(request.GET, plan=plan)
    initiatives = Initiative.objects.for_plan(plan).select_related("goal", "department").in_plan_order()
    found = form.value().apply(initiatives) if form.is_valid() else initiatives.none()
    page = Paginator(found, PER_PAGE).get_page(page_number)
    context = {"form": form, "page": page, "chips": form.chips()}
    return render(request, "initiatives/initiative_list.html", context, status=200 if form.is_valid() else 400)


@require_safe
def initiative_detail(request: HttpRequest, goal_number: int, number: int) -> HttpResponse:
    """One 取組: what it is, whom to ask, what 社協 does alongside it."""
    return render(request, "initiatives/initiative_detail.html", detail_context(request, goal_number, number))


def detail_context(request: HttpRequest, goal_number: int, number: int) -> dict[str, Any]:
    """What the page of one 取組 shows. Raises Http404."""
    plan = plan_or_404(request)
    initiative = (
        Initiative.objects.for_plan(plan)
        .select_related("goal", "department")
        .filter(goal__number=goal_number, number=number)
        .first()
    )
    if initiative is None:
        raise Http404(f"取組{goal_number}-({number})は、この計画にありません。")
    goals = outline(plan)
    in_order = [listed for goal in goals for listed in goal.initiatives]
    here = next(x for x in in_order if (x.goal_number, x.number) == (goal_number, number))
    previous, following = neighbours(in_order, here)
    pairs = initiative.linkage_pairs.agreed().select_related("linkage", "item").in_plan_order()
    return {
        "initiative": initiative,
        "goal": find(goals, goal_number),
        "previous": previous,
        "following": following,
        "pairs": pairs,
    }
