"""The filters of /initiatives/: the query string as one typed value."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import CharField, F, QuerySet, Value
from django.http import QueryDict

from goals.models import BasicGoal, Plan
from initiatives.models import Department
from initiatives.models.initiative import InitiativeQuerySet
from plan_portal.foundation.forms import GetForm, SearchTermField
from plan_portal.foundation.search_query import holding
from plan_portal.foundation.search_text import terms

ANY = ("", "すべて")


@dataclass(frozen=True, slots=True)
class InitiativeFilter:
    """What to show; None and "" mean everything."""

    q: str = ""
    goal: int | None = None
    field: str = ""
    sdg: int | None = None
    department: int | None = None
    linked: bool = False

    def apply(self, initiatives: InitiativeQuerySet) -> InitiativeQuerySet:
        """Narrow `initiatives` of a plan to what is asked for. Signs alone are no words: nothing holds them."""
        words = terms(self.q)
        if self.q and not words:
            return initiatives.none()
        exact = {"goal__number": self.goal, "goal__field": self.field, "department": self.department}
        found = initiatives.filter(**{name: value for name, value in exact.items() if value})
        found = found.filter(holding(words, "search_text", "goal__search_text", "department__search_text"))
        if self.sdg:
            found = found.filter(goal__sdg_links__sdg__number=self.sdg)
        if self.linked:
            found = found.linked()
        return found


class InitiativeFilterForm(GetForm):
    """The form beside the list. An unknown value is an error with a message, not an empty list."""

    q = SearchTermField(label="ことば", required=False)
    goal = forms.TypedChoiceField(label="基本目標", required=False, coerce=int, empty_value=None)
    field = forms.ChoiceField(label="分野", required=False)
    sdg = forms.TypedChoiceField(label="ＳＤＧｓ", required=False, coerce=int, empty_value=None)
    department = forms.TypedChoiceField(label="担当", required=False, coerce=int, empty_value=None)
    linked = forms.BooleanField(label="きずな計画と連携しているもの", required=False)
    submit_label = "この条件でさがす"

    def __init__(self, data: QueryDict, *, plan: Plan) -> None:
        super().__init__(data)
        options = _options(plan)
        goals = [(number, title) for kind, number, title in options if kind == "goal"]
        fields = dict.fromkeys(title for kind, _, title in options if kind == "field" and title)
        self._offer("goal", [(number, f"{number} {title}") for number, title in goals])
        self._offer("field", [(name, name) for name in fields])
        self._offer("sdg", [(number, f"{number} {title}") for kind, number, title in options if kind == "sdg"])
        self._offer("department", [(pk, title) for kind, pk, title in options if kind == "department"])

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """Offer `choices` for the field; a field with nothing to choose from is left out."""
        if choices:
            self.fields[name].choices = [ANY, *choices]  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def value(self) -> InitiativeFilter:
        """The filter that a valid form asks for."""
        return InitiativeFilter(**self.cleaned_data)


def _options(plan: Plan) -> list[tuple[str, int, str]]:
    """(kind, number or key, name) of all that can be chosen, in order. One query."""

    def rows(kind: str, queryset: QuerySet[Any], number: str, name: str) -> QuerySet[Any]:
        return queryset.order_by().values_list(Value(kind, output_field=CharField()), F(number), F(name))

    goals = BasicGoal.objects.for_plan(plan)
    linked_goals = goals.filter(sdg_links__isnull=False).distinct()
    departments = Department.objects.filter(initiatives__goal__plan=plan).distinct()
    parts = [
        rows("field", goals, "number", "field"),
        rows("sdg", linked_goals, "sdg_links__sdg__number", "sdg_links__sdg__name"),
        rows("department", departments, "pk", "name"),
    ]
    everything = rows("goal", goals, "number", "title").union(*parts)
    return sorted(everything, key=lambda row: (row[0], row[1]))
