"""The tables of open data of the きずな計画 and of what it does together with the city. Titles are plain, without readings."""

from __future__ import annotations

from typing import Any

from goals.models import Plan
from kizuna.models import KizunaItem, Linkage, LinkagePair
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.text import listed
from plan_portal.open_data.columns import PATH, SAMPLE, Column, Table, period, years


def _items(plan: Plan) -> Any:
    current = KizunaItem.objects.filter(plan__city_plan=plan, plan__state=EditionState.CURRENT)
    return current.select_related("plan", "goal").in_plan_order()


def _linkages(plan: Plan) -> list[tuple[Linkage, LinkagePair | None]]:
    """A linkage with each of its pairs; one without pairs once, alone."""
    agreed = Linkage.objects.for_plan(plan).agreed().select_related("goal", "kizuna_goal").in_plan_order()
    pairs: dict[int, list[LinkagePair]] = {}
    public = LinkagePair.objects.agreed().filter(linkage__goal__plan=plan).select_related("initiative", "item")
    for pair in public.in_plan_order():
        pairs.setdefault(pair.linkage_id, []).append(pair)
    return [(linkage, pair) for linkage in agreed for pair in pairs.get(linkage.pk, [None])]


def _of_pair(of: str, name: str) -> Any:
    return lambda row: getattr(getattr(row[1], of), name) if row[1] else None


def _agreed_on(row: Any) -> str | None:
    return row[0].agreed_on.isoformat() if row[0].agreed_on else None


KIZUNA_ITEMS = Table(
    "kizuna-items",
    "きずな計画の基本計画",
    "社協のきずな計画の基本計画と、それが属する基本目標。",
    (
        Column(
            "plan",
            "計画",
            "きずな計画の名前",
            lambda row: str(row.plan),
            ("kizunaplan.name", "kizunaplan.ordinal", "kizunaitem.plan"),
        ),
        Column(
            "organisation",
            "団体",
            "計画をつくった団体",
            lambda row: row.plan.organisation,
            ("kizunaplan.organisation",),
        ),
        Column("ideal", "基本理念", "きずな計画の基本理念", lambda row: row.plan.ideal, ("kizunaplan.ideal",)),
        *period(lambda row: row.plan, "kizunaplan"),
        Column(
            "goal",
            "基本目標の番号",
            "属する基本目標",
            lambda row: row.goal.number,
            ("kizunaitem.goal", "kizunagoal.number"),
            "integer",
        ),
        Column(
            "goal_title",
            "基本目標",
            "計画書のとおりの文言",
            lambda row: row.goal.title,
            ("kizunagoal.title", "kizunagoal.plan"),
        ),
        Column(
            "goal_subtitle",
            "基本目標の副題",
            "計画書のとおりの文言",
            lambda row: row.goal.subtitle or None,
            ("kizunagoal.subtitle",),
            nullable=True,
        ),
        Column(
            "placement",
            "所属の確認",
            "この基本目標に属することが、確認待ちか確認済か",
            lambda row: row.get_placement_display(),
            ("kizunaitem.placement",),
        ),
        Column("number", "番号", "きずな計画を通した番号", lambda row: row.number, ("kizunaitem.number",), "integer"),
        Column("title", "基本計画", "計画書のとおりの文言", lambda row: row.title, ("kizunaitem.title",)),
        PATH,
    ),
    _items,
    {"number": "number"},
)

LINKAGES = Table(
    "linkages",
    "連携",
    "市と社協の両方が合意した連携。取組と基本計画の組ごとに1行。組のない連携は、組の欄が空の1行。",
    (
        Column("goal", "市の基本目標の番号", "市の側", lambda row: row[0].goal.number, ("linkage.goal",), "integer"),
        Column("goal_title", "市の基本目標", "市の側の文言", lambda row: row[0].goal.title),
        Column(
            "kizuna_goal",
            "きずな計画の基本目標の番号",
            "社協の側",
            lambda row: row[0].kizuna_goal.number,
            ("linkage.kizuna_goal",),
            "integer",
        ),
        Column("kizuna_goal_title", "きずな計画の基本目標", "社協の側の文言", lambda row: row[0].kizuna_goal.title),
        Column(
            "summary",
            "一緒に行うこと",
            "市と社協が一緒に行うこと",
            lambda row: row[0].summary or None,
            ("linkage.summary",),
            nullable=True,
        ),
        Column(
            "partners",
            "ほかに一緒に行う人たち",
            "市と社協のほかに、一緒に行う人や団体",
            lambda row: listed(row[0].partners) or None,
            ("linkage.partners",),
            nullable=True,
        ),
        *years("since", "いつから", "連携を始めた年度", lambda row: row[0].since, "linkage.since"),
        Column("agreed_on", "合意した日", "年-月-日", _agreed_on, ("linkage.agreed_on",), "date", nullable=True),
        Column("is_sample", "見本", SAMPLE, lambda row: row[0].is_sample, ("linkage.is_sample",), "boolean"),
        Column(
            "initiative",
            "組：取組の番号",
            "市の基本目標の中での番号",
            _of_pair("initiative", "number"),
            ("linkagepair.linkage", "linkagepair.initiative"),
            "integer",
            nullable=True,
        ),
        Column("initiative_title", "組：取組", "取組の文言", _of_pair("initiative", "title"), nullable=True),
        Column(
            "item",
            "組：基本計画の番号",
            "きずな計画を通した番号",
            _of_pair("item", "number"),
            ("linkagepair.item",),
            "integer",
            nullable=True,
        ),
        Column("item_title", "組：基本計画", "基本計画の文言", _of_pair("item", "title"), nullable=True),
    ),
    _linkages,
)
