"""The ＳＤＧｓ in the admin: the 17 goals, those that a plan names, and their links to 基本目標."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils.safestring import SafeString

from goals.models import Plan
from plan_portal.foundation.admin import PortalAdmin, SampleAdmin, Waiting, WaitingFilter, count_link
from plan_portal.foundation.choices import Confirmation
from sdgs.models import GoalSdgLink, PlanSdg, Sdg


@admin.register(Sdg)
class SdgAdmin(PortalAdmin):
    counts = {"plans_n": "plan_sdgs", "links_n": "goal_links"}
    list_display = ["number", "name", "colour", "plan_count", "link_count"]
    list_display_links = ["number", "name"]
    search_fields = ["search_text"]
    number_lookups = ("number",)
    ordering = ["number"]
    fieldsets = [
        (
            None,
            {
                "fields": ["number", "name", "name_en", "colour"],
                "description": "国連が定めた名前と色です。直せるのは管理者だけです。",
            },
        ),
    ]

    def is_public(self, obj: Sdg) -> bool:  # noqa: ARG002  # every goal has a page as soon as there is a plan
        return Plan.objects.current().exists()

    @admin.display(description="掲げる計画", ordering="plans_n")
    def plan_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.plans_n, "sdgs_plansdg", sdg__id__exact=obj.pk)

    @admin.display(description="基本目標との結びつき", ordering="links_n")
    def link_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.links_n, "sdgs_goalsdglink", sdg__id__exact=obj.pk)


@admin.register(PlanSdg)
class PlanSdgAdmin(PortalAdmin):
    joined = ("plan", "sdg")
    list_display = ["sdg", "plan"]
    list_filter = ["plan"]
    search_fields = ["sdg__name", "plan__name"]
    ordering = ["plan", "sdg__number"]
    fieldsets = [
        (
            None,
            {
                "fields": ["plan", "sdg"],
                "description": "計画書が「特に関係が深い」として挙げているゴールを登録します。",
            },
        ),
    ]


@admin.register(GoalSdgLink)
class GoalSdgLinkAdmin(SampleAdmin):
    joined = ("goal", "sdg")
    list_display = ["goal", "sdg", "short_reason", "confirmation", "sample_mark"]
    list_filter = [WaitingFilter, "confirmation", "goal__plan", "goal", "sdg", "is_sample"]
    search_fields = ["search_text"]
    waiting = [
        Waiting(
            "confirmation",
            "結びつきを確かめていない",
            Q(confirmation=Confirmation.WAITING),
            notice="確認待ちのＳＤＧｓとの結びつき",
            note="どの基本目標がどのゴールに当たるかは、計画書の第４章には書かれていません",
        ),
        Waiting("reason", "理由がない", Q(reason="")),
    ]
    fieldsets = [
        ("結びつき", {"fields": ["goal", "sdg", "reason"]}),
        (
            "確認",
            {
                "fields": ["confirmation"],
                "description": "計画書のほかの章や担当に確かめてから「確認済」にします。急ぎではありません。",
            },
        ),
    ]

    @admin.display(description="理由")
    def short_reason(self, obj: GoalSdgLink) -> str:
        return obj.reason if len(obj.reason) <= 40 else f"{obj.reason[:40]}…"
