"""図４１ as staff see it, with what the city has to answer as dashed lines. No public page may use it."""

from __future__ import annotations

from typing import Any

from goals.models import Plan
from goals.outline import outline
from kizuna.figure.builder import build_graph
from kizuna.outline import kizuna_outline
from kizuna.views import figure_context


def staff_figure(plan: Plan) -> dict[str, Any]:
    """graph, picture, words and table for a template (css/pages/figure.css); {} while no きずな計画 stands beside the plan."""
    kizuna = kizuna_outline(plan)
    if kizuna is None:
        return {}
    return figure_context(build_graph(plan, outline(plan), kizuna, with_waiting=True))
