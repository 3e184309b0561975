from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from goals.models import BasicGoal, Plan
from plan_portal.foundation.choices import Confirmation
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import SampleModel, SearchableModel, not_blank, one_of, sample_named
from sdgs.icons import MAX_SIDE, size_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class SdgQuerySet(models.QuerySet["Sdg"]):
    def in_order(self) -> SdgQuerySet:
        return self.order_by("number")

    def with_icon(self) -> SdgQuerySet:
        """Each with its icon, whose picture is not read."""
        return self.select_related("icon").defer("icon__image")

    def with_named_in(self, plan: Plan) -> SdgQuerySet:
        """Each with `named`: whether `plan` names it as one that it mainly works for."""
        return self.annotate(named=models.Exists(PlanSdg.objects.filter(plan=plan, sdg=models.OuterRef("pk"))))

    def get_by_natural_key(self, number: int) -> Sdg:
        return self.get(number=number)


class Sdg(SearchableModel):
    """ＳＤＧｓのゴール: one of the United Nations' 17 goals, with its official Japanese name and colour."""

    SEARCH_FIELDS = ("name", "name_en")

    number = models.PositiveSmallIntegerField("番号", unique=True)
    name = models.CharField("名前", max_length=60, help_text="国連の日本語の名前のとおりに書きます。")
    name_en = models.CharField("英語の名前", max_length=60)
    colour = models.CharField(
        "色", max_length=7, validators=[RegexValidator(r"^#[0-9A-F]{6}$", "#E5243B のように書いてください。")]
    )

    history = content_history()
    objects = SdgQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ＳＤＧｓのゴール"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=17),
                name="sdg_number_1_to_17",
                violation_error_message="番号は1から17までです。",
            ),
            not_blank("name", "sdg_name_given"),
        ]

    def __str__(self) -> str:
        return f"ＳＤＧｓ {self.number} {self.name}"

    def natural_key(self) -> tuple[int]:
        return (self.number,)

    def get_absolute_url(self) -> str:
        return reverse("sdgs:detail", args=[self.number])

    @property
    def url(self) -> str:
        return self.get_absolute_url()


class SdgIconQuerySet(models.QuerySet["SdgIcon"]):
    def in_order(self) -> SdgIconQuerySet:
        return self.order_by("sdg__number")

    def get_by_natural_key(self, number: int) -> SdgIcon:
        return self.get(sdg__number=number)


class SdgIcon(models.Model):
    """ゴールのアイコン that the city uploaded: always a PNG, in the database, so that a backup holds it. None is shipped."""

    PNG = "image/png"

    sdg = models.OneToOneField(
        Sdg,
        models.PROTECT,
        related_name="icon",
        verbose_name="ＳＤＧｓのゴール",
        error_messages={"unique": "このゴールには、もうアイコンがあります。一覧から開いて、入れ替えてください。"},
    )
    image = models.BinaryField("画像", editable=True)
    media_type = models.CharField("画像の種類", max_length=20, default=PNG, editable=False)
    width = models.PositiveSmallIntegerField("横のピクセル数", editable=False)
    height = models.PositiveSmallIntegerField("縦のピクセル数", editable=False)
    digest = models.CharField("画像の記号", max_length=16, editable=False)
    conditions_confirmed = models.BooleanField(
        "国連の「ＳＤＧｓのロゴ・アイコン使用ガイドライン」を読み、守ることを確かめました", default=False
    )

    history = content_history("image", "digest")
    objects = SdgIconQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ＳＤＧｓのアイコン"
        ordering = ["sdg__number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(conditions_confirmed=True),
                name="sdg_icon_conditions_confirmed",
                violation_error_message="国連のガイドラインを読み、守ることを確かめてから、チェックを入れてください。",
            ),
            models.CheckConstraint(
                condition=models.Q(media_type="image/png"),
                name="sdg_icon_is_png",
                violation_error_message="アイコンはPNGの画像だけです。",
            ),
            models.CheckConstraint(
                condition=models.Q(width__gte=1, width__lte=MAX_SIDE, height__gte=1, height__lte=MAX_SIDE),
                name="sdg_icon_size",
                violation_error_message=f"アイコンの縦と横は、{MAX_SIDE}ピクセルまでです。",
            ),
        ]

    def __str__(self) -> str:
        return f"アイコン：{self.sdg}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        picture = bytes(self.image)
        self.digest = sha256(picture).hexdigest()[:16]
        self.width, self.height = size_of(picture)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return self.sdg.get_absolute_url()

    def natural_key(self) -> tuple[int]:
        return self.sdg.natural_key()

    natural_key.dependencies = ["sdgs.sdg"]  # type: ignore[attr-defined]

    @property
    def url(self) -> str:
        """Where the picture is: another address for another picture, so that browsers may keep it."""
        return f"{reverse('sdgs:icon', args=[self.sdg.number])}?v={self.digest}"


class PlanSdgQuerySet(models.QuerySet["PlanSdg"]):
    def with_sdg(self) -> PlanSdgQuerySet:
        """Each with its SDG and that one's icon, whose picture is not read."""
        return self.select_related("sdg__icon").defer("sdg__icon__image")

    def get_by_natural_key(self, municipality: str, ordinal: int, number: int) -> PlanSdg:
        return self.get(plan__municipality=municipality, plan__ordinal=ordinal, sdg__number=number)


class PlanSdg(models.Model):
    """計画に掲げるゴール: a plan names an SDG as one that it mainly works for (eight in 登別市's 第３期)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="plan_sdgs", verbose_name="計画")
    sdg = models.ForeignKey(Sdg, models.PROTECT, related_name="plan_sdgs", verbose_name="ＳＤＧｓのゴール")

    history = content_history()
    objects = PlanSdgQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "計画に掲げるＳＤＧｓ"
        ordering = ["plan", "sdg__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "sdg"],
                name="plan_sdg_once",
                violation_error_message="このゴールは、もうこの計画に掲げられています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}：{self.sdg}"

    def get_absolute_url(self) -> str:
        return reverse("sdgs:list")

    def natural_key(self) -> Sequence[str | int]:
        return (*self.plan.natural_key(), *self.sdg.natural_key())

    natural_key.dependencies = ["goals.plan", "sdgs.sdg"]  # type: ignore[attr-defined]


class GoalSdgLinkQuerySet(models.QuerySet["GoalSdgLink"]):
    def for_plan(self, plan: Plan) -> GoalSdgLinkQuerySet:
        return self.filter(goal__plan=plan)

    def with_sdg(self) -> GoalSdgLinkQuerySet:
        """Each with its SDG and that one's icon, whose picture is not read."""
        return self.select_related("sdg__icon").defer("sdg__icon__image")

    def in_plan_order(self) -> GoalSdgLinkQuerySet:
        return self.order_by("goal__number", "sdg__number")

    def get_by_natural_key(self, municipality: str, ordinal: int, goal: int, sdg: int) -> GoalSdgLink:
        return self.get(
            goal__plan__municipality=municipality,
            goal__plan__ordinal=ordinal,
            goal__number=goal,
            sdg__number=sdg,
        )


class GoalSdgLink(SampleModel, SearchableModel):
    """基本目標とＳＤＧｓの結びつき: why a 基本目標 serves an SDG. Chapter 4 does not say which do: 確認待ち until staff confirm."""

    SEARCH_FIELDS = ("reason",)

    goal = models.ForeignKey(BasicGoal, models.PROTECT, related_name="sdg_links", verbose_name="基本目標")
    sdg = models.ForeignKey(Sdg, models.PROTECT, related_name="goal_links", verbose_name="ＳＤＧｓのゴール")
    reason = models.TextField(
        "理由", blank=True, help_text="この基本目標が、なぜこのゴールと結びつくか。市民に見えます。"
    )
    confirmation = models.CharField(
        "確認状態",
        max_length=12,
        choices=Confirmation.choices,
        default=Confirmation.WAITING,
        help_text="計画書などで確かめたら「確認済」にします。それまでは、ページに「確認待ち」と出ます。",
    )

    history = content_history()
    objects = GoalSdgLinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "基本目標とＳＤＧｓの結びつき"
        ordering = ["goal__plan", "goal__number", "sdg__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "sdg"],
                name="goal_sdg_link_once",
                violation_error_message="この基本目標とこのゴールの結びつきは、もうあります。",
            ),
            one_of("confirmation", Confirmation, "goal_sdg_link_confirmation_known"),
            sample_named("reason", "goal_sdg_link_sample_named"),
        ]

    def __str__(self) -> str:
        return f"{self.goal} と {self.sdg}"

    def get_absolute_url(self) -> str:
        return self.goal.get_absolute_url()

    def natural_key(self) -> Sequence[str | int]:
        return (*self.goal.natural_key(), *self.sdg.natural_key())

    natural_key.dependencies = ["goals.basicgoal", "sdgs.sdg"]  # type: ignore[attr-defined]
