"""きずな計画 in the admin; the 連携 stand in kizuna/linkage_admin.py."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils.safestring import SafeString

import kizuna.linkage_admin  # noqa: F401  # registers 連携
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan
from plan_portal.foundation.admin import (
    AS_PRINTED,
    FOR_READERS,
    SHAKYO,
    WAITING_MARK,
    Waiting,
    WaitingFilter,
    count_link,
)
from plan_portal.foundation.admin_announcements import AnnouncedAdmin
from plan_portal.foundation.admin_drafts import DraftAdmin
from plan_portal.foundation.choices import Confirmation
from plan_portal.foundation.models import PublishedChange


@admin.register(KizunaPlan)
class KizunaPlanAdmin(AnnouncedAdmin):
    announced_by = PublishedChange.By.SHAKYO
    unseen = ("key",)
    joined = ("city_plan",)
    counts = {"goals_n": "goals", "items_n": "items"}
    list_display = [
        "name_with_edition",
        "organisation",
        "city_plan",
        "state",
        "period_text",
        "goal_count",
        "item_count",
    ]
    list_filter = [WaitingFilter, "state", "city_plan"]
    search_fields = ["name", "organisation", "ideal"]
    ordering = ["city_plan", "key"]
    waiting = [
        Waiting(
            "ordinal",
            "第何期か分からない",
            Q(ordinal__isnull=True),
            notice="第何期か分からないきずな計画",
            owner=SHAKYO,
        ),
        Waiting("period", "計画期間が分からない", Q(period_start__isnull=True) | Q(period_end__isnull=True)),
    ]
    fieldsets = [
        (
            "きずな計画",
            {"fields": ["city_plan", "name", "organisation", "ordinal", "ideal"], "description": AS_PRINTED},
        ),
        ("はじめに読む文", {"fields": ["introduction"]}),
        ("計画期間", {"fields": ["period_start", "period_end"]}),
        (
            "段の名前",
            {
                "fields": ["goal_label", "item_label"],
                "description": "関係図で、きずな計画の2つの段を何と呼ぶか。市民に見えます。",
            },
        ),
        ("公開", {"fields": ["state", "key"]}),
    ]

    def is_public(self, obj: KizunaPlan) -> bool:
        return obj.is_public

    @admin.display(description="きずな計画", ordering="name")
    def name_with_edition(self, obj: KizunaPlan) -> str:
        return str(obj)

    @admin.display(description="計画期間", ordering="period_start")
    def period_text(self, obj: KizunaPlan) -> str | SafeString:
        return obj.period or WAITING_MARK

    @admin.display(description="基本目標", ordering="goals_n")
    def goal_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.goals_n, "kizuna_kizunagoal", plan__id__exact=obj.pk)

    @admin.display(description="基本計画", ordering="items_n")
    def item_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.items_n, "kizuna_kizunaitem", plan__id__exact=obj.pk)


@admin.register(KizunaGoal)
class KizunaGoalAdmin(DraftAdmin):
    joined = ("plan__city_plan",)
    counts = {"items_n": "items", "linkages_n": "linkages"}
    list_display = ["label", "title", "subtitle", "plan", "item_count", "linkage_count"]
    list_display_links = ["label", "title"]
    list_filter = [WaitingFilter, "plan"]
    search_fields = ["search_text"]
    number_lookups = ("number",)
    waiting = [Waiting("title_ruby", "ふりがながない", Q(title_ruby=""))]
    fieldsets = [
        ("計画の文言", {"fields": ["plan", "number", "title", "subtitle"], "description": AS_PRINTED}),
        ("読みやすくするための欄", {"fields": ["title_ruby"], "description": FOR_READERS}),
    ]

    @admin.display(description="番号", ordering="number")
    def label(self, obj: KizunaGoal) -> str:
        return obj.label

    @admin.display(description="基本計画", ordering="items_n")
    def item_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.items_n, "kizuna_kizunaitem", goal__id__exact=obj.pk)

    @admin.display(description="連携", ordering="linkages_n")
    def linkage_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.linkages_n, "kizuna_linkage", kizuna_goal__id__exact=obj.pk)


@admin.register(KizunaItem)
class KizunaItemAdmin(DraftAdmin):
    joined = ("goal", "plan__city_plan")
    counts = {"linkages_n": "linkage_pairs__linkage"}
    list_display = ["mark", "title", "goal", "placement", "linkage_count"]
    list_display_links = ["mark", "title"]
    list_filter = [WaitingFilter, "placement", "plan", "goal"]
    search_fields = ["search_text"]
    number_lookups = ("number",)
    waiting = [
        Waiting(
            "placement",
            "所属を確かめていない",
            Q(placement=Confirmation.WAITING),
            notice="所属が確認待ちの基本計画",
            note="どの基本目標に属するかは、図の文字からは読み取れません。意味と順番から推定しています",
            owner=SHAKYO,
        ),
        Waiting("title_ruby", "ふりがながない", Q(title_ruby="")),
    ]
    fieldsets = [
        ("計画の文言", {"fields": ["number", "title"], "description": AS_PRINTED}),
        ("属する基本目標", {"fields": ["goal", "placement"]}),
        ("読みやすくするための欄", {"fields": ["title_ruby"], "description": FOR_READERS}),
    ]

    @admin.display(description="番号", ordering="number")
    def mark(self, obj: KizunaItem) -> str:
        return obj.mark

    @admin.display(description="連携", ordering="linkages_n")
    def linkage_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.linkages_n, "kizuna_linkage", pairs__item__id__exact=obj.pk)
