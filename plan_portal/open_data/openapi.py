"""The API described in OpenAPI 3.1, made from the same declarations as its answers."""

from __future__ import annotations

from typing import Any

from plan_portal.open_data.columns import Column, Table
from plan_portal.open_data.tables import TABLES

_FORMATS = {"date": "date", "uri": "uri-reference"}
_PLAIN = {"string", "integer", "boolean"}


def document(plan_name: str, server: str) -> dict[str, Any]:
    """The whole description. `server`: the absolute address of /api/v1/."""
    paths: dict[str, Any] = {"/": {"get": _operation("index", "表の一覧", {"$ref": "#/components/schemas/index"})}}
    for table in TABLES.values():
        paths[f"/{table.name}/"] = {
            "get": _operation(f"{table.name}-list", f"{table.title}の一覧", _page_of(table), [_PAGE])
        }
        if table.key:
            path = "".join(f"{{{key}}}/" for key in table.key)
            paths[f"/{table.name}/{path}"] = {
                "get": _operation(
                    f"{table.name}-one", f"{table.title}を1つ", _ref(table.name), [_number(key) for key in table.key]
                )
            }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{plan_name} API",
            "version": "1.0.0",
            "description": "公開中の計画と、市と社協の両方が合意した連携を読むためのAPIです。書きこみはできません。",
        },
        "servers": [{"url": server.rstrip("/")}],
        "paths": paths,
        "components": {"schemas": {**{t.name: _row(t) for t in TABLES.values()}, **_SHARED_SCHEMAS}},
    }


def _operation(
    name: str, summary: str, schema: dict[str, Any], parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": _ref("problem")}}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
            "400": {"description": "アドレスを読めません", **problem},
            "404": {"description": "見つかりません", **problem},
        },
    }


def _number(key: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": 999}
    return {"name": key, "in": "path", "required": True, "description": "番号", "schema": schema}


_PAGE = {
    "name": "page",
    "in": "query",
    "description": "何ページ目か。書かなければ1",
    "schema": {"type": "integer", "minimum": 1, "maximum": 999},
}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _page_of(table: Table) -> dict[str, Any]:
    link = {"type": ["string", "null"], "format": "uri"}
    return _object(
        {
            "count": {"type": "integer", "description": "全部の行の数"},
            "previous": link,
            "next": link,
            "rows": {"type": "array", "items": _ref(table.name)},
        }
    )


def _row(table: Table) -> dict[str, Any]:
    return {"title": table.title, **_object({column.key: _column(column) for column in table.columns})}


def _column(column: Column) -> dict[str, Any]:
    kind: str = column.kind if column.kind in _PLAIN else "string"
    schema: dict[str, Any] = {
        "type": [kind, "null"] if column.nullable else kind,
        "title": column.label,
        "description": column.description,
    }
    if column.kind in _FORMATS:
        schema["format"] = _FORMATS[column.kind]
    return schema


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_SHARED_SCHEMAS = {
    "problem": _object({"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT}),
    "index": _object(
        {
            "title": _TEXT,
            "source": _TEXT,
            "licence": _TEXT_OR_NULL,
            "licence_url": _TEXT_OR_NULL,
            "openapi": {"type": "string", "format": "uri"},
            "tables": {
                "type": "array",
                "items": _object(
                    {"name": _TEXT, "title": _TEXT, "description": _TEXT, "url": {"type": "string", "format": "uri"}}
                ),
            },
        }
    ),
}
