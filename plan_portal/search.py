"""Search over everything public: one query over the folded copies, ranked title first."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goals.current import plan_or_404
from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem, Linkage
from plan_portal.foundation.addresses import address
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.forms import GetForm, SearchTermField
from plan_portal.foundation.numerals import circled, parenthesised
from plan_portal.foundation.query_params import optional_number
from plan_portal.foundation.search_text import fold, hits, terms
from sdgs.models import Sdg

PER_PAGE = 20
MOST_RESULTS = 500
EXCERPT_BEFORE, EXCERPT_LENGTH = 30, 90
_COLUMNS = ("kind", "first", "second", "title", "text", "slug")
_ORDER = ("goal", "initiative", "kizuna_goal", "kizuna_item", "section", "sdg", "linkage")


class SearchForm(GetForm):
    """The one field of the search page."""

    q = SearchTermField(
        label="さがすことば", required=False, help_text="ひらがな・カタカナ、全角・半角は区別しません。"
    )
    submit_label = "検索"


@dataclass(frozen=True, slots=True)
class Result:
    """One place where the words were found. `goal` colours it: the city goal that it is or belongs to, else None."""

    kind: str
    title: str
    url: str
    text: str
    goal: int | None = None


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """さがす: an empty form, results, or an error that says what to change."""
    plan = plan_or_404(request)
    page_number = optional_number(request.GET, "page") or 1
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    results = find(plan, query)
    context = {
        "form": form,
        "query": query,
        "page": Paginator(results, PER_PAGE).get_page(page_number),
        "too_many": len(results) == MOST_RESULTS,
    }
    return render(request, "search.html", context, status=200 if form.is_valid() else 400)


def find(plan: Plan, query: str) -> list[Result]:
    """Every public record of `plan` that holds all words of `query`, titles first; at most MOST_RESULTS. One query."""
    words = terms(query)
    if not words:
        return []
    first, *others = _sources(plan)
    rows = [
        dict(zip(_COLUMNS, row, strict=True))
        for row in _matching(first, words)
        .union(*(_matching(other, words) for other in others))
        .order_by("kind", "first", "second")[:MOST_RESULTS]
    ]
    rows.sort(key=lambda row: (not all(word in fold(row["title"]) for word in words), _ORDER.index(row["kind"])))
    return [_result(row, words) for row in rows]


def _matching(source: QuerySet[Any], words: list[str]) -> QuerySet[Any]:
    for word in words:
        source = source.filter(search_text__contains=word)
    return source


def _sources(plan: Plan) -> list[QuerySet[Any]]:
    """One query set a kind of record, all with the same columns, so that the database can join them."""

    def rows(kind: str, queryset: QuerySet[Any], *columns: Any) -> QuerySet[Any]:
        first, second, title, text, slug = (F(c) if isinstance(c, str) else c for c in columns)
        found = queryset.order_by().annotate(
            kind=Value(kind, output_field=CharField()),
            first=first,
            second=second,
            found_title=title,
            text=text,
            at=slug,
        )
        listed: QuerySet[Any] = found.values_list("kind", "first", "second", "found_title", "text", "at")
        return listed

    none, empty = Value(0, output_field=IntegerField()), Value("", output_field=CharField())
    kizuna = {"plan__city_plan": plan, "plan__state": EditionState.CURRENT}
    return [
        rows("goal", BasicGoal.objects.for_plan(plan), "number", none, "title", "field", empty),
        rows("initiative", Initiative.objects.for_plan(plan), "number", "goal__number", "title", "body", empty),
        rows("section", PlanSection.objects.for_plan(plan), "position", none, "heading", "body", "slug"),
        rows("kizuna_goal", KizunaGoal.objects.filter(**kizuna), "number", none, "title", "subtitle", empty),
        rows("kizuna_item", KizunaItem.objects.filter(**kizuna), "number", none, "title", empty, empty),
        rows("sdg", Sdg.objects.all(), "number", none, "name", "name_en", empty),
        rows(
            "linkage",
            Linkage.objects.for_plan(plan).agreed(),
            "goal__number",
            "kizuna_goal__number",
            "kizuna_goal__title",
            "summary",
            empty,
        ),
    ]


def _result(row: dict[str, Any], words: list[str]) -> Result:
    kind, first, second, title = row["kind"], row["first"], row["second"], row["title"]
    text = _excerpt(row["text"], words)
    match kind:
        case "goal":
            return Result(f"基本目標{first}", title, address("goals:detail", first), text, goal=first)
        case "initiative":
            url = address("initiatives:detail", second, first)
            return Result(f"取組{second}-{parenthesised(first)}", title, url, text, goal=second)
        case "kizuna_goal":
            return Result(f"きずな計画 基本目標{first}", title, address("kizuna:goal", first), text)
        case "kizuna_item":
            return Result(f"きずな計画 基本計画{circled(first)}", title, address("kizuna:item", first), text)
        case "section":
            return Result("計画の本文", title, f"{address('goals:plan')}#{row['slug']}", text)
        case "sdg":
            return Result(f"ＳＤＧｓ {first}", title, address("sdgs:detail", first), text)
    name = f"基本目標{first}と、きずな計画の基本目標{second}の連携"
    return Result("連携", name, address("goals:detail", first) + "#linkages", text, goal=first)


def _excerpt(text: str, words: list[str]) -> str:
    """The part of `text` around the first hit."""
    places = hits(text, words)
    start = max(0, places[0][0] - EXCERPT_BEFORE) if places else 0
    end = start + EXCERPT_LENGTH
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
