"""The plan's outline: its goals with their initiatives, read in one query and never changed.

Pages, the relationship figure and the sitemap are made from it, so that none of them asks the database per goal.
"""

from dataclasses import dataclass
from itertools import groupby

from django.http import Http404

from goals.models import BasicGoal, Plan
from plan_portal.foundation.addresses import address
from plan_portal.foundation.compiled_query import CompiledQuery
from plan_portal.foundation.numerals import parenthesised
from plan_portal.foundation.version_memo import kept_for_a_version


@dataclass(frozen=True, slots=True)
class InitiativeOutline:
    """取組: what a list of them shows."""

    goal_number: int
    number: int
    title: str
    embodied_plan: str

    @property
    def mark(self) -> str:
        return parenthesised(self.number)

    @property
    def label(self) -> str:
        return f"{self.goal_number}-{self.mark}"

    @property
    def url(self) -> str:
        return address("initiatives:detail", self.goal_number, self.number)


@dataclass(frozen=True, slots=True)
class GoalOutline:
    """基本目標 with its 取組, in the order of the plan."""

    pk: int
    number: int
    title: str
    field: str
    summary_easy: str
    initiatives: tuple[InitiativeOutline, ...]

    @property
    def record(self) -> BasicGoal:
        """A stand-in for the row, to reach what is linked with it without reading the row again. Never save it."""
        return BasicGoal(pk=self.pk, number=self.number, title=self.title)

    @property
    def url(self) -> str:
        return address("goals:detail", self.number)


_GOAL = ("pk", "number", "title", "field", "summary_easy")
_INITIATIVE = ("initiatives__number", "initiatives__title", "initiatives__embodied_plan")


_ROWS = CompiledQuery(
    lambda plan_pk: (
        BasicGoal.objects.filter(plan=plan_pk)
        .order_by("number", "initiatives__number")
        .values_list(*_GOAL, *_INITIATIVE)
    )
)


@kept_for_a_version
def outline(plan: Plan) -> tuple[GoalOutline, ...]:
    """The goals of `plan` in order, each with its initiatives in order. One query."""
    width = len(_GOAL)
    goals = groupby(_ROWS.rows(plan.pk), key=lambda row: row[:width])
    return tuple(
        GoalOutline(
            pk,
            number,
            title,
            field,
            summary_easy,
            tuple(InitiativeOutline(number, *row[width:]) for row in group if row[width]),
        )
        for (pk, number, title, field, summary_easy), group in goals
    )


def find(goals: tuple[GoalOutline, ...], number: int) -> GoalOutline:
    """The goal with this number. Raises Http404 in plain words."""
    for goal in goals:
        if goal.number == number:
            return goal
    raise Http404(f"基本目標{number}は、この計画にありません。")
