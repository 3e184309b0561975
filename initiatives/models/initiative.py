from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from goals.models import BasicGoal, Plan
from initiatives.models.department import Department
from plan_portal.foundation.furigana import clean_ruby
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import DraftedModel, SearchableModel, not_blank, numbered
from plan_portal.foundation.numerals import parenthesised
from plan_portal.foundation.organisations import Organisation
from plan_portal.foundation.text import paragraphs


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def for_plan(self, plan: Plan) -> InitiativeQuerySet:
        return self.filter(goal__plan=plan)

    def with_goal(self) -> InitiativeQuerySet:
        return self.select_related("goal")

    def linked(self) -> InitiativeQuerySet:
        """Those with a 連携の組 that citizens may see; which these are is the pairs' own rule."""
        pairs: Any = self.model._meta.get_field("linkage_pairs").related_model
        return self.filter(pk__in=pairs.objects.agreed().values("initiative"))

    def in_plan_order(self) -> InitiativeQuerySet:
        return self.order_by("goal__number", "number")

    def get_by_natural_key(self, municipality: str, ordinal: int, goal: int, number: int) -> Initiative:
        return self.get(
            goal__plan__municipality=municipality,
            goal__plan__ordinal=ordinal,
            goal__number=goal,
            number=number,
        )


class Initiative(DraftedModel, SearchableModel):
    """取組: what the city does for a 基本目標, numbered anew under each goal (図４１, 目標達成のための取組)."""

    OWNER = Organisation.CITY
    OFFICIAL = ("goal", "number", "title", "embodied_plan", "body")
    SEARCH_FIELDS = ("title", "embodied_plan", "body", "summary_easy")

    goal = models.ForeignKey(BasicGoal, models.PROTECT, related_name="initiatives", verbose_name="基本目標")
    number = models.PositiveSmallIntegerField("番号", help_text="基本目標の中での番号。(1) なら 1 と書きます。")
    title = models.CharField("取組", max_length=120, help_text="計画書のとおりに、番号を付けずに書きます。")
    title_ruby = models.CharField(
        "ふりがな", max_length=400, blank=True, help_text="漢字に読みを付けて書きます。例：{健康|けんこう}づくり…"
    )
    embodied_plan = models.CharField(
        "この取組が兼ねる計画",
        max_length=80,
        blank=True,
        help_text="取組がそのまま別の計画でもあるとき、その名前。例：登別市再犯防止推進計画",
    )
    body = models.TextField(
        "取組の本文",
        blank=True,
        help_text="計画書のとおりに書きます。1行あけると段落が分かれます。空のうちは、ページに「確認待ち」と出ます。",
    )
    summary_easy = models.TextField(
        "やさしい日本語", blank=True, help_text="読むための助けです。公式の文ではありません。短い文で書きます。"
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="initiatives",
        null=True,
        blank=True,
        verbose_name="担当",
        help_text="空のうちは、ページに「確認待ち」と出ます。",
    )

    history = content_history()
    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "取組"
        ordering = ["goal__plan", "goal__number", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "number"],
                name="initiative_one_per_number",
                violation_error_message="この基本目標には、この番号の取組がもうあります。",
            ),
            numbered("number", "initiative_number_from_1"),
            not_blank("title", "initiative_title_given"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    def natural_key(self) -> tuple[str, int, int, int]:
        return (*self.goal.natural_key(), self.number)

    natural_key.dependencies = ["goals.basicgoal"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("initiatives:detail", args=[self.goal.number, self.number])

    @property
    def is_public(self) -> bool:
        return self.goal.plan.is_public

    def clean(self) -> None:
        clean_ruby(self.title_ruby, self.title)
        if self.pk is not None and self.linkage_pairs.exclude(linkage__goal=self.goal_id).exists():
            raise ValidationError(
                {"goal": "この取組は、今の基本目標の連携の組に入っています。先に社協に、組から外してもらってください。"}
            )

    @property
    def mark(self) -> str:
        """(4), as printed."""
        return parenthesised(self.number)

    @property
    def label(self) -> str:
        """取組7-(4)"""
        return f"取組{self.goal.number}-{self.mark}"

    @property
    def paragraphs(self) -> list[str]:
        """The body, split at empty lines."""
        return paragraphs(self.body)
