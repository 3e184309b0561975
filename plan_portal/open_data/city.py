"""The city's tables of open data. Titles are plain, without readings."""

from __future__ import annotations

from typing import Any

from goals.models import BasicGoal, Plan
from initiatives.models import Initiative
from plan_portal.open_data.columns import PATH, SAMPLE, Column, Table, period, summary_easy, text
from sdgs.models import GoalSdgLink


def _goals(plan: Plan) -> Any:
    return BasicGoal.objects.for_plan(plan).select_related("plan").in_plan_order()


def _initiatives(plan: Plan) -> Any:
    return Initiative.objects.for_plan(plan).select_related("goal", "department").in_plan_order()


def _sdg_links(plan: Plan) -> Any:
    return GoalSdgLink.objects.for_plan(plan).select_related("goal", "sdg").in_plan_order()


def _department(name: str) -> Any:
    return lambda initiative: (getattr(initiative.department, name) or None) if initiative.department else None


GOALS = Table(
    "goals",
    "基本目標",
    "市の計画の基本目標。",
    (
        Column("plan", "計画", "市の計画の期と名前", lambda goal: goal.plan.full_name, ("plan.ordinal", "plan.name")),
        Column(
            "municipality",
            "市町村",
            "計画をつくった市町村",
            lambda goal: goal.plan.municipality,
            ("plan.municipality",),
        ),
        Column("ideal", "基本理念", "市の計画の基本理念", lambda goal: goal.plan.ideal, ("plan.ideal",)),
        *period(lambda row: row.plan, "plan"),
        Column("number", "番号", "基本目標の番号", lambda goal: goal.number, ("basicgoal.number",), "integer"),
        Column("title", "基本目標", "計画書のとおりの文言", lambda goal: goal.title, ("basicgoal.title",)),
        text("field", "主な取り組み分野", "計画書のとおりの文言", "basicgoal.field"),
        summary_easy("basicgoal.summary_easy"),
        PATH,
    ),
    _goals,
    {"number": "number"},
)

INITIATIVES = Table(
    "initiatives",
    "取組",
    "基本目標を達成するための取組と、その担当。",
    (
        Column(
            "goal", "基本目標の番号", "属する基本目標", lambda row: row.goal.number, ("initiative.goal",), "integer"
        ),
        Column("goal_title", "基本目標", "属する基本目標の文言", lambda row: row.goal.title),
        Column("number", "番号", "基本目標の中での番号", lambda row: row.number, ("initiative.number",), "integer"),
        Column("title", "取組", "計画書のとおりの文言", lambda row: row.title, ("initiative.title",)),
        text("embodied_plan", "兼ねる計画", "取組がそのまま別の計画でもあるとき、その名前", "initiative.embodied_plan"),
        text("body", "本文", "計画書のとおりの文", "initiative.body"),
        summary_easy("initiative.summary_easy"),
        Column(
            "department",
            "担当",
            "市の担当。空は確認待ち",
            _department("name"),
            ("initiative.department", "department.name"),
            nullable=True,
        ),
        Column(
            "department_phone", "担当の電話", "電話番号", _department("phone"), ("department.phone",), nullable=True
        ),
        Column(
            "department_email",
            "担当のメール",
            "メールアドレス",
            _department("email"),
            ("department.email",),
            nullable=True,
        ),
        Column(
            "department_is_sample",
            "担当は見本",
            SAMPLE,
            lambda row: row.department.is_sample if row.department else None,
            ("department.is_sample",),
            "boolean",
            nullable=True,
        ),
        PATH,
    ),
    _initiatives,
    {"goal": "goal__number", "number": "number"},
)

SDG_LINKS = Table(
    "sdg-links",
    "基本目標とＳＤＧｓの結びつき",
    "市の基本目標と、ＳＤＧｓの17のゴールの結びつき。",
    (
        Column("goal", "基本目標の番号", "市の基本目標", lambda row: row.goal.number, ("goalsdglink.goal",), "integer"),
        Column("goal_title", "基本目標", "市の基本目標の文言", lambda row: row.goal.title),
        Column(
            "sdg",
            "ゴールの番号",
            "ＳＤＧｓの番号",
            lambda row: row.sdg.number,
            ("goalsdglink.sdg", "sdg.number"),
            "integer",
        ),
        Column("sdg_name", "ゴール", "国連の日本語の名前", lambda row: row.sdg.name, ("sdg.name",)),
        Column("sdg_name_en", "ゴール（英語）", "国連の英語の名前", lambda row: row.sdg.name_en, ("sdg.name_en",)),
        text("reason", "理由", "なぜ結びつくか", "goalsdglink.reason"),
        Column(
            "confirmation",
            "確認状態",
            "結びつきが、確認待ちか確認済か",
            lambda row: row.get_confirmation_display(),
            ("goalsdglink.confirmation",),
        ),
        Column("is_sample", "見本", SAMPLE, lambda row: row.is_sample, ("goalsdglink.is_sample",), "boolean"),
    ),
    _sdg_links,
)
