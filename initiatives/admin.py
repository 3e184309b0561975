"""The 取組 and the groups in the city hall that carry them, in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from initiatives.models import Department, Initiative
from plan_portal.foundation.admin import (
    AS_PRINTED,
    FOR_READERS,
    WAITING_MARK,
    SampleAdmin,
    Waiting,
    WaitingFilter,
    count_link,
    given_or_waiting,
)
from plan_portal.foundation.admin_announcements import AnnouncedAdmin
from plan_portal.foundation.admin_drafts import DraftAdmin


@admin.register(Initiative)
class InitiativeAdmin(DraftAdmin):
    joined = ("goal__plan", "department")
    counts = {"linkages_n": "linkage_pairs__linkage"}
    list_display = ["label", "title", "department_or_waiting", "body_given", "easy_given", "linkage_count"]
    list_display_links = ["label", "title"]
    list_filter = [WaitingFilter, "goal__plan", "goal", "department"]
    search_fields = ["search_text"]
    number_lookups = ("goal__number", "number")
    waiting = [
        Waiting(
            "department",
            "担当がない",
            Q(department__isnull=True),
            notice="担当のない取組",
            note="計画書の第４章には書かれていません",
        ),
        Waiting("body", "本文がない", Q(body=""), notice="本文のない取組", note="取組の説明が、まだ写されていません"),
        Waiting("summary_easy", "やさしい日本語がない", Q(summary_easy="")),
        Waiting("title_ruby", "ふりがながない", Q(title_ruby="")),
    ]
    fieldsets = [
        (
            "計画の文言",
            {
                "fields": ["goal", "number", "title", "embodied_plan", "body"],
                "description": AS_PRINTED,
            },
        ),
        (
            "読みやすくするための欄",
            {
                "fields": ["title_ruby", "summary_easy"],
                "description": FOR_READERS,
            },
        ),
        (
            "問い合わせ先",
            {
                "fields": ["department"],
                "description": "この取組について、市民が問い合わせる担当です。新しい担当は + から登録できます。",
            },
        ),
    ]

    @admin.display(description="番号", ordering="goal__number")
    def label(self, obj: Initiative) -> str:
        return obj.label

    @admin.display(description="担当", ordering="department__name")
    def department_or_waiting(self, obj: Initiative) -> str | SafeString:
        return WAITING_MARK if obj.department is None else str(obj.department)

    @admin.display(description="本文")
    def body_given(self, obj: Initiative) -> str | SafeString:
        return given_or_waiting(obj.body)

    @admin.display(description="やさしい日本語")
    def easy_given(self, obj: Initiative) -> str | SafeString:
        return given_or_waiting(obj.summary_easy)

    @admin.display(description="連携", ordering="linkages_n")
    def linkage_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.linkages_n, "kizuna_linkage", pairs__initiative__id__exact=obj.pk)


class NowFilter(admin.SimpleListFilter):
    """Whether a group still bears its name. One whose last day is not written is there today."""

    title = "今の担当か"
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        return [("yes", "今の担当"), ("no", "前の名前・なくなった担当")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        if self.value() is None:
            return queryset
        return queryset.filter(valid_to__isnull=self.value() == "yes")


@admin.register(Department)
class DepartmentAdmin(AnnouncedAdmin, SampleAdmin):
    unseen = ("valid_from", "valid_to", "replaces")
    counts = {"initiatives_n": "initiatives"}
    list_display = ["name", "valid_from", "valid_to", "phone", "email", "initiative_count", "sample_mark"]
    list_filter = [WaitingFilter, NowFilter, "is_sample"]
    search_fields = ["search_text"]
    date_hierarchy = "valid_from"
    ordering = ["name", "valid_from", "pk"]
    waiting = [
        Waiting("phone", "電話がない", Q(phone="", valid_to__isnull=True)),
        Waiting("email", "メールがない", Q(email="", valid_to__isnull=True)),
    ]
    fieldsets = [
        (
            "担当",
            {
                "fields": ["name", "valid_from", "valid_to", "replaces"],
                "description": "名前が変わったときは、ここを書きかえずに、新しい担当を登録して「前の名前」を選びます。",
            },
        ),
        ("連絡先", {"fields": ["phone", "email"], "description": "市民に見えます。"}),
    ]

    def is_public(self, obj: Department) -> bool:
        return Department.objects.public().filter(pk=obj.pk).exists()

    @admin.display(description="取組", ordering="initiatives_n")
    def initiative_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.initiatives_n, "initiatives_initiative", department__id__exact=obj.pk)
