"""The plan's text and its goals, for citizens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goals.current import plan_or_404
from goals.outline import find, outline
from goals.sections import section_tree
from plan_portal.foundation.neighbours import neighbours


@require_safe
def plan_text(request: HttpRequest) -> HttpResponse:
    """計画を読む: the running text of the plan with its contents."""
    plan = plan_or_404(request)
    named_sdgs = plan.plan_sdgs.with_sdg().order_by("sdg__number")
    context = {"chapters": section_tree(plan), "goals": outline(plan), "named_sdgs": named_sdgs}
    return render(request, "goals/plan_text.html", context)


@require_safe
def goal_list(request: HttpRequest) -> HttpResponse:
    """目標と取組: every goal with its initiatives."""
    return render(request, "goals/goal_list.html", {"goals": outline(plan_or_404(request))})


@require_safe
def goal_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One 基本目標: its 取組, what 社協 does alongside, the SDGs it serves."""
    goals = outline(plan_or_404(request))
    goal = find(goals, number)
    previous, following = neighbours(goals, goal)
    linkages = list(goal.record.linkages.readable().select_related("kizuna_goal").in_plan_order())
    context = {
        "goal": goal,
        "previous": previous,
        "following": following,
        "linkages": [linkage for linkage in linkages if not linkage.is_ended],
        "ended": [linkage for linkage in linkages if linkage.is_ended],
        "sdg_links": goal.record.sdg_links.with_sdg().in_plan_order(),
    }
    return render(request, "goals/goal_detail.html", context)
