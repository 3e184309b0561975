"""The outline of the きずな計画: the plan, its goals and their items, read in one query and never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from goals.models import Plan
from kizuna.models import KizunaPlan
from plan_portal.foundation.addresses import address
from plan_portal.foundation.choices import Confirmation
from plan_portal.foundation.compiled_query import CompiledQuery
from plan_portal.foundation.numerals import circled
from plan_portal.foundation.version_memo import kept_for_a_version


@dataclass(frozen=True, slots=True)
class ItemOutline:
    """基本計画: what a list of them shows."""

    pk: int
    number: int
    title: str
    placement_confirmed: bool

    @property
    def mark(self) -> str:
        return circled(self.number)

    @property
    def url(self) -> str:
        return address("kizuna:item", self.number)


@dataclass(frozen=True, slots=True)
class KizunaGoalOutline:
    """基本目標 of the きずな計画 with its 基本計画, in the order of the plan."""

    pk: int
    number: int
    title: str
    subtitle: str
    items: tuple[ItemOutline, ...]

    @property
    def url(self) -> str:
        return address("kizuna:goal", self.number)

    @property
    def unconfirmed_marks(self) -> str:
        """④・⑤・⑥: those whose placement is 確認待ち; empty when all are confirmed."""
        return "・".join(item.mark for item in self.items if not item.placement_confirmed)


@dataclass(frozen=True, slots=True)
class KizunaOutline:
    """きずな計画 with its goals. `plan` holds only the columns that pages show. Never save it."""

    plan: KizunaPlan
    goals: tuple[KizunaGoalOutline, ...]

    @property
    def item_count(self) -> int:
        return sum(len(goal.items) for goal in self.goals)


_PLAN_COLUMNS = (
    *("pk", "name", "organisation", "ordinal", "ideal", "introduction"),
    *("goal_label", "item_label", "period_start", "period_end"),
)
_COLUMNS = (
    *_PLAN_COLUMNS,
    *("goals__pk", "goals__number", "goals__title", "goals__subtitle"),
    *("goals__items__pk", "goals__items__number", "goals__items__title", "goals__items__placement"),
)


_ROWS = CompiledQuery(
    lambda plan_pk: (
        KizunaPlan.objects.current()
        .filter(city_plan=plan_pk)
        .order_by("goals__number", "goals__items__number")
        .values_list(*_COLUMNS)
    )
)


@kept_for_a_version
def kizuna_outline(plan: Plan) -> KizunaOutline | None:
    """The きずな計画 that stands beside `plan`; None when there is none. One query."""
    rows = _ROWS.rows(plan.pk)
    if not rows:
        return None
    width = len(_PLAN_COLUMNS)
    below = (row[width:] for row in rows if row[width] is not None)
    return KizunaOutline(
        KizunaPlan(**dict(zip(_PLAN_COLUMNS, rows[0], strict=False))),
        tuple(
            KizunaGoalOutline(pk, number, title, subtitle, _items(row[4:] for row in group))
            for (pk, number, title, subtitle), group in groupby(below, key=lambda row: row[:4])
        ),
    )


def _items(rows: Iterable[tuple[Any, ...]]) -> tuple[ItemOutline, ...]:
    return tuple(
        ItemOutline(pk, number, title, placement == Confirmation.CONFIRMED)
        for pk, number, title, placement in rows
        if pk is not None
    )
