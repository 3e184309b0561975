"""What every request carries, and plain pages for the errors that Django leaves bare."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from goals.models import Plan, PlanSection
from initiatives.models import Department
from kizuna.models import KizunaPlan, Linkage
from plan_portal.foundation.version_memo import kept_for_a_version
from sdgs.models import GoalSdgLink

GetResponse = Callable[[HttpRequest], HttpResponse]


@lru_cache(maxsize=4)
def _current_plan_sql(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The query behind current_plan(), which never changes, as SQL: made once a process, not once a page."""
    departments, sdg_links, linkages = (
        Exists(model.objects.filter(is_sample=True)) for model in (Department, GoalSdgLink, Linkage)
    )
    beside_the_figure = PlanSection.objects.filter(
        plan=OuterRef("pk"), supplement=PlanSection.Supplement.RELATIONSHIP
    ).order_by("pk")
    plans = Plan.objects.current().annotate(
        has_figure=Exists(KizunaPlan.objects.current().filter(city_plan=OuterRef("pk"))),
        has_samples=departments | sdg_links | linkages,
        relationship_text=Subquery(beside_the_figure.values("body")[:1]),
    )
    sql, params = plans.in_order()[:1].query.sql_with_params()
    return str(sql), tuple(params)


@kept_for_a_version
def current_plan() -> Plan | None:
    """The 現行 plan in one query, with what pages say beside it.

    `has_figure`: whether a きずな計画 is joined to it; `has_samples`: whether any 見本 record is present; `relationship_text`.
    """
    return next(iter(Plan.objects.raw(*_current_plan_sql(connection.vendor))), None)


class CurrentPlanMiddleware:
    """Sets `request.plan`, read from the database when first used."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.plan = SimpleLazyObject(current_plan)  # type: ignore[attr-defined]
        return self.get_response(request)


class SecurityHeadersMiddleware(SecurityMiddleware):
    """The headers of Django's own, and further ones, on whatever leaves.

    Django's own, which redirects to HTTPS, stands further in: a host that it refuses there would be answered without them.
    """

    def process_request(self, _request: HttpRequest) -> None:
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        for name, value in settings.FURTHER_SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class PlainErrorMiddleware:
    """Gives the bare 405 of Django's view decorators a page that says what to do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
