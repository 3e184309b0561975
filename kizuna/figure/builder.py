"""From the database to the figure's graph: the only ORM code of the figure."""

import re

from goals.models import Plan
from goals.outline import GoalOutline
from kizuna.figure.graph import Goal, Graph, Link, Part, Side
from kizuna.models import Linkage
from kizuna.outline import KizunaGoalOutline, KizunaOutline
from plan_portal.foundation.addresses import address
from plan_portal.foundation.compiled_query import CompiledQuery

_AFTER_COMMA = re.compile(r"(?<=、)")


def build_graph(
    plan: Plan, goals: tuple[GoalOutline, ...], kizuna: KizunaOutline, *, root: str = "", with_waiting: bool = False
) -> Graph:
    """The graph of both outlines and the agreed linkages between them. One query.

    `root` (https://host) makes the addresses absolute, for a picture that leaves the portal. `with_waiting` adds what the
    city has to answer, for staff alone.
    """
    return Graph(
        label=plan.figure_label,
        caption=plan.figure_caption or f"{plan.name}・{kizuna.plan.name}の関係",
        city=_city_side(plan, goals, root),
        kizuna=_kizuna_side(kizuna, root),
        links=_links(plan) + (_waiting_links(plan) if with_waiting else ()),
    )


_LINKS = CompiledQuery(
    lambda plan_pk: (
        Linkage.objects.agreed()
        .filter(goal__plan=plan_pk)
        .in_plan_order()
        .values_list("goal__number", "kizuna_goal__number", "is_sample")
    )
)


def _links(plan: Plan) -> tuple[Link, ...]:
    return tuple(Link(goal, to, sample=bool(sample)) for goal, to, sample in _LINKS.rows(plan.pk))


def _waiting_links(plan: Plan) -> tuple[Link, ...]:
    numbers = Linkage.objects.for_plan(plan).waiting().in_plan_order()
    rows = numbers.values_list("goal__number", "kizuna_goal__number", "is_sample")
    return tuple(Link(goal, to, agreed=False, sample=sample) for goal, to, sample in rows)


def _city_side(plan: Plan, goals: tuple[GoalOutline, ...], root: str) -> Side:
    return Side(
        name=f"{plan.name}（{plan.municipality}）",
        ideal=tuple(filter(None, _AFTER_COMMA.split(plan.ideal))),
        goal_label="基本目標",
        part_label="目標達成のための取組",
        ideal_label="基本理念",
        url=root + address("goals:plan"),
        goals=tuple(
            Goal(
                goal.number,
                goal.title,
                root + goal.url,
                tuple(Part(part.mark, part.title, root + part.url, part.embodied_plan) for part in goal.initiatives),
                field=goal.field,
            )
            for goal in goals
        ),
    )


def _kizuna_side(kizuna: KizunaOutline, root: str) -> Side:
    return Side(
        name=f"{kizuna.plan}（{kizuna.plan.organisation}）",
        ideal=tuple(filter(None, _AFTER_COMMA.split(kizuna.plan.ideal))),
        goal_label=kizuna.plan.goal_label,
        part_label=kizuna.plan.item_label,
        ideal_label="基本理念",
        url=root + address("kizuna:plan"),
        goals=tuple(_kizuna_goal(goal, root) for goal in kizuna.goals),
    )


def _kizuna_goal(goal: KizunaGoalOutline, root: str) -> Goal:
    parts = tuple(
        Part(item.mark, item.title, root + item.url, placement_confirmed=item.placement_confirmed)
        for item in goal.items
    )
    return Goal(goal.number, goal.title, root + goal.url, parts, subtitle=goal.subtitle)
