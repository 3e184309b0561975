"""Ten, a hundred, a thousand times as much data, in two directions. Wants Django to be set up."""

import copy
import math
from collections import Counter
from collections.abc import Iterable
from itertools import islice, product
from typing import Any

from django.apps import apps
from django.db import connection, models

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Department, Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage, LinkagePair, LinkageStep
from kizuna.models.linkage import LinkageState
from plan_portal.foundation.append_only import AppendOnlyModel, HistoryModel
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.models import PublishedChange
from sdgs.models import GoalSdgLink, PlanSdg

CHANGES = 20  # published changes of a portal in its first year
BATCH = 2000

# The records of an edition, parents first, and what each of them hangs on.
EDITION: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Plan, ()),
    (PlanSection, ("plan", "parent")),
    (BasicGoal, ("plan",)),
    (Initiative, ("goal",)),
    (PlanSdg, ("plan",)),
    (GoalSdgLink, ("goal",)),
    (KizunaPlan, ("city_plan",)),
    (KizunaGoal, ("plan",)),
    (KizunaItem, ("plan", "goal")),
    (Linkage, ("goal", "kizuna_goal")),
    (LinkagePair, ("linkage", "initiative", "item")),
    (LinkageStep, ("linkage",)),
)


def clone(row: Any, **changes: Any) -> Any:
    """A row of the same content that is not saved yet."""
    new = copy.copy(row)
    new._state = copy.copy(row._state)
    new.pk, new._state.adding = None, True
    new._state.fields_cache = {}
    for name, value in changes.items():
        setattr(new, name, value)
    return new


def create(model: Any, rows: Iterable[Any]) -> list[Any]:
    """Without save() and history; each row has its key afterwards."""
    created: list[Any] = model._base_manager.bulk_create(list(rows), batch_size=BATCH)
    return created


def multiply(model: Any, base: int, copies: int) -> None:
    """As many copies of the rows up to the key `base`, by the database alone: logs are long."""
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    columns = ", ".join(quote(field.column) for field in model._meta.concrete_fields if not field.primary_key)
    count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) {count} SELECT {columns} FROM {table}, n WHERE {key} <= %s",  # noqa: S608
            [copies, base],
        )


def first_year() -> None:
    """What a portal that was just filled does not have yet."""
    changes = [{"field": "本文", "before": "前の文です。", "after": "後の文です。"}]
    create(
        PublishedChange,
        (
            PublishedChange(
                by="city", title=f"取組{number}", summary="本文を変えました。", url="/goals/4/", changes=changes
            )
            for number in range(CHANGES)
        ),
    )


class Around:
    """Former editions, the log of changes, published changes, 担当: all that gathers round the current plan over the years."""

    def __init__(self) -> None:
        self.factor = 1
        newest = {model: model._base_manager.aggregate(key=models.Max("pk"))["key"] for model in self._log_models()}
        self.logs = {model: key for model, key in newest.items() if key is not None}
        self.departments = list(Department.objects.in_order())
        self.edition = {model: list(model._base_manager.order_by("pk")) for model, _ in EDITION}

    @staticmethod
    def _log_models() -> list[Any]:
        kinds = (HistoryModel, AppendOnlyModel)
        return [model for model in apps.get_models() if issubclass(model, kinds) and model is not LinkageStep]

    def grow(self, factor: int) -> None:
        copies = range(self.factor, factor)
        if not copies:
            return
        for model, newest in self.logs.items():
            multiply(model, newest, len(copies))
        create(Department, (clone(row, name=f"{row.name}{number}") for row in self.departments for number in copies))
        self._add_editions(copies)
        self.factor = factor

    def _add_editions(self, copies: range) -> None:
        keys: dict[tuple[int, type[models.Model], int], int] = {}
        for model, parents in EDITION:
            waiting = self.edition[model]
            while waiting:
                ready = [row for row in waiting if self._has_parents(row, model, parents, copies, keys)]
                waiting = [row for row in waiting if row not in ready]
                made = [(number, row) for row in ready for number in copies]
                rows = create(model, (self._copy(number, row, parents, keys) for number, row in made))
                keys |= {(number, model, row.pk): new.pk for (number, row), new in zip(made, rows, strict=True)}

    def _has_parents(self, row: Any, model: Any, parents: Iterable[str], copies: range, keys: dict[Any, int]) -> bool:
        if "parent" not in parents or row.parent_id is None:
            return True
        return (copies[0], model, row.parent_id) in keys

    def _copy(self, number: int, row: Any, parents: Iterable[str], keys: dict[Any, int]) -> Any:
        new = clone(row)
        if isinstance(row, Plan):
            new.municipality, new.state = f"第{number}市", EditionState.ENDED
        for name in parents:
            field = row._meta.get_field(name)
            old = getattr(row, field.attname)
            setattr(new, field.attname, None if old is None else keys[number, field.related_model, old])
        return new


class Inside:
    """More of everything in the current plan itself: f times the 取組 and 連携, √f times the goals of both plans."""

    def __init__(self) -> None:
        self.plan = Plan.objects.current().get()
        self.kizuna_plan = KizunaPlan.objects.get(city_plan=self.plan, state=EditionState.CURRENT)
        self.base = {
            model: model._base_manager.count() for model in (BasicGoal, Initiative, KizunaGoal, KizunaItem, Linkage)
        }

    def grow(self, factor: int) -> None:
        root = math.sqrt(factor)
        goals = self._numbered(BasicGoal, self.plan.goals, root)
        kizuna_goals = self._numbered(KizunaGoal, self.kizuna_plan.goals, root)
        self._items(kizuna_goals, round(self.base[KizunaItem] * root))
        self._initiatives(goals, self.base[Initiative] * factor)
        self._linkages(goals, kizuna_goals, self.base[Linkage] * factor)

    def _numbered(self, model: Any, there: Any, root: float) -> list[Any]:
        rows = list(there.order_by("number"))
        wanted = round(self.base[model] * root)
        create(model, (clone(rows[n % len(rows)], number=n + 1) for n in range(len(rows), wanted)))
        return list(there.order_by("number"))

    def _items(self, goals: list[Any], wanted: int) -> None:
        rows = list(self.kizuna_plan.items.order_by("number"))
        new = range(len(rows), wanted)
        create(KizunaItem, (clone(rows[n % len(rows)], goal=goals[n % len(goals)], number=n + 1) for n in new))

    def _initiatives(self, goals: list[Any], wanted: int) -> None:
        rows = list(Initiative.objects.for_plan(self.plan).in_plan_order())
        numbers = Counter(row.goal_id for row in rows)
        new = []
        for n in range(len(rows), wanted):
            goal = min(goals[n % len(goals)], goals[(n + 1) % len(goals)], key=lambda goal: numbers[goal.pk])
            numbers[goal.pk] += 1
            new.append(clone(rows[n % len(rows)], goal=goal, number=numbers[goal.pk]))
        create(Initiative, new)

    def _linkages(self, goals: list[Any], kizuna_goals: list[Any], wanted: int) -> None:
        agreed = Linkage.objects.filter(state=LinkageState.AGREED).in_plan_order().first()
        there = set(Linkage.objects.values_list("goal_id", "kizuna_goal_id"))
        free = ((one, other) for one, other in product(goals, kizuna_goals) if (one.pk, other.pk) not in there)
        some = islice(free, max(wanted - len(there), 0))
        made = create(Linkage, (clone(agreed, goal=one, kizuna_goal=other) for one, other in some))
        initiatives = dict(Initiative.objects.in_plan_order().values_list("goal_id", "pk"))
        items = dict(KizunaItem.objects.values_list("goal_id", "pk").order_by("number"))
        create(
            LinkagePair,
            (
                LinkagePair(linkage=row, initiative_id=initiatives[row.goal_id], item_id=items[row.kizuna_goal_id])
                for row in made
                if row.kizuna_goal_id in items
            ),
        )
