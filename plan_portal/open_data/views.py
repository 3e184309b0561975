"""オープンデータ: the page of all tables, and each table as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from goals.current import plan_or_404
from goals.models import Plan
from plan_portal.open_data.columns import Table
from plan_portal.open_data.files import FORMATS, source, terms
from plan_portal.open_data.tables import TABLES


@require_safe
def data_list(request: HttpRequest) -> HttpResponse:
    """Every table: what it is, its files, its columns, and the conditions of use."""
    plan = plan_or_404(request)
    context = {
        "tables": TABLES.values(),
        "formats": FORMATS.values(),
        "terms": terms(),
        "source": source(plan),
        "dataset": _dataset(request, plan),
    }
    return render(request, "data/data_list.html", context)


@require_safe
def data_file(request: HttpRequest, name: str, suffix: str) -> HttpResponse:
    """One table as CSV, Excel or JSON."""
    plan = plan_or_404(request)
    table, form = TABLES.get(name), FORMATS.get(suffix)
    if table is None or form is None:
        raise Http404("このデータはありません。オープンデータのページから選んでください。")
    response = HttpResponse(form.write(table, table.rows(plan), plan), content_type=form.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _dataset(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """All tables as a schema.org Dataset."""
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "name": f"{plan.name} オープンデータ",
        "url": request.build_absolute_uri(reverse("data:list")),
        "inLanguage": "ja",
        "dataset": [_described(request, table, plan) for table in TABLES.values()],
    }


def _described(request: HttpRequest, table: Table, plan: Plan) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@type": "Dataset",
        "name": f"{plan.name} {table.title}",
        "description": f"{table.description}出典：{source(plan)}",
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": plan.municipality},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": form.content_type.partition(";")[0],
                "contentUrl": request.build_absolute_uri(reverse("data:file", args=[table.name, form.suffix])),
            }
            for form in FORMATS.values()
        ],
    }
    if terms().licence:
        described["license"] = terms().licence_url or terms().licence
    return described
