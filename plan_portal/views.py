"""The pages of the roof: the first page, and plain pages for errors."""

import re
import sys

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from goals.current import plan_or_404
from goals.outline import outline
from kizuna.figure.builder import build_graph
from kizuna.figure.miniature import HEIGHT, miniature
from kizuna.outline import kizuna_outline
from plan_portal.foundation.addresses import is_for_staff
from plan_portal.foundation.models import PublishedChange
from plan_portal.foundation.page_cache.unavailable import is_trouble, unavailable
from plan_portal.open_data.api import unknown_address

NEWS = 3
_AFTER_SPACE = re.compile(r"(?<=\s)")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the plan is, seven doors by 分野, the figure in small, what is new."""
    if not request.plan:  # type: ignore[attr-defined]
        return render(request, "home_empty.html")
    plan = plan_or_404(request)
    goals, kizuna = outline(plan), kizuna_outline(plan)
    graph = build_graph(plan, goals, kizuna) if kizuna else None
    context = {
        "goals": goals,
        "initiative_count": sum(len(goal.initiatives) for goal in goals),
        "kizuna": kizuna,
        "graph": graph,
        "news": PublishedChange.objects.newest_first().defer("note", "changes")[:NEWS],
        "ideal": _AFTER_SPACE.split(plan.ideal),
        "miniature": miniature(graph) if graph else [],
        "miniature_height": HEIGHT,
    }
    return render(request, "home.html", context)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400. Only a BadRequest of our own speaks to citizens; what an attack provoked is not repeated."""
    reason = str(exception) if type(exception) is BadRequest else ""
    return render(request, "400.html", {"reason": reason}, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # called by name
    """403 for a form that this browser was not given: an old one, or another site's. Public pages take no form at all: 405."""
    if not is_for_staff(request):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the reason that our own pages give; for programs as the API's other answers."""
    if request.path.startswith(reverse("data:api")):
        return unknown_address()
    told = exception.args[0] if type(exception) is Http404 and exception.args else ""
    return render(request, "404.html", {"reason": told if isinstance(told, str) else ""}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, drawn without the database; 503 when that is what is broken: gone, locked or full."""
    if is_trouble(sys.exception()):
        return unavailable(request)
    return render(request, "500.html", status=500)
