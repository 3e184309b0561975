"""The SDGs and what the plan does for each, for citizens."""

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goals.current import plan_or_404
from plan_portal.foundation.neighbours import neighbours
from sdgs.models import GoalSdgLink, Sdg


@require_safe
def sdg_list(request: HttpRequest) -> HttpResponse:
    """The 17 goals, those that the plan names marked."""
    plan = plan_or_404(request)
    sdgs = (
        Sdg.objects.in_order()
        .with_named_in(plan)
        .annotate(goal_count=Count("goal_links", filter=Q(goal_links__goal__plan=plan)))
    )
    return render(request, "sdgs/sdg_list.html", {"sdgs": sdgs})


@require_safe
def sdg_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One SDG: which 基本目標 serve it, and why."""
    plan = plan_or_404(request)
    sdgs = list(Sdg.objects.in_order().with_named_in(plan))
    sdg = next((sdg for sdg in sdgs if sdg.number == number), None)
    if sdg is None:
        raise Http404("ＳＤＧｓのゴールは、1から17までです。")
    previous, following = neighbours(sdgs, sdg)
    context = {
        "sdg": sdg,
        "previous": previous,
        "following": following,
        "links": GoalSdgLink.objects.for_plan(plan).filter(sdg=sdg).select_related("goal").in_plan_order(),
    }
    return render(request, "sdgs/sdg_detail.html", context)
