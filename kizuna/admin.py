"""きずな計画 in the admin, and the 連携 with the concrete pairs that each joins."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage, LinkagePair, LinkageState
from plan_portal.foundation.admin import (
    AS_PRINTED,
    CHOOSE,
    FOR_READERS,
    SHAKYO,
    WAITING_MARK,
    PortalAdmin,
    PortalModelForm,
    SampleAdmin,
    Waiting,
    WaitingFilter,
    count_link,
)
from plan_portal.foundation.choices import Confirmation, EditionState
from plan_portal.foundation.fiscal_years import label

MAX_PAIRS = 60
FIRST_THE_ENDS = (
    "はじめに、結ぶ2つの基本目標を選んで保存してください。保存すると、取組と基本計画の組を選べるようになります。"
)
ENDS_ARE_FIXED = (
    "結ぶ2つの基本目標は、あとから変えられません。まちがえたときは、この連携を消して、新しく登録してください。"
)


def is_public_plan(plan: KizunaPlan) -> bool:
    return plan.state == EditionState.CURRENT and plan.city_plan.state == EditionState.CURRENT


@admin.register(KizunaPlan)
class KizunaPlanAdmin(PortalAdmin):
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
        return is_public_plan(obj)

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
class KizunaGoalAdmin(PortalAdmin):
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

    def is_public(self, obj: KizunaGoal) -> bool:
        return is_public_plan(obj.plan)

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
class KizunaItemAdmin(PortalAdmin):
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

    def is_public(self, obj: KizunaItem) -> bool:
        return is_public_plan(obj.plan)

    @admin.display(description="番号", ordering="number")
    def mark(self, obj: KizunaItem) -> str:
        return obj.mark

    @admin.display(description="連携", ordering="linkages_n")
    def linkage_count(self, obj: Any) -> str | SafeString:
        return count_link(obj.linkages_n, "kizuna_linkage", pairs__item__id__exact=obj.pk)


class PairFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not subscriptable at run time
    """The pairs of one linkage: each once, each between its two ends (the latter is the model's rule)."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "この組を外す"

    def clean(self) -> None:
        super().clean()
        seen: set[tuple[Any, Any]] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            pair = (data.get("initiative"), data.get("item"))
            if data.get("DELETE") or None in pair:
                continue
            if pair in seen:
                raise ValidationError(f"同じ組が2回あります：{pair[0]} と {pair[1]}。1つにしてください。")
            seen.add(pair)

    def validate_unique(self) -> None:
        """Left to clean(), which names the pair."""


class LinkagePairInline(admin.StackedInline):  # type: ignore[type-arg]  # not subscriptable at run time
    model = LinkagePair
    form = PortalModelForm
    formset = PairFormSet
    fields = ["initiative", "item"]
    extra = 1
    max_num = MAX_PAIRS
    verbose_name = "組"
    verbose_name_plural = "連携の組：どの取組と、どの基本計画を一緒に行うか"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("initiative__goal", "item")

    def get_formset(self, request: HttpRequest, obj: Linkage | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, absolute_max=MAX_PAIRS, **kwargs)
        fields: dict[str, Any] = formset.form.base_fields
        if obj is not None and "initiative" in fields:
            fields["initiative"].queryset = Initiative.objects.filter(goal=obj.goal_id).with_goal().in_plan_order()
            fields["item"].queryset = KizunaItem.objects.filter(goal=obj.kizuna_goal_id).in_plan_order()
            for name in ("initiative", "item"):
                field = fields[name]
                field.empty_label = CHOOSE
                field.widget.can_add_related = field.widget.can_change_related = False
                field.widget.can_delete_related = field.widget.can_view_related = False
        return formset


@admin.register(Linkage)
class LinkageAdmin(SampleAdmin):
    joined = ("goal", "kizuna_goal")
    counts = {"pairs_n": "pairs"}
    list_display = ["goal", "kizuna_goal", "state", "since_year", "agreed_on", "pair_count", "sample_mark"]
    list_display_links = ["goal", "kizuna_goal"]
    list_filter = [WaitingFilter, "state", "goal__plan", "goal", "kizuna_goal", "is_sample"]
    search_fields = ["search_text"]
    date_hierarchy = "agreed_on"
    inlines = [LinkagePairInline]
    parts_follow = True  # the pairs, once the two ends are known
    child_history = ((LinkagePair, "linkage", "連携の組の記録"),)
    waiting = [
        Waiting("proposed", "提案中", Q(state=LinkageState.PROPOSED), notice="提案中の連携", owner=SHAKYO),
        Waiting("pairs", "組がない", Q(pairs__isnull=True)),
        Waiting("summary", "「一緒に行うこと」がない", Q(summary="")),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Linkage | None = None) -> Any:  # noqa: ARG002
        return [
            (
                "結ぶ2つの基本目標",
                {
                    "fields": ["goal", "kizuna_goal"],
                    "description": FIRST_THE_ENDS if obj is None else ENDS_ARE_FIXED,
                },
            ),
            ("一緒に行うこと", {"fields": ["summary", "since"], "description": "合意すると、市民に見えます。"}),
            (
                "合意",
                {
                    "fields": ["state", "agreed_on"],
                    "description": "市と社協の両方が合意してから「合意済」にします。合意済の連携は消せません。",
                },
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Linkage | None = None) -> list[str]:  # noqa: ARG002
        return [] if obj is None else ["goal", "kizuna_goal"]

    def get_inlines(self, request: HttpRequest, obj: Linkage | None) -> Any:  # noqa: ARG002
        return [] if obj is None else self.inlines

    def has_delete_permission(self, request: HttpRequest, obj: Linkage | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        if obj is None or obj.state == LinkageState.PROPOSED:
            return allowed
        return allowed and bool(request.user.is_superuser)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        if lookup in ("pairs__initiative__id__exact", "pairs__item__id__exact"):
            return True
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description="いつから", ordering="since")
    def since_year(self, obj: Linkage) -> str:
        return "" if obj.since is None else label(obj.since)

    @admin.display(description="組", ordering="pairs_n")
    def pair_count(self, obj: Any) -> str:
        return f"{obj.pairs_n}組"
