"""The figure, an initiative and the whole plan as PDF: the same HTML as the pages, set for paper.

No parameter of a request changes a document, so that there are never more of them than pages.
"""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from goals.current import plan_or_404
from goals.models import Plan
from goals.outline import outline
from goals.sections import section_tree
from initiatives.models import Initiative
from initiatives.views import detail_context
from kizuna.figure.builder import build_graph
from kizuna.outline import kizuna_outline
from kizuna.views import figure_context, graph_or_404
from plan_portal.paper.engine import available, pdf


@require_safe
def relationship(request: HttpRequest) -> HttpResponse:
    """図４１ on one A3 sheet, its words and its table after it."""
    _refuse_without_weasyprint()
    page = reverse("kizuna:relationship")
    return _answer(request, "pdf/relationship.html", figure_context(graph_or_404(request)), page, "relationship")


@require_safe
def initiative(request: HttpRequest, goal_number: int, number: int) -> HttpResponse:
    """One 取組."""
    _refuse_without_weasyprint()
    context = {**detail_context(request, goal_number, number), "layout": "pdf/base.html"}
    page = reverse("initiatives:detail", args=[goal_number, number])
    return _answer(request, "initiatives/initiative_detail.html", context, page, f"initiative-{goal_number}-{number}")


@require_safe
def whole_plan(request: HttpRequest) -> HttpResponse:
    """The running text, the goals with their initiatives, the きずな計画 and the figure."""
    _refuse_without_weasyprint()
    plan = plan_or_404(request)
    goals, kizuna = outline(plan), kizuna_outline(plan)
    initiatives = _initiatives(plan)
    context = {
        "chapters": section_tree(plan),
        "goals": goals,
        "goals_with_initiatives": [(goal, initiatives.get(goal.pk, [])) for goal in goals],
        "named_sdgs": plan.plan_sdgs.select_related("sdg").order_by("sdg__number"),
        "outline": kizuna,
        **(figure_context(build_graph(plan, goals, kizuna)) if kizuna else {}),
    }
    return _answer(request, "pdf/plan.html", context, reverse("goals:plan"), "plan")


def _initiatives(plan: Plan) -> dict[int, list[Initiative]]:
    """By the key of their goal, in order."""
    found: dict[int, list[Initiative]] = {}
    for one in Initiative.objects.for_plan(plan).select_related("department").in_plan_order():
        found.setdefault(one.goal_id, []).append(one)
    return found


def _refuse_without_weasyprint() -> None:
    if not available():
        raise Http404("このポータルは、PDFを作れるようになっていません。ページをそのまま印刷してください。")


def _answer(request: HttpRequest, template: str, context: Mapping[str, Any], page: str, name: str) -> HttpResponse:
    """page: the path of the page that shows the same."""
    html = render_to_string(template, {**context, "page_address": request.build_absolute_uri(page)}, request)
    response = HttpResponse(pdf(html, request.build_absolute_uri("/")), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
