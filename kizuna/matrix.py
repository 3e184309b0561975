"""連携の記録 as a table: a row a 基本目標 of the city, a column a 基本目標 of the きずな計画. Five queries, however many cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse

from goals.models import BasicGoal
from kizuna.models import KizunaGoal, KizunaPlan, Linkage, LinkageState, ProposalState, Standing
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.organisations import Actor, Organisation

MAX_PLANS = 50
MEANINGS = {
    Standing.WRITING: "社協が書いています。市にはまだ届いていません",
    Standing.WAITING: "社協が提案しました。市の返事を待っています",
    Standing.RETURNED: "市が直してほしい点を書いて、社協に返しました",
    Standing.AGREED: "市と社協の両方が合意しました。公開されています",
    Standing.ENDED: "両方の合意で終わりました。記録は残ります",
    Standing.NONE: "記録がありません",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A pair of goals. `pairs`: those agreed on, or those of the proposal while its state is what the cell shows."""

    goal: BasicGoal
    kizuna_goal: KizunaGoal
    standing: Standing
    pairs: int = 0
    note: str = ""
    mine: bool = False
    url: str = ""

    @property
    def begins(self) -> bool:
        """Whether it leads to a form in which nothing is written yet."""
        return self.standing == Standing.NONE and bool(self.url)


@dataclass(frozen=True)
class Matrix:
    kizuna_plan: KizunaPlan
    columns: list[KizunaGoal]
    rows: list[tuple[BasicGoal, list[Cell]]]

    @property
    def size(self) -> int:
        return len(self.rows) * len(self.columns)

    @property
    def legend(self) -> list[tuple[Standing, int, str]]:
        numbers = Counter(cell.standing for _, cells in self.rows for cell in cells)
        return [(standing, numbers[standing], meaning) for standing, meaning in MEANINGS.items()]


def plans_side_by_side() -> list[KizunaPlan]:
    """The きずな計画 of every plan of the city, 現行 ones first; of several beside one plan, the 現行 or the first."""
    found: dict[int, KizunaPlan] = {}
    plans = KizunaPlan.objects.select_related("city_plan").order_by(
        "city_plan__municipality", "-city_plan__ordinal", "key"
    )
    for plan in sorted(plans[:MAX_PLANS], key=lambda one: one.state != EditionState.CURRENT):
        found.setdefault(plan.city_plan_id, plan)
    return sorted(found.values(), key=lambda one: one.city_plan.state != EditionState.CURRENT)


def build(kizuna_plan: KizunaPlan, who: Actor) -> Matrix:
    columns = list(KizunaGoal.objects.for_plan(kizuna_plan).in_plan_order())
    goals = BasicGoal.objects.filter(plan=kizuna_plan.city_plan_id).order_by("number")
    linkages = Linkage.objects.filter(goal__plan=kizuna_plan.city_plan_id, kizuna_goal__plan=kizuna_plan)
    known = {
        (linkage.goal_id, linkage.kizuna_goal_id): linkage
        for linkage in linkages.select_related("proposal").annotate(pairs_n=Count("pairs")).order_by("pk")
    }
    rows = [(goal, [_cell(goal, column, known.get((goal.pk, column.pk)), who) for column in columns]) for goal in goals]
    return Matrix(kizuna_plan, columns, rows)


def _cell(goal: BasicGoal, kizuna_goal: KizunaGoal, linkage: Any, who: Actor) -> Cell:
    standing = Standing.NONE if linkage is None else linkage.standing
    if standing == Standing.NONE:
        may_begin = who.may_decide_for(Organisation.SHAKYO)
        url = reverse("admin:kizuna_linkage_new", args=[goal.pk, kizuna_goal.pk]) if may_begin else ""
        return Cell(goal, kizuna_goal, standing, url=url)
    proposed = standing not in (Standing.AGREED, Standing.ENDED)
    return Cell(
        goal,
        kizuna_goal,
        standing,
        pairs=len(linkage.proposal.pairs) if proposed else linkage.pairs_n,
        note=_note(linkage),
        mine=who.may_decide_for(linkage.turn),
        url=reverse("admin:kizuna_linkage_change", args=[linkage.pk]),
    )


def _note(linkage: Linkage) -> str:
    """What waits beside an agreement that stays as it is."""
    if linkage.end_asked_by:
        return "解消の申し出あり"
    proposal = getattr(linkage, "proposal", None)
    waits = proposal is not None and proposal.state == ProposalState.WAITING
    return "新しい提案あり" if waits and linkage.state == LinkageState.AGREED else ""
