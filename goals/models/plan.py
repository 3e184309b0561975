from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import EditionModel, not_blank, numbered, one_of, period_in_order
from plan_portal.foundation.numerals import full_width


class PlanQuerySet(models.QuerySet["Plan"]):
    def current(self) -> PlanQuerySet:
        return self.filter(state=EditionState.CURRENT)

    def in_order(self) -> PlanQuerySet:
        return self.order_by("municipality", "ordinal")

    def get_by_natural_key(self, municipality: str, ordinal: int) -> Plan:
        return self.get(municipality=municipality, ordinal=ordinal)


class Plan(EditionModel):
    """計画: one edition of a city's 地域福祉計画, such as 登別市's 第３期. Everything else of the city hangs on it."""

    municipality = models.CharField("市町村", max_length=40, help_text="例：登別市")
    ordinal = models.PositiveSmallIntegerField("期", help_text="第何期の計画か。数字だけを書きます。")
    name = models.CharField("計画の名前", max_length=80, help_text="期を付けずに書きます。例：登別市地域福祉計画")
    ideal = models.CharField(
        "基本理念", max_length=200, help_text="計画書のとおりに書きます。関係図では「、」のところで列を分けます。"
    )
    introduction = models.TextField(
        "トップページの紹介文",
        blank=True,
        help_text="計画の本文から、そのまま抜き書きします。本文にない文は書けません。",
    )
    figure_number = models.PositiveSmallIntegerField(
        "関係図の番号", null=True, blank=True, help_text="計画書での図の番号。図４１なら 41 と書きます。"
    )
    figure_caption = models.CharField("関係図の題", max_length=120, blank=True)

    history = content_history()
    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "計画"
        ordering = ["municipality", "-ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "ordinal"],
                name="plan_one_per_ordinal",
                violation_error_message="この市町村の、この期の計画はもうあります。",
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=models.Q(state=EditionState.CURRENT),
                name="plan_one_current_per_municipality",
                violation_error_message="この市町村には、もう現行の計画があります。先にそれを「終了」にしてください。",
            ),
            period_in_order("plan_period_in_order"),
            models.CheckConstraint(
                condition=models.Q(figure_number__isnull=True, figure_caption="")
                | (models.Q(figure_number__isnull=False) & ~models.Q(figure_caption="")),
                name="plan_figure_whole",
                violation_error_message="関係図の番号と題は、両方書くか、両方空にしてください。",
            ),
            one_of("state", EditionState, "plan_state_known"),
            numbered("ordinal", "plan_ordinal_from_1"),
            not_blank("municipality", "plan_municipality_given"),
            not_blank("name", "plan_name_given"),
            not_blank("ideal", "plan_ideal_given"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("goals:plan")

    @property
    def is_public(self) -> bool:
        return self.state == EditionState.CURRENT

    def natural_key(self) -> tuple[str, int]:
        return (self.municipality, self.ordinal)

    def clean(self) -> None:
        if self.pk is not None and self.introduction:
            bodies = self.sections.order_by("slug").values_list("body", flat=True)
            if bodies and not any(self.introduction in body for body in bodies):
                raise ValidationError(
                    {"introduction": "計画の本文にない文です。本文から、そのまま抜き書きしてください。"}
                )

    @property
    def full_name(self) -> str:
        """第３期 登別市地域福祉計画"""
        return f"{self.edition} {self.name}"

    @property
    def figure_label(self) -> str:
        """図４１; without a number the word that stands for it."""
        return "関係図" if self.figure_number is None else f"図{full_width(self.figure_number)}"

    @property
    def figure_title(self) -> str:
        """図４１ 登別市地域福祉計画・きずな計画の関係性"""
        return f"{self.figure_label} {self.figure_caption}".rstrip()
