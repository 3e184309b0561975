"""きずな計画 and the relationship figure, for citizens."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import conditional_page, require_safe

from goals.current import plan_or_404
from goals.outline import outline as city_outline
from kizuna.figure.builder import build_graph
from kizuna.figure.drawing import draw
from kizuna.figure.graph import Graph, Side
from kizuna.figure.reading import as_table, choices, in_words
from kizuna.models import Linkage, LinkagePair
from kizuna.outline import KizunaOutline, kizuna_outline
from plan_portal.foundation.neighbours import neighbours
from plan_portal.foundation.query_params import optional_number


def _outline_or_404(request: HttpRequest) -> KizunaOutline:
    outline = kizuna_outline(plan_or_404(request))
    if outline is None:
        raise Http404("公開中のきずな計画は、まだありません。")
    return outline


@require_safe
def kizuna_plan(request: HttpRequest) -> HttpResponse:
    """The whole きずな計画, with the city's goals that each of its goals is linked with."""
    outline = _outline_or_404(request)
    linked: dict[int, list[Linkage]] = {}
    linkages = Linkage.objects.agreed().filter(kizuna_goal__plan=outline.plan.pk).select_related("goal")
    for linkage in linkages.in_plan_order():
        linked.setdefault(linkage.kizuna_goal_id, []).append(linkage)
    goals = [(goal, linked.get(goal.pk, [])) for goal in outline.goals]
    return render(request, "kizuna/kizuna_plan.html", {"outline": outline, "goals": goals})


@require_safe
def kizuna_goal(request: HttpRequest, number: int) -> HttpResponse:
    """One 基本目標 of the きずな計画: its 基本計画 and the city's goals linked with it."""
    outline = _outline_or_404(request)
    goal = next((goal for goal in outline.goals if goal.number == number), None)
    if goal is None:
        raise Http404(f"きずな計画に、{outline.plan.goal_label}{number}はありません。")
    previous, following = neighbours(outline.goals, goal)
    linkages = list(Linkage.objects.readable().filter(kizuna_goal=goal.pk).select_related("goal").in_plan_order())
    context = {
        "outline": outline,
        "goal": goal,
        "previous": previous,
        "following": following,
        "linkages": [linkage for linkage in linkages if not linkage.is_ended],
        "ended": [linkage for linkage in linkages if linkage.is_ended],
    }
    return render(request, "kizuna/kizuna_goal.html", context)


@require_safe
def kizuna_item(request: HttpRequest, number: int) -> HttpResponse:
    """One 基本計画: where it stands, and the city's 取組 that are done together with it."""
    outline = _outline_or_404(request)
    placed = [(goal, item) for goal in outline.goals for item in goal.items]
    placed.sort(key=lambda pair: pair[1].number)
    here = next(((goal, item) for goal, item in placed if item.number == number), None)
    if here is None:
        raise Http404(f"きずな計画に、{number}番の{outline.plan.item_label}はありません。")
    previous, following = neighbours([item for _, item in placed], here[1])
    pairs = LinkagePair.objects.agreed().filter(item=here[1].pk).select_related("linkage", "initiative__goal")
    context = {
        "outline": outline,
        "goal": here[0],
        "item": here[1],
        "previous": previous,
        "following": following,
        "pairs": pairs.in_plan_order(),
    }
    return render(request, "kizuna/kizuna_item.html", context)


@dataclass(frozen=True, slots=True)
class Stress:
    """Which goal of either plan the figure shall bring out; None: none."""

    goal: int | None
    kizuna: int | None

    @classmethod
    def from_request(cls, request: HttpRequest, graph: Graph) -> "Stress":
        """Raises BadRequest for what is no number, Http404 for a number that the figure does not have."""
        goal, kizuna = optional_number(request.GET, "goal"), optional_number(request.GET, "kizuna")
        for number, side in ((goal, graph.city), (kizuna, graph.kizuna)):
            if number is not None and number not in _numbers(side):
                raise Http404(f"{side.name}に、{side.goal_label}{number}はありません。")
        return cls(goal, kizuna)


NO_STRESS = Stress(None, None)


def _numbers(side: Side) -> set[int]:
    return {goal.number for goal in side.goals}


def graph_or_404(request: HttpRequest, *, root: str = "") -> Graph:
    """What the figure shows. root: goes before its addresses."""
    plan = plan_or_404(request)
    return build_graph(plan, city_outline(plan), _outline_or_404(request), root=root)


@require_safe
def relationship(request: HttpRequest) -> HttpResponse:
    """図４１ in words, as a picture and as a table, all from the same graph."""
    graph = graph_or_404(request)
    return render(request, "kizuna/relationship.html", figure_context(graph, Stress.from_request(request, graph)))


def figure_context(graph: Graph, stress: Stress = NO_STRESS) -> dict[str, Any]:
    """The figure for a template: choices, words, picture and table."""
    picks = choices(graph, stressed_goal=stress.goal, stressed_kizuna=stress.kizuna)
    picture = draw(graph, stressed_goal=stress.goal, stressed_kizuna=stress.kizuna)
    return {
        "graph": graph,
        "choices": [mark_safe(items) for items in picks],  # noqa: S308  # the figure's markup
        "words": mark_safe(in_words(graph)),  # noqa: S308  # escapes every text
        "picture": mark_safe(picture),  # noqa: S308
        "table": mark_safe(as_table(graph)),  # noqa: S308
    }


@require_safe
def relationship_svg(request: HttpRequest) -> HttpResponse:
    """The picture alone, for Word and print: links are absolute, so that they work outside the portal."""
    graph = graph_or_404(request, root=request.build_absolute_uri("/").rstrip("/"))
    stress = Stress.from_request(request, graph)
    picture = draw(graph, stressed_goal=stress.goal, stressed_kizuna=stress.kizuna, standalone=True)
    response = HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="relationship.svg"'
    return _for_other_sites(response)


@require_safe
@conditional_page
def relationship_png(request: HttpRequest) -> HttpResponse:
    """The preview that is shown where a page of the portal is shared."""
    from kizuna.figure.preview import preview_png  # with Pillow, which no start should wait for

    return _for_other_sites(HttpResponse(preview_png(graph_or_404(request)), content_type="image/png"))


def _for_other_sites(picture: HttpResponse) -> HttpResponse:
    """Pages of other hosts, such as the city's own, may show the picture."""
    picture["Cross-Origin-Resource-Policy"] = "cross-origin"
    return picture
