"""The accessibility policy in the admin, and each year's test with its 38 results."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db.models import Q, TextField
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from plan_portal.accessibility.actions import save_test
from plan_portal.accessibility.criteria import BY_NUMBER, CRITERIA
from plan_portal.accessibility.models import AccessibilityPolicy, AccessibilityTest, CriterionResult, Publication
from plan_portal.foundation.admin import PlainTextField, PortalAdmin, Waiting, WaitingFilter
from plan_portal.foundation.admin_announcements import AnnouncedAdmin

NOT_WHOLE = "未試験の基準が残っているので、公開できません。結果を選ぶか、適用しない基準の印を外すか、「下書き」に戻してください。未試験："
FIRST_THE_TEST = (
    f"はじめに年度を書いて「下書き」で保存してください。保存すると、{len(CRITERIA)}の基準の結果を書けます。"
)
WHOLE_CLAIM = (
    "「準拠」と言えるのは、方針の目標がレベルAAで、人が試験し、試験をした日があり、すべての基準が適合のときだけです。"
    "不適合があっても「直す予定」があれば「一部準拠」と言えます。何と言うかは、ポータルが決めます。"
)
SHORT_TEXTS = {
    **PortalAdmin.formfield_overrides,
    TextField: {"form_class": PlainTextField, "widget": AdminTextareaWidget({"rows": 4})},
}


@admin.register(AccessibilityPolicy)
class AccessibilityPolicyAdmin(AnnouncedAdmin):
    formfield_overrides = SHORT_TEXTS
    list_display = ["__str__", "level", "deadline", "set_on"]
    list_filter = [WaitingFilter]
    search_fields = ["scope", "exceptions", "contact"]
    waiting = [
        Waiting(
            "empty",
            "空の欄がある",
            Q(level="") | Q(scope="") | Q(contact="") | Q(deadline__isnull=True) | Q(set_on__isnull=True),
            notice="空の欄があるウェブアクセシビリティ方針",
        ),
    ]
    fieldsets = [
        (
            "市の方針",
            {
                "fields": ["level", "scope", "exceptions", "deadline", "set_on"],
                "description": "市が正式に決めたことだけを書きます。",
            },
        ),
        ("使いにくいところの連絡先", {"fields": ["contact"]}),
    ]

    def is_public(self, obj: AccessibilityPolicy) -> bool:  # noqa: ARG002
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No form for a second policy is offered; one that was filled in elsewhere comes back with the reason."""
        allowed = super().has_add_permission(request)
        return allowed and (request.method == "POST" or not AccessibilityPolicy.objects.exists())


class ResultFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not subscriptable at run time
    """All results of one test."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name in ("applies", "result", "note"):
            if name in form.fields and form.instance.criterion:
                # The head of the column names it for the eye only.
                label = form.fields[name].label
                form.fields[name].widget.attrs["aria-label"] = f"{form.instance.get_criterion_display()} {label}"

    def clean(self) -> None:
        super().clean()
        if self.instance.state != Publication.PUBLISHED:
            return
        # The instances of the forms, as they are to be saved, and whatever has no form.
        untested = [result.criterion for result in self.get_queryset() if not result.outcome.settled]
        if untested:
            raise ValidationError(NOT_WHOLE + "、".join(untested))


class CriterionResultInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable at run time
    model = CriterionResult
    formset = ResultFormSet
    template = "admin/accessibility/results.html"
    fields = ["title", "level", "applies", "result", "note"]
    readonly_fields = ["title", "level"]
    extra = 0
    max_num = len(CRITERIA)
    can_delete = False
    classes = ["st-results"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, absolute_max=len(CRITERIA), **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @admin.display(description="達成基準")
    def title(self, obj: CriterionResult) -> str:
        return obj.get_criterion_display()

    @admin.display(description="レベル")
    def level(self, obj: CriterionResult) -> str:
        known = BY_NUMBER.get(obj.criterion)  # a row whose id was changed on its way has no criterion
        return known.level if known else ""


@admin.register(AccessibilityTest)
class AccessibilityTestAdmin(AnnouncedAdmin):
    formfield_overrides = SHORT_TEXTS
    list_display = ["year_label", "state", "tested_on", "by_people", "tester"]
    list_filter = [WaitingFilter, "state", "by_people"]
    search_fields = ["tester", "method", "known_faults", "fix_plan"]
    inlines = [CriterionResultInline]
    parts_follow = True  # the results
    child_history = ((CriterionResult, "test", "達成基準ごとの結果の記録"),)
    waiting = [
        Waiting("draft", "下書き", Q(state=Publication.DRAFT), notice="下書きのアクセシビリティの試験"),
        Waiting("tested_on", "試験をした日がない", Q(tested_on__isnull=True)),
        Waiting("by_people", "人が試験していない", Q(by_people=False)),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: AccessibilityTest | None = None) -> Any:
        return [
            (
                "試験",
                {
                    "fields": ["fiscal_year", "tested_on", "by_people", "tester", "method"],
                    "description": FIRST_THE_TEST if obj is None else WHOLE_CLAIM,
                },
            ),
            ("試験したページ", {"fields": ["page_choice", "pages"]}),
            ("わかっている問題と、直す予定", {"fields": ["known_faults", "fix_plan"]}),
            ("公開", {"fields": ["state"]}),
            *self.reason_fieldset(request, obj),
        ]

    def get_inlines(self, request: HttpRequest, obj: AccessibilityTest | None) -> Any:  # noqa: ARG002
        return [] if obj is None else self.inlines

    def is_public(self, obj: AccessibilityTest) -> bool:
        return AccessibilityTest.objects.published().filter(pk=obj.pk).exists()

    def values_of(self, obj: AccessibilityTest) -> dict[str, str]:
        results = "\n".join(result.words for result in obj.results.in_order())
        return {**super().values_of(obj), "達成基準の結果": results}

    def save_model(self, request: HttpRequest, obj: AccessibilityTest, form: Any, change: bool) -> None:  # noqa: ARG002
        save_test(test=obj)

    @admin.display(description="年度", ordering="fiscal_year")
    def year_label(self, obj: AccessibilityTest) -> str:
        return obj.year_label
