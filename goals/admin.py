"""The city's plan in the admin: the editions, the running text, the 基本目標."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils.safestring import SafeString

from goals.models import BasicGoal, Plan, PlanSection
from plan_portal.foundation.admin import (
    AS_PRINTED,
    FOR_READERS,
    WAITING_MARK,
    Waiting,
    WaitingFilter,
    count_link,
    given_or_waiting,
)
from plan_portal.foundation.admin_announcements import AnnouncedAdmin
from plan_portal.foundation.admin_drafts import DraftAdmin

FROM_FIGURE = "分からない欄は空のままにします。市民のページには「確認待ち」と出ます。"


@admin.register(Plan)
class PlanAdmin(AnnouncedAdmin):
    counts = {"goals_n": "goals", "sections_n": "sections", "sdgs_n": "plan_sdgs"}
    list_display = ["full_name", "municipality", "state", "period_text", "goal_count", "section_count", "sdg_count"]
    list_filter = [WaitingFilter, "state"]
    search_fields = ["name", "municipality", "ideal"]
    ordering = ["municipality", "-ordinal"]
    waiting = [
        Waiting(
            "period",
            "計画期間が分からない",
            Q(period_start__isnull=True) | Q(period_end__isnull=True),
            notice="計画期間が分からない計画",
            note="計画書の第４章には書かれていません",
        ),
    ]
    fieldsets = [
        ("計画", {"fields": ["municipality", "ordinal", "name", "ideal"], "description": AS_PRINTED}),
        ("はじめに読む文", {"fields": ["introduction"]}),
        ("計画期間", {"fields": ["period_start", "period_end"], "description": FROM_FIGURE}),
        (
            "関係図",
            {
                "fields": ["figure_number", "figure_caption"],
                "description": "市の計画と、きずな計画の関係を表す図の番号と題です。番号と題は、両方書くか、両方空にします。",
            },
        ),
        ("公開", {"fields": ["state"]}),
    ]

    def is_public(self, obj: Plan) -> bool:
        return obj.is_public

    @admin.display(description="計画", ordering="ordinal")
    def full_name(self, obj: Plan) -> str:
        return obj.full_name

    @admin.display(description="計画期間", ordering="period_start")
    def period_text(self, obj: Plan) -> str | SafeString:
        return obj.period or WAITING_MARK

    @admin.display(description="基本目標", ordering="goals_n")
    def goal_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.goals_n, "goals_basicgoal", plan__id__exact=obj.pk)

    @admin.display(description="本文の節", ordering="sections_n")
    def section_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.sections_n, "goals_plansection", plan__id__exact=obj.pk)

    @admin.display(description="掲げるＳＤＧｓ", ordering="sdgs_n")
    def sdg_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.sdgs_n, "sdgs_plansdg", plan__id__exact=obj.pk)


@admin.register(PlanSection)
class PlanSectionAdmin(DraftAdmin):
    joined = ("plan", "parent")
    list_display = ["title", "plan", "parent", "figure", "alt_text", "supplement"]
    list_filter = [WaitingFilter, "plan", "supplement"]
    search_fields = ["search_text"]
    waiting = [
        Waiting(
            "figure_alt",
            "図の内容を伝える文がない",
            Q(figure_number__isnull=False, figure_alt=""),
            notice="図の内容を伝える文がない節",
            note="図を見られない人のための説明です",
        ),
    ]
    fieldsets = [
        ("本文", {"fields": ["plan", "number", "heading", "body"], "description": AS_PRINTED}),
        (
            "置き場所",
            {
                "fields": ["parent", "position", "slug", "supplement"],
                "description": "計画書の目次の、どこに置くかを決めます。",
            },
        ),
        (
            "図",
            {
                "fields": ["figure_number", "figure_caption", "figure_credit", "figure_alt"],
                "description": "この節に図があるときだけ書きます。",
            },
        ),
    ]

    @admin.display(description="見出し", ordering="slug")
    def title(self, obj: PlanSection) -> str:
        return obj.title

    @admin.display(description="図", ordering="figure_number")
    def figure(self, obj: PlanSection) -> str:
        return obj.figure_title

    @admin.display(description="図の内容を伝える文")
    def alt_text(self, obj: PlanSection) -> str | SafeString:
        return "" if obj.figure_number is None else given_or_waiting(obj.figure_alt)


@admin.register(BasicGoal)
class BasicGoalAdmin(DraftAdmin):
    joined = ("plan",)
    counts = {"initiatives_n": "initiatives", "sdgs_n": "sdg_links", "linkages_n": "linkages"}
    list_display = ["label", "title", "field", "plan", "initiative_count", "sdg_count", "linkage_count", "easy"]
    list_display_links = ["label", "title"]
    list_filter = [WaitingFilter, "plan"]
    search_fields = ["search_text"]
    number_lookups = ("number",)
    waiting = [
        Waiting("field", "主な取り組み分野がない", Q(field="")),
        Waiting("summary_easy", "やさしい日本語がない", Q(summary_easy="")),
        Waiting("title_ruby", "ふりがながない", Q(title_ruby="")),
    ]
    fieldsets = [
        ("計画の文言", {"fields": ["plan", "number", "title", "field"], "description": AS_PRINTED}),
        ("読みやすくするための欄", {"fields": ["title_ruby", "summary_easy"], "description": FOR_READERS}),
    ]

    @admin.display(description="番号", ordering="number")
    def label(self, obj: BasicGoal) -> str:
        return obj.label

    @admin.display(description="取組", ordering="initiatives_n")
    def initiative_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.initiatives_n, "initiatives_initiative", goal__id__exact=obj.pk)

    @admin.display(description="ＳＤＧｓ", ordering="sdgs_n")
    def sdg_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.sdgs_n, "sdgs_goalsdglink", goal__id__exact=obj.pk)

    @admin.display(description="連携", ordering="linkages_n")
    def linkage_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.linkages_n, "kizuna_linkage", goal__id__exact=obj.pk)

    @admin.display(description="やさしい日本語")
    def easy(self, obj: BasicGoal) -> str | SafeString:
        return given_or_waiting(obj.summary_easy)
