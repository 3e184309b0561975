"""Where search looks: every kind of public record as rows of the same columns, so that one query asks for all."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.search_query import holding
from plan_portal.foundation.search_text import fold, fold_apart, holds
from sdgs.models import GoalSdgLink, Sdg

MOST_RESULTS = 500
_NONE, _EMPTY = Value(0, output_field=IntegerField()), Value("", output_field=CharField())


class Row(NamedTuple):
    """A record that holds the words. `first` and `second`: its numbers, in the order of the plan; `extra`: what its kind needs."""

    kind: str
    first: int
    second: int
    title: str
    text: str
    extra: str


def matching(plan: Plan, words: list[str]) -> list[Row]:
    """Every public record of `plan` that holds all folded `words`; at most about MOST_RESULTS. One query."""
    first, *others = _sources(plan, words)
    rows = first.union(*others, all=True).order_by("at_kind", "at_first", "at_second")[:MOST_RESULTS]
    found = [Row(*row) for row in rows]
    kizuna_plans = [row for row in found if row.kind == "kizuna_plan"]
    records = [row for row in found if row.kind != "kizuna_plan"]
    texts = _whole_plans(plan, kizuna_plans)
    return [row for row, copy in texts if all(holds(copy, word) for word in words)] + records


def _whole_plans(plan: Plan, kizuna_plans: list[Row]) -> Iterator[tuple[Row, str]]:
    """The one or two plans themselves, each with a copy folded here: two rows need no column."""
    about = Row("plan", plan.ordinal, 0, plan.full_name, f"{plan.ideal}\n{plan.introduction}", "")
    yield about, fold_apart(about.title, plan.ideal, plan.introduction)
    for row in kizuna_plans:
        yield row, fold_apart(row.title, *row.text.split("\n"))
        yield Row("figure", 0, 0, plan.figure_title, "", ""), fold_apart("関係図", plan.figure_title)


def _sources(plan: Plan, words: list[str]) -> list[QuerySet[Any]]:
    kizuna: dict[str, Any] = {"plan__city_plan": plan, "plan__state": EditionState.CURRENT}
    goals = BasicGoal.objects.for_plan(plan)
    return [
        _rows(
            "goal", _holding(goals, words, [_GOAL, "number"]), "number", title="title", text=("field", "summary_easy")
        ),
        _initiatives(plan, words),
        _sections(plan, words),
        _rows(
            "kizuna_plan",
            KizunaPlan.objects.for_plan(plan),
            Coalesce("ordinal", 0),
            title="name",
            text=("organisation", "ideal", "introduction"),
        ),
        _rows(
            "kizuna_goal",
            _holding(KizunaGoal.objects.filter(**kizuna), words, [_KIZUNA_GOAL, "number"]),
            "number",
            title="title",
            text=("subtitle",),
            extra="plan__goal_label",
        ),
        _rows(
            "kizuna_item",
            _holding(KizunaItem.objects.filter(**kizuna), words, [_KIZUNA_ITEM, "number"]),
            "number",
            title="title",
            extra="plan__item_label",
        ),
        _linkages(plan, words),
        _rows("sdg", _holding(Sdg.objects.all(), words, [_SDG, "number"]), "number", title="name", text=("name_en",)),
        _sdg_links(plan, words),
    ]


_GOAL, _INITIATIVE, _FIGURE, _SDG = (Value(fold(word)) for word in ("基本目標", "取組", "図", "ＳＤＧｓ"))
_KIZUNA_GOAL, _KIZUNA_ITEM = Value(fold("きずな計画 基本目標")), Value(fold("きずな計画 基本計画"))


def _initiatives(plan: Plan, words: list[str]) -> QuerySet[Any]:
    label = [_INITIATIVE, "goal__number", "number"]
    found = _holding(Initiative.objects.for_plan(plan), words, label, "search_text", "department__search_text")
    department = [
        _if(Q(department__isnull=False), _joined(Value(word), f"department__{name}"))
        for word, name in (("担当 ", "name"), ("電話 ", "phone"), ("メール ", "email"))
    ]
    text = ("body", "summary_easy", *department, "embodied_plan")
    return _rows("initiative", found, "goal__number", "number", title="title", text=text)


def _sections(plan: Plan, words: list[str]) -> QuerySet[Any]:
    label = _if(Q(figure_number__isnull=False), _joined(_FIGURE, "figure_number"))
    place = Case(
        When(parent__isnull=True, then=_place("position")),
        When(parent__parent__isnull=True, then=_place("parent__position", "position")),
        default=_place("parent__parent__position", "parent__position", "position"),
    )
    number = _if(Q(number="") | Q(number__endswith="）"), F("number"), _joined("number", Value(" ")))
    text = ("body", "figure_caption", "figure_credit", "figure_alt")
    found = _holding(PlanSection.objects.for_plan(plan), words, [label])
    return _rows("section", found, place, title=_joined(number, "heading"), text=text, extra="slug")


def _place(*positions: str) -> Any:
    """Where a section stands in the order of reading, as one number: chapter, section, part of a section."""
    place: Any = Value(0)
    for name, weight in zip(positions, (1_000_000, 1_000, 1), strict=False):
        place = place + Cast(name, IntegerField()) * Value(weight)
    return place


def _linkages(plan: Plan, words: list[str]) -> QuerySet[Any]:
    between, end = Value(fold("と、きずな計画の基本目標")), Value(fold("の連携"))
    label = [_GOAL, "goal__number", between, "kizuna_goal__number", end]
    found = _holding(Linkage.objects.for_plan(plan).agreed(), words, label)
    return _rows("linkage", found, "goal__number", "kizuna_goal__number", text=("summary", "partners"))


def _sdg_links(plan: Plan, words: list[str]) -> QuerySet[Any]:
    label = [_GOAL, "goal__number", Value(fold("と、ＳＤＧｓ")), "sdg__number", Value(fold("の結びつき"))]
    found = _holding(GoalSdgLink.objects.for_plan(plan), words, label)
    return _rows("sdg_link", found, "goal__number", "sdg__number", text=("reason",))


def _holding(queryset: QuerySet[Any], words: list[str], label: list[Any], *copies: str) -> QuerySet[Any]:
    """Those whose `label` (folded words, and names of columns with numbers) or folded copies hold all words."""
    labelled: QuerySet[Any] = queryset.annotate(at_label=_joined(*label))
    return labelled.filter(holding(words, *(copies or ("search_text",)), "at_label"))


def _joined(*pieces: Any) -> Any:
    return Concat(*pieces, output_field=TextField()) if len(pieces) > 1 else pieces[0]


def _if(condition: Q, then: Any, otherwise: Any = _EMPTY) -> Any:
    return Case(When(condition, then=then), default=otherwise, output_field=TextField())


def _rows(
    kind: str,
    queryset: QuerySet[Any],
    first: Any,
    second: Any = _NONE,
    *,
    title: Any = _EMPTY,
    text: tuple[Any, ...] = (),
    extra: Any = _EMPTY,
) -> QuerySet[Any]:
    """The columns of Row, under names that no model has."""
    lines = [piece for column in text for piece in (Value("\n"), column)]
    whole = _joined(*lines) if lines else _EMPTY
    values = (Value(kind, output_field=CharField()), first, second, title, whole, extra)
    named = {f"at_{name}": F(v) if isinstance(v, str) else v for name, v in zip(Row._fields, values, strict=True)}
    rows: QuerySet[Any] = queryset.order_by().annotate(**named).values_list(*named)
    return rows
