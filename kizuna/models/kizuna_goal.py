from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from kizuna.models.kizuna_plan import KizunaPlan
from plan_portal.foundation.furigana import clean_ruby
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import DraftedModel, SearchableModel, not_blank, numbered
from plan_portal.foundation.organisations import Organisation


class KizunaGoalQuerySet(models.QuerySet["KizunaGoal"]):
    def for_plan(self, kizuna_plan: KizunaPlan) -> KizunaGoalQuerySet:
        return self.filter(plan=kizuna_plan)

    def in_plan_order(self) -> KizunaGoalQuerySet:
        return self.order_by("number")

    def get_by_natural_key(self, municipality: str, ordinal: int, key: str, number: int) -> KizunaGoal:
        return self.get(
            plan__city_plan__municipality=municipality,
            plan__city_plan__ordinal=ordinal,
            plan__key=key,
            number=number,
        )


class KizunaGoal(DraftedModel, SearchableModel):
    """きずな計画の基本目標: five in the printed figure, each with a ～subtitle～."""

    OWNER = Organisation.SHAKYO
    OFFICIAL = ("number", "title", "subtitle")
    SEARCH_FIELDS = ("title", "subtitle")

    plan = models.ForeignKey(KizunaPlan, models.PROTECT, related_name="goals", verbose_name="きずな計画")
    number = models.PositiveSmallIntegerField("番号", help_text="数字だけを書きます。例：1")
    title = models.CharField(
        "きずな計画の基本目標", max_length=120, help_text="計画書のとおりに、番号を付けずに書きます。"
    )
    title_ruby = models.CharField(
        "ふりがな", max_length=400, blank=True, help_text="漢字に読みを付けて書きます。例：きずなを{育|そだ}て…"
    )
    subtitle = models.CharField("副題", max_length=120, blank=True, help_text="計画書のとおりに、～ も書きます。")

    history = content_history()
    objects = KizunaGoalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "きずな計画の基本目標"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="kizuna_goal_one_per_number",
                violation_error_message="このきずな計画には、この番号の基本目標がもうあります。",
            ),
            numbered("number", "kizuna_goal_number_from_1"),
            not_blank("title", "kizuna_goal_title_given"),
        ]

    def __str__(self) -> str:
        return f"きずな計画 {self.label} {self.title}"

    def natural_key(self) -> tuple[str, int, str, int]:
        return (*self.plan.natural_key(), self.number)

    natural_key.dependencies = ["kizuna.kizunaplan"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("kizuna:goal", args=[self.number])

    @property
    def is_public(self) -> bool:
        return self.plan.is_public

    def clean(self) -> None:
        clean_ruby(self.title_ruby, self.title)
        if self.pk is not None and type(self).objects.filter(pk=self.pk).exclude(plan=self.plan_id).exists():
            raise ValidationError({"plan": "基本目標を別のきずな計画へ移すことはできません。新しく登録してください。"})

    @property
    def label(self) -> str:
        """基本目標2"""
        return f"基本目標{self.number}"
