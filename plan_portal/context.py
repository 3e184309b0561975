"""What every template may use."""

from typing import Any

from django.http import HttpRequest


def current_plan(request: HttpRequest) -> dict[str, Any]:
    """`plan`: the 現行 plan of this request, read when a template first asks for it."""
    return {"plan": getattr(request, "plan", None)}
