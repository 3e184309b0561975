from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from kizuna.models.kizuna_goal import KizunaGoal
from kizuna.models.kizuna_plan import KizunaPlan
from plan_portal.foundation.choices import Confirmation
from plan_portal.foundation.furigana import clean_ruby
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import DraftedModel, SearchableModel, not_blank, numbered, one_of
from plan_portal.foundation.numerals import circled
from plan_portal.foundation.organisations import Organisation


class KizunaItemQuerySet(models.QuerySet["KizunaItem"]):
    def in_plan_order(self) -> KizunaItemQuerySet:
        return self.order_by("number")

    def get_by_natural_key(self, municipality: str, ordinal: int, key: str, number: int) -> KizunaItem:
        return self.get(
            plan__city_plan__municipality=municipality,
            plan__city_plan__ordinal=ordinal,
            plan__key=key,
            number=number,
        )


class KizunaItem(DraftedModel, SearchableModel):
    """基本計画: ①–⑮, numbered through the whole きずな計画.

    Under which goal ④–⑮ stand is read from meaning and order, not printed: `placement` is 確認待ち until 社協 confirms.
    """

    OWNER = Organisation.SHAKYO
    OFFICIAL = ("number", "title")
    SEARCH_FIELDS = ("title",)

    plan = models.ForeignKey(
        KizunaPlan, models.PROTECT, related_name="items", verbose_name="きずな計画", editable=False
    )
    goal = models.ForeignKey(KizunaGoal, models.PROTECT, related_name="items", verbose_name="基本目標")
    number = models.PositiveSmallIntegerField("番号", help_text="きずな計画を通した番号。⑦ なら 7 と書きます。")
    title = models.CharField("基本計画", max_length=120, help_text="計画書のとおりに、番号を付けずに書きます。")
    title_ruby = models.CharField(
        "ふりがな", max_length=400, blank=True, help_text="漢字に読みを付けて書きます。例：きずな{活動|かつどう}の…"
    )
    placement = models.CharField(
        "所属の確認",
        max_length=12,
        choices=Confirmation.choices,
        default=Confirmation.WAITING,
        help_text="どの基本目標に属するかを確かめたら「確認済」にします。",
    )

    history = content_history()
    objects = KizunaItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "基本計画"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="kizuna_item_one_per_number",
                violation_error_message="このきずな計画には、この番号の基本計画がもうあります。",
            ),
            one_of("placement", Confirmation, "kizuna_item_placement_known"),
            numbered("number", "kizuna_item_number_from_1"),
            not_blank("title", "kizuna_item_title_given"),
        ]

    def __str__(self) -> str:
        return f"{self.mark} {self.title}"

    def natural_key(self) -> tuple[str, int, str, int]:
        return (*self.plan.natural_key(), self.number)

    natural_key.dependencies = ["kizuna.kizunaplan"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("kizuna:item", args=[self.number])

    @property
    def is_public(self) -> bool:
        return self.plan.is_public

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self.goal_id is not None:
            self.plan_id = self.goal.plan_id
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.plan_id = self.goal.plan_id
        super().save(*args, **kwargs)

    def clean(self) -> None:
        clean_ruby(self.title_ruby, self.title)
        if self.pk is not None and self.linkage_pairs.exclude(linkage__kizuna_goal=self.goal_id).exists():
            raise ValidationError(
                {"goal": "この基本計画は、今の基本目標の連携の組に入っています。先に、その組から外してください。"}
            )

    @property
    def mark(self) -> str:
        """⑦, as printed."""
        return circled(self.number)

    @property
    def placement_confirmed(self) -> bool:
        return self.placement == Confirmation.CONFIRMED
