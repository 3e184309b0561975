"""The API: the tables of open data as JSON, read-only. Errors are RFC 9457 problem documents in Japanese."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from goals.current import plan_or_404
from plan_portal.foundation.query_params import number_or_1
from plan_portal.open_data.columns import Table
from plan_portal.open_data.files import source, terms
from plan_portal.open_data.openapi import document
from plan_portal.open_data.tables import TABLES

PER_PAGE = 100
View = Callable[..., HttpResponse]
SAFE = ("GET", "HEAD")


def _json(body: Any, status: int = 200, content_type: str = "application/json; charset=utf-8") -> HttpResponse:
    response = JsonResponse(body, status=status, content_type=content_type, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _problem(status: int, title: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return _json(body, status, "application/problem+json; charset=utf-8")


def unknown_address() -> HttpResponse:
    """For an address below the API's that is none of its own."""
    return _problem(404, "見つかりません", f"このアドレスには何もありません。{reverse('data:api')} に一覧があります。")


def answers_in_json(view: View) -> View:
    """Refusals of `view` become problem documents; other methods than GET and HEAD are refused."""

    @csrf_exempt  # what is not for reading is refused here, in JSON
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in SAFE:
            response = _problem(
                405, "この方法では使えません", "このAPIは、読むためのものです。GET か HEAD を使ってください。"
            )
            response["Allow"] = HttpResponseNotAllowed(SAFE)["Allow"]
            return response
        try:
            return view(request, *args, **kwargs)
        except Http404 as missing:
            return _problem(404, "見つかりません", str(missing))
        except BadRequest as bad:
            return _problem(400, "アドレスを読めません", str(bad))

    return guarded


def _table_or_404(name: str) -> Table:
    table = TABLES.get(name)
    if table is None:
        raise Http404(f"「{name}」という表はありません。{reverse('data:api')} に一覧があります。")
    return table


@answers_in_json
def index(request: HttpRequest) -> HttpResponse:
    """What there is, and where it is described."""
    plan = plan_or_404(request)
    absolute = request.build_absolute_uri
    return _json(
        {
            "title": f"{plan.name} API",
            "source": source(plan),
            "licence": terms().licence or None,
            "licence_url": terms().licence_url or None,
            "openapi": absolute(reverse("data:openapi")),
            "tables": [
                {
                    "name": table.name,
                    "title": table.title,
                    "description": table.description,
                    "url": absolute(reverse("data:rows", args=[table.name])),
                }
                for table in TABLES.values()
            ],
        }
    )


@answers_in_json
def openapi(request: HttpRequest) -> HttpResponse:
    """This API in OpenAPI 3.1."""
    return _json(document(plan_or_404(request).name, request.build_absolute_uri(reverse("data:api"))))


@answers_in_json
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """A page of a table; `page` beyond the last is a 404."""
    plan = plan_or_404(request)
    table = _table_or_404(name)
    page = number_or_1(request.GET, "page")
    count, found = table.page(plan, (page - 1) * PER_PAGE, PER_PAGE)
    last = max(1, -(-count // PER_PAGE))
    if page > last:
        raise Http404(f"ページは{last}までです。")

    def link(number: int) -> str | None:
        return request.build_absolute_uri(f"?page={number}") if 1 <= number <= last else None

    return _json({"count": count, "previous": link(page - 1), "next": link(page + 1), "rows": found})


@answers_in_json
def row(request: HttpRequest, name: str, first: int, second: int | None = None) -> HttpResponse:
    """One row by its numbers: goals/4/, initiatives/4/2/."""
    plan = plan_or_404(request)
    table = _table_or_404(name)
    numbers = (first,) if second is None else (first, second)
    found = table.row(plan, numbers)
    if found:
        return _json(found)
    raise Http404(f"{table.title}に、{'-'.join(map(str, numbers))}はありません。")
