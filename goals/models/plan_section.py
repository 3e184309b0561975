from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from goals.models.plan import Plan
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import DraftedModel, SearchableModel, not_blank, numbered
from plan_portal.foundation.numerals import full_width
from plan_portal.foundation.organisations import Organisation
from plan_portal.foundation.text import paragraphs


class PlanSectionQuerySet(models.QuerySet["PlanSection"]):
    def for_plan(self, plan: Plan) -> PlanSectionQuerySet:
        return self.filter(plan=plan)

    def get_by_natural_key(self, municipality: str, ordinal: int, slug: str) -> PlanSection:
        return self.get(plan__municipality=municipality, plan__ordinal=ordinal, slug=slug)


class PlanSection(DraftedModel, SearchableModel):
    """本文: a chapter or section of the plan's running text; sections stand in a tree, as in the book."""

    class Supplement(models.TextChoices):
        """What the portal makes from its own data and sets under the text."""

        NOTHING = "", "なし"
        GOALS = "goals", "基本目標と分野の表"
        RELATIONSHIP = "relationship", "関係図への案内"
        SDGS = "sdgs", "計画に掲げるＳＤＧｓの一覧"

    OWNER = Organisation.CITY
    OFFICIAL = ("number", "heading", "body", "figure_number", "figure_caption", "figure_credit")
    SEARCH_FIELDS = ("number", "heading", "body", "figure_caption", "figure_credit", "figure_alt")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="sections", verbose_name="計画")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name="上の見出し",
        help_text="この節がどの章・節の下にあるか。章そのものは空のままにします。",
    )
    position = models.PositiveSmallIntegerField("並び順", help_text="同じ見出しの下での順番。1から書きます。")
    slug = models.SlugField(
        "ページ内の住所",
        max_length=40,
        help_text="/plan/ のページの中で、この節を指す名前。半角の英数字と - で書きます。例：s3-1",
    )
    number = models.CharField(
        "番号", max_length=20, blank=True, help_text="計画書に印刷されたとおりに書きます。例：第４章、１、（１）"
    )
    heading = models.CharField("見出し", max_length=120)
    body = models.TextField("本文", blank=True, help_text="計画書のとおりに書きます。1行あけると段落が分かれます。")
    figure_number = models.PositiveSmallIntegerField(
        "図の番号", null=True, blank=True, help_text="この節に図があるとき。図４０なら 40 と書きます。"
    )
    figure_caption = models.CharField("図の題", max_length=120, blank=True)
    figure_credit = models.CharField("図の出典", max_length=200, blank=True)
    figure_alt = models.TextField(
        "図の内容を伝える文",
        blank=True,
        help_text="図を見られない人のための説明。分からないときは空のままにします（ページには「確認待ち」と出ます）。",
    )
    supplement = models.CharField(
        "本文の下に置くもの", max_length=12, choices=Supplement.choices, blank=True, default=Supplement.NOTHING
    )

    history = content_history()
    objects = PlanSectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "計画の本文"
        ordering = ["plan", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "slug"],
                name="plan_section_one_per_slug",
                violation_error_message="この計画には、同じ「ページ内の住所」の節がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["plan", "parent", "position"],
                name="plan_section_one_per_position",
                violation_error_message="同じ見出しの下に、同じ並び順の節がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["plan", "position"],
                condition=models.Q(parent__isnull=True),
                name="plan_section_one_chapter_per_position",
                violation_error_message="同じ並び順の章がもうあります。",
            ),
            models.CheckConstraint(
                condition=models.Q(figure_number__isnull=True, figure_caption="")
                | (models.Q(figure_number__isnull=False) & ~models.Q(figure_caption="")),
                name="plan_section_figure_whole",
                violation_error_message="図の番号と題は、両方書くか、両方空にしてください。",
            ),
            models.CheckConstraint(
                condition=models.Q(supplement__in=["", "goals", "relationship", "sdgs"]),
                name="plan_section_supplement_known",
                violation_error_message="選べない値です。",
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="plan_section_not_own_parent",
                violation_error_message="自分を上の見出しにはできません。",
            ),
            numbered("position", "plan_section_position_from_1"),
            not_blank("heading", "plan_section_heading_given"),
            not_blank("slug", "plan_section_slug_given"),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str, int, str]:
        return (*self.plan.natural_key(), self.slug)

    natural_key.dependencies = ["goals.plan"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return f"{self.plan.get_absolute_url()}#{self.slug}"

    @property
    def is_public(self) -> bool:
        return self.plan.is_public

    def clean(self) -> None:
        if self.parent_id is None or self.parent is None:
            return
        if self.parent.plan_id != self.plan_id:
            raise ValidationError({"parent": "上の見出しは、同じ計画の中から選んでください。"})
        ancestor: PlanSection | None = self.parent
        while ancestor is not None:
            if self.pk is not None and ancestor.pk == self.pk:
                raise ValidationError({"parent": "この節の下にある節を、上の見出しにはできません。"})
            ancestor = ancestor.parent

    @property
    def title(self) -> str:
        """Number and heading as printed: （１）市民の役割, but １ 基本理念・方針."""
        space = "" if not self.number or self.number.endswith("）") else " "
        return f"{self.number}{space}{self.heading}"

    @property
    def figure_title(self) -> str:
        """図４０ 地域共生社会のイメージ; empty when the section has no figure."""
        return "" if self.figure_number is None else f"図{full_width(self.figure_number)} {self.figure_caption}"

    @property
    def paragraphs(self) -> list[str]:
        """The body, split at empty lines."""
        return paragraphs(self.body)
