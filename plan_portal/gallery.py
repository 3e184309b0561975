"""The component page: every component of the public pages with examples, for those who build them. Only with DEBUG."""

from types import SimpleNamespace

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from plan_portal.foundation.forms import Chip


def _goal(number: int) -> SimpleNamespace:
    return SimpleNamespace(number=number, title=f"例：{number}番目の基本目標", field="例の分野", url="#goal")


def _part(number: int) -> SimpleNamespace:
    return SimpleNamespace(number=number, label=f"4-({number})", title="例：とても長い名前の取組の推進", url="#part")


def _sdg(number: int, **icon: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(number=number, name=f"例：{number}番目のゴール", url="#sdg", **icon)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Each component by its file name, as text and as it looks."""
    context = {
        "goals": [_goal(number) for number in range(1, 8)],
        "sdgs": [_sdg(3), _sdg(11, icon=SimpleNamespace(url=static("favicon.svg"), width=64, height=64))],
        "parts": [_part(1), _part(3)],
        "kizuna_goals": [_goal(1), _goal(3)],
        "chips": [Chip("基本目標：4", ""), Chip("ことば：支援", "")],
        "page": Paginator(range(60), 20).get_page(2),
        "easy": "短い文で書きます。\n読むための助けです。",
    }
    return render(request, "gallery.html", context)
