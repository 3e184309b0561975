"""A table of open data as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from goals.models import Plan
from plan_portal.foundation.spreadsheets import Cell, csv_bytes
from plan_portal.foundation.timeless import without_times
from plan_portal.open_data.columns import Table

Rows = list[dict[str, Cell]]


@dataclass(frozen=True)
class Terms:
    """Under which conditions the data may be used; both empty while the city has not said."""

    licence: str
    licence_url: str


def terms() -> Terms:
    return Terms(settings.DATA_LICENCE, settings.DATA_LICENCE_URL)


def source(plan: Plan) -> str:
    """第３期 登別市地域福祉計画（地域福祉計画ポータル）"""
    return f"{plan.full_name}（地域福祉計画ポータル）"


def as_csv(table: Table, rows: Rows, _plan: Plan) -> bytes:
    return csv_bytes([column.label for column in table.columns], (list(row.values()) for row in rows))


def as_xlsx(table: Table, rows: Rows, plan: Plan) -> bytes:
    """The table, a sheet that describes its columns, and one that says where it comes from."""
    from plan_portal.foundation.workbook import xlsx_bytes

    about = [
        ("表", table.title),
        ("説明", table.description),
        ("出典", source(plan)),
        ("利用条件", terms().licence or "確認待ち"),
        ("利用条件のアドレス", terms().licence_url),
    ]
    return without_times(
        xlsx_bytes(
            [
                (table.title, [column.label for column in table.columns], [list(row.values()) for row in rows]),
                ("列の説明", ("列", "JSON での名前", "説明"), [(c.label, c.key, c.description) for c in table.columns]),
                ("このデータについて", ("項目", "内容"), about),
            ]
        )
    )


def as_json(table: Table, rows: Rows, plan: Plan) -> bytes:
    """Texts whole, with their line breaks; null for what is unknown."""
    document = {
        "title": table.title,
        "description": table.description,
        "source": source(plan),
        "licence": terms().licence or None,
        "licence_url": terms().licence_url or None,
        "columns": [
            {"key": c.key, "label": c.label, "description": c.description, "type": c.kind, "nullable": c.nullable}
            for c in table.columns
        ],
        "rows": rows,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True)
class Format:
    """suffix: in the address; word: what citizens call it."""

    suffix: str
    word: str
    content_type: str
    write: Callable[[Table, Rows, Plan], bytes]


FORMATS = {
    form.suffix: form
    for form in (
        Format("csv", "CSV", "text/csv; charset=utf-8", as_csv),
        Format("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
        Format("json", "JSON", "application/json; charset=utf-8", as_json),
    )
}
