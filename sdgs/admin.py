"""The ＳＤＧｓ in the admin: the 17 goals, those that a plan names, and their links to 基本目標."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from goals.models import Plan
from plan_portal.foundation.admin import (
    PortalAdmin,
    RecordForm,
    SampleAdmin,
    Waiting,
    WaitingFilter,
    count_link,
)
from plan_portal.foundation.admin_announcements import AnnouncedAdmin
from plan_portal.foundation.choices import Confirmation, EditionState
from sdgs.icons import EMPTY, MAX_BYTES, MAX_KILOBYTES, MAX_SIDE, UnusablePictureError, as_png
from sdgs.models import GoalSdgLink, PlanSdg, Sdg, SdgIcon


@admin.register(Sdg)
class SdgAdmin(PortalAdmin):
    counts = {"plans_n": "plan_sdgs", "links_n": "goal_links", "icons_n": "icon"}
    list_display = ["number", "name", "colour", "plan_count", "link_count", "icon_count"]
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

    @admin.display(description="アイコン", ordering="icons_n")
    def icon_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.icons_n, "sdgs_sdgicon", sdg__id__exact=obj.pk)


class IconField(forms.FileField):
    """A picture chosen on this machine, as a PNG of ours. Reads no more of it than an icon may have."""

    widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})
    default_error_messages = {"required": "画像を選んでください。", "empty": EMPTY}

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file is None:
            return None
        try:
            return as_png(file.read(MAX_BYTES + 1))
        except UnusablePictureError as error:
            raise ValidationError(str(error)) from error


class SdgIconForm(RecordForm):
    image = IconField(
        label="画像",
        help_text=f"PNG、JPEG、WebPの画像。{MAX_KILOBYTES}KB、縦横{MAX_SIDE}ピクセルまで。"
        "撮影の場所や日時などの情報は取りのぞいて保存します。前の画像のままにするときは、選ばなくてかまいません。",
    )


@admin.register(SdgIcon)
class SdgIconAdmin(PortalAdmin):
    form = SdgIconForm
    joined = ("sdg",)
    list_display = ["picture", "sdg"]
    list_display_links = ["sdg"]
    search_fields = ["sdg__name"]
    number_lookups = ("sdg__number",)
    readonly_fields = ["picture"]
    ordering = ["sdg__number"]
    fieldsets = [
        (
            None,
            {
                "fields": ["sdg", "picture", "image"],
                "description": "このポータルには、国連のアイコンは入っていません。市が手に入れたものを、ここに入れます。"
                "市民のページでは、ゴールの名前の左に出ます。",
            },
        ),
        (
            "国連の条件",
            {
                "fields": ["conditions_confirmed"],
                "description": "アイコンを出すページには、国連の承認を受けた内容ではないことと、"
                "国連のＳＤＧｓのアドレスが、いっしょに出ます。",
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("image")

    def save_model(self, request: HttpRequest, obj: SdgIcon, form: Any, change: bool) -> None:
        if change and "image" in form.changed_data:
            obj._change_reason = "画像を入れ替えた"  # type: ignore[attr-defined]  # simple-history's
        super().save_model(request, obj, form, change)

    def is_public(self, obj: SdgIcon) -> bool:  # noqa: ARG002  # it stands on the page of its goal
        return Plan.objects.current().exists()

    def _may_revert(self, request: HttpRequest, live: Any) -> bool:  # noqa: ARG002
        """The history tells who changed it and when; earlier pictures are not kept."""
        return False

    @admin.display(description="今の画像")
    def picture(self, obj: SdgIcon) -> str | SafeString:
        if obj.pk is None:
            return "まだありません。"
        return format_html(
            '<img class="st-icon" src="{}" width="{}" height="{}" alt="{}">', obj.url, obj.width, obj.height, obj
        )


@admin.register(PlanSdg)
class PlanSdgAdmin(AnnouncedAdmin):
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

    def is_public(self, obj: PlanSdg) -> bool:
        return obj.plan.state == EditionState.CURRENT


@admin.register(GoalSdgLink)
class GoalSdgLinkAdmin(AnnouncedAdmin, SampleAdmin):
    joined = ("goal__plan", "sdg")
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

    def is_public(self, obj: GoalSdgLink) -> bool:
        return obj.goal.plan.state == EditionState.CURRENT

    @admin.display(description="理由")
    def short_reason(self, obj: GoalSdgLink) -> str:
        return obj.reason if len(obj.reason) <= 40 else f"{obj.reason[:40]}…"
