from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from goals.models import Plan
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import EditionModel, not_blank, numbered, one_of, period_in_order


class KizunaPlanQuerySet(models.QuerySet["KizunaPlan"]):
    def current(self) -> KizunaPlanQuerySet:
        return self.filter(state=EditionState.CURRENT)

    def for_plan(self, plan: Plan) -> KizunaPlanQuerySet:
        """The kizuna plan that stands beside `plan` in the figure: at most one."""
        return self.current().filter(city_plan=plan)

    def get_by_natural_key(self, municipality: str, ordinal: int, key: str) -> KizunaPlan:
        return self.get(city_plan__municipality=municipality, city_plan__ordinal=ordinal, key=key)


class KizunaPlan(EditionModel):
    """きずな計画: one edition of 社協's plan, beside the city's plan with which its figure shows it.

    Which 期 the printed figure shows is not stated there: `ordinal` may be empty. `level labels` are data because the
    printed header only suggests which level is 基本目標 and which 基本計画.
    """

    city_plan = models.ForeignKey(
        Plan,
        models.PROTECT,
        related_name="kizuna_plans",
        verbose_name="並べて示す市の計画",
        help_text="関係図で、どの市の計画と並べるか。",
    )
    key = models.SlugField(
        "識別名", max_length=40, default="kizuna", help_text="半角の英数字と - で書きます。市民には見えません。"
    )
    name = models.CharField("計画の名前", max_length=80, help_text="例：きずな計画")
    organisation = models.CharField("団体", max_length=80, help_text="計画をつくる団体。例：社協")
    ordinal = models.PositiveSmallIntegerField(
        "期", null=True, blank=True, help_text="第何期の計画か。分からないときは空のままにします。"
    )
    ideal = models.CharField(
        "基本理念", max_length=200, help_text="計画書のとおりに書きます。関係図では「、」のところで列を分けます。"
    )
    introduction = models.TextField(
        "トップページの紹介文",
        blank=True,
        help_text="市の計画の本文から、きずな計画のことを書いた文をそのまま抜き書きします。",
    )
    goal_label = models.CharField("1番目の段の名前", max_length=20, default="基本目標")
    item_label = models.CharField("2番目の段の名前", max_length=20, default="基本計画")

    history = content_history()
    objects = KizunaPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "きずな計画"
        ordering = ["city_plan", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["city_plan", "key"],
                name="kizuna_plan_one_per_key",
                violation_error_message="この市の計画には、同じ識別名のきずな計画がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["city_plan"],
                condition=models.Q(state=EditionState.CURRENT),
                name="kizuna_plan_one_current",
                violation_error_message="この市の計画には、もう現行のきずな計画があります。先にそれを「終了」にしてください。",
            ),
            period_in_order("kizuna_plan_period_in_order"),
            one_of("state", EditionState, "kizuna_plan_state_known"),
            numbered("ordinal", "kizuna_plan_ordinal_from_1"),
            not_blank("name", "kizuna_plan_name_given"),
            not_blank("organisation", "kizuna_plan_organisation_given"),
            not_blank("ideal", "kizuna_plan_ideal_given"),
            not_blank("goal_label", "kizuna_plan_goal_label_given"),
            not_blank("item_label", "kizuna_plan_item_label_given"),
        ]

    def __str__(self) -> str:
        return self.name if self.ordinal is None else f"{self.edition} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("kizuna:plan")

    @property
    def is_public(self) -> bool:
        return self.state == EditionState.CURRENT and self.city_plan.is_public

    def natural_key(self) -> tuple[str, int, str]:
        return (*self.city_plan.natural_key(), self.key)

    natural_key.dependencies = ["goals.plan"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.city_plan_id is not None and self.introduction:
            bodies = self.city_plan.sections.order_by("slug").values_list("body", flat=True)
            if bodies and not any(self.introduction in body for body in bodies):
                raise ValidationError(
                    {"introduction": "市の計画の本文にない文です。本文から、そのまま抜き書きしてください。"}
                )
