from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from goals.models import BasicGoal, Plan
from initiatives.models import Initiative
from kizuna.models.kizuna_goal import KizunaGoal
from kizuna.models.kizuna_item import KizunaItem
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.fiscal_years import FiscalYearField
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import SampleModel, SearchableModel, one_of, sample_named


class LinkageState(models.TextChoices):
    """How far the two organisations are. Citizens see 合意済 only."""

    PROPOSED = "proposed", "提案中"
    AGREED = "agreed", "合意済"


class LinkageQuerySet(models.QuerySet["Linkage"]):
    def agreed(self) -> LinkageQuerySet:
        """Those that citizens may see, with the きずな計画 that stands beside the city's plan now."""
        return self.filter(state=LinkageState.AGREED, kizuna_goal__plan__state=EditionState.CURRENT)

    def for_plan(self, plan: Plan) -> LinkageQuerySet:
        return self.filter(goal__plan=plan)

    def in_plan_order(self) -> LinkageQuerySet:
        return self.order_by("goal__number", "kizuna_goal__number")

    def get_by_natural_key(self, municipality: str, ordinal: int, goal: int, key: str, kizuna_goal: int) -> Linkage:
        return self.get(
            goal__plan__municipality=municipality,
            goal__plan__ordinal=ordinal,
            goal__number=goal,
            kizuna_goal__plan__key=key,
            kizuna_goal__plan__city_plan=models.F("goal__plan"),
            kizuna_goal__number=kizuna_goal,
        )


class Linkage(SampleModel, SearchableModel):
    """連携: a line of the relationship figure, between a 基本目標 of the city and one of the きずな計画.

    The printed lines were drawn, not written: the portal starts with none, 社協 records them.
    """

    SEARCH_FIELDS = ("summary",)

    goal = models.ForeignKey(BasicGoal, models.PROTECT, related_name="linkages", verbose_name="市の基本目標")
    kizuna_goal = models.ForeignKey(
        KizunaGoal, models.PROTECT, related_name="linkages", verbose_name="きずな計画の基本目標"
    )
    state = models.CharField(
        "状態",
        max_length=12,
        choices=LinkageState.choices,
        default=LinkageState.PROPOSED,
        help_text="「合意済」にすると、関係図に線が出て、市民に見えます。",
    )
    summary = models.TextField(
        "一緒に行うこと", blank=True, help_text="市と社協が一緒に行うこと。合意すると、市民に見えます。"
    )
    since = FiscalYearField(
        "いつから（年度）", null=True, blank=True, help_text="例：令和8。分からないときは空のままにします。"
    )
    agreed_on = models.DateField("合意した日", null=True, blank=True)

    history = content_history()
    objects = LinkageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携"
        ordering = ["goal__plan", "goal__number", "kizuna_goal__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "kizuna_goal"],
                name="linkage_one_per_pair",
                violation_error_message="この組み合わせの連携は、もうあります。",
            ),
            one_of("state", LinkageState, "linkage_state_known"),
            sample_named("summary", "linkage_sample_named"),
        ]

    def __str__(self) -> str:
        return f"{self.goal} と {self.kizuna_goal}"

    def natural_key(self) -> tuple[str, int, int, str, int]:
        return (*self.goal.natural_key(), self.kizuna_goal.plan.key, self.kizuna_goal.number)

    natural_key.dependencies = ["goals.basicgoal", "kizuna.kizunagoal"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.goal_id is None or self.kizuna_goal_id is None:
            return
        if self.kizuna_goal.plan.city_plan_id != self.goal.plan_id:
            raise ValidationError({"kizuna_goal": "並べて示す計画どうしの基本目標を選んでください。"})
        if self.pk is None:
            return
        misfits = self.pairs.exclude(initiative__goal=self.goal_id, item__goal=self.kizuna_goal_id)
        if misfits.exists():
            raise ValidationError("この連携の組に、選んだ基本目標のものでない取組か基本計画があります。")


class LinkagePairQuerySet(models.QuerySet["LinkagePair"]):
    def agreed(self) -> LinkagePairQuerySet:
        """Those that citizens may see, of the きずな計画 that stands beside the city's plan now."""
        return self.filter(linkage__state=LinkageState.AGREED, linkage__kizuna_goal__plan__state=EditionState.CURRENT)

    def in_plan_order(self) -> LinkagePairQuerySet:
        return self.order_by("initiative__goal__number", "initiative__number", "item__number")

    def get_by_natural_key(
        self, municipality: str, ordinal: int, goal: int, key: str, kizuna_goal: int, initiative: int, item: int
    ) -> LinkagePair:
        return self.get(
            linkage=Linkage.objects.get_by_natural_key(municipality, ordinal, goal, key, kizuna_goal),
            initiative__number=initiative,
            item__number=item,
        )


class LinkagePair(models.Model):
    """連携の組: the concrete 取組 and 基本計画 that a linkage joins; each belongs to one of its two ends."""

    linkage = models.ForeignKey(Linkage, models.CASCADE, related_name="pairs", verbose_name="連携")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="linkage_pairs", verbose_name="取組")
    item = models.ForeignKey(KizunaItem, models.PROTECT, related_name="linkage_pairs", verbose_name="基本計画")

    history = content_history()
    objects = LinkagePairQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "連携の組"
        ordering = ["linkage", "initiative__number", "item__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["linkage", "initiative", "item"],
                name="linkage_pair_once",
                violation_error_message="この組は、もう入っています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} と {self.item}"

    def natural_key(self) -> tuple[str, int, int, str, int, int, int]:
        return (*self.linkage.natural_key(), self.initiative.number, self.item.number)

    natural_key.dependencies = ["kizuna.linkage"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.linkage_id is None:
            return
        if self.initiative_id is not None and self.initiative.goal_id != self.linkage.goal_id:
            raise ValidationError({"initiative": "この連携の、市の基本目標に属する取組を選んでください。"})
        if self.item_id is not None and self.item.goal_id != self.linkage.kizuna_goal_id:
            raise ValidationError({"item": "この連携の、きずな計画の基本目標に属する基本計画を選んでください。"})
