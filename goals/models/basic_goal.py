from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from goals.models.plan import Plan
from plan_portal.foundation.furigana import clean_ruby
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import DraftedModel, SearchableModel, not_blank, numbered
from plan_portal.foundation.organisations import Organisation


class BasicGoalQuerySet(models.QuerySet["BasicGoal"]):
    def for_plan(self, plan: Plan) -> BasicGoalQuerySet:
        return self.filter(plan=plan)

    def in_plan_order(self) -> BasicGoalQuerySet:
        return self.order_by("number")

    def get_by_natural_key(self, municipality: str, ordinal: int, number: int) -> BasicGoal:
        return self.get(plan__municipality=municipality, plan__ordinal=ordinal, number=number)


class BasicGoal(DraftedModel, SearchableModel):
    """基本目標: one of the plan's goals; in 登別市's 第３期 there are seven."""

    OWNER = Organisation.CITY
    OFFICIAL = ("number", "title", "field")
    SEARCH_FIELDS = ("title", "field", "summary_easy")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals", verbose_name="計画")
    number = models.PositiveSmallIntegerField("番号", help_text="数字だけを書きます。例：1")
    title = models.CharField("基本目標", max_length=120, help_text="計画書のとおりに、番号を付けずに書きます。")
    title_ruby = models.CharField(
        "ふりがな",
        max_length=400,
        blank=True,
        help_text="漢字に読みを付けて書きます。例：{健康|けんこう}を{守|まも}り…",
    )
    field = models.CharField(
        "主な取り組み分野", max_length=120, blank=True, help_text="例：高齢者福祉。分からないときは空のままにします。"
    )
    summary_easy = models.TextField(
        "やさしい日本語", blank=True, help_text="読むための助けです。公式の文ではありません。短い文で書きます。"
    )

    history = content_history()
    objects = BasicGoalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "基本目標"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="basic_goal_one_per_number",
                violation_error_message="この計画には、この番号の基本目標がもうあります。",
            ),
            numbered("number", "basic_goal_number_from_1"),
            not_blank("title", "basic_goal_title_given"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    def natural_key(self) -> tuple[str, int, int]:
        return (*self.plan.natural_key(), self.number)

    natural_key.dependencies = ["goals.plan"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("goals:detail", args=[self.number])

    @property
    def is_public(self) -> bool:
        return self.plan.is_public

    def clean(self) -> None:
        clean_ruby(self.title_ruby, self.title)
        if self.pk is not None and type(self).objects.filter(pk=self.pk).exclude(plan=self.plan_id).exists():
            raise ValidationError({"plan": "基本目標を別の計画へ移すことはできません。新しく登録してください。"})

    @property
    def label(self) -> str:
        """基本目標4"""
        return f"基本目標{self.number}"
