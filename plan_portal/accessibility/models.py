from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse

from plan_portal.accessibility.claims import Outcome
from plan_portal.accessibility.criteria import BY_NUMBER, NUMBERS, criterion_choices
from plan_portal.foundation.fiscal_years import FiscalYearField, label, year_of
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import one_of

MOST_PAGES = 200
_PATH = re.compile(r"/(?!/)\S*")
UNKNOWN = "分からないときは空のままにします（ページには「確認待ち」と出ます）。"


def page_addresses(text: str) -> None:
    """A validator: each line is a path of the portal or a whole address."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_PAGES:
        raise ValidationError(f"ページは{MOST_PAGES}までにしてください。")
    for line in lines:
        try:
            if not _PATH.fullmatch(line):
                URLValidator(["http", "https"])(line)
        except ValidationError:
            raise ValidationError(
                f"「{line[:60]}」は、ページのアドレスではありません。1行に1つ、/goals/ のように書いてください。"
            ) from None


class Level(models.TextChoices):
    A = "A", "レベルA"
    AA = "AA", "レベルAA"


class Publication(models.TextChoices):
    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開"


class Result(models.TextChoices):
    CONFORMS = "conforms", "適合"
    FAILS = "fails", "不適合"
    UNTESTED = "untested", "未試験"


class PolicyQuerySet(models.QuerySet["AccessibilityPolicy"]):
    def get_by_natural_key(self, number: int) -> AccessibilityPolicy:
        return self.get(number=number)


class AccessibilityPolicy(models.Model):
    """ウェブアクセシビリティ方針, as the city has set it. There is one at most."""

    number = models.PositiveSmallIntegerField("番号", default=1, editable=False)
    level = models.CharField(
        "目標とする適合レベル",
        max_length=3,
        choices=Level.choices,
        blank=True,
        help_text=f"市が方針で決めたレベル。{UNKNOWN}",
    )
    scope = models.TextField("対象範囲", blank=True, help_text=f"どのページについての方針か。{UNKNOWN}")
    exceptions = models.TextField("例外", blank=True, help_text=f"対象にしないものと、その理由。{UNKNOWN}")
    deadline = models.DateField("目標を達成する期限", null=True, blank=True, help_text=UNKNOWN)
    set_on = models.DateField("方針を定めた日", null=True, blank=True, help_text=UNKNOWN)
    contact = models.TextField(
        "担当・連絡先", blank=True, help_text=f"使いにくいところを知らせる先。課の名前、電話、メールなど。{UNKNOWN}"
    )

    history = content_history()
    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "ウェブアクセシビリティ方針"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                name="accessibility_policy_once",
                violation_error_message="方針はもう登録されています。一覧から、その方針を開いて直してください。",
            ),
            models.CheckConstraint(
                condition=models.Q(number=1),
                name="accessibility_policy_number_1",
                violation_error_message="登録できる方針は1つだけです。",
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=["", *Level.values]),
                name="accessibility_policy_level_known",
                violation_error_message="選べない値です。",
            ),
        ]

    def __str__(self) -> str:
        return "ウェブアクセシビリティ方針"

    def get_absolute_url(self) -> str:
        return reverse("accessibility")

    def natural_key(self) -> tuple[int]:
        return (self.number,)


class AccessibilityTestQuerySet(models.QuerySet["AccessibilityTest"]):
    def published(self) -> AccessibilityTestQuerySet:
        """What citizens may see. A half-filled result never is, whatever its state says."""
        settled = models.Q(results__applies=False) | ~models.Q(results__result=Result.UNTESTED)
        whole = self.filter(state=Publication.PUBLISHED).annotate(settled=models.Count("results", filter=settled))
        return whole.filter(settled=len(NUMBERS))

    def newest_first(self) -> AccessibilityTestQuerySet:
        return self.order_by("-fiscal_year")

    def get_by_natural_key(self, fiscal_year: int) -> AccessibilityTest:
        return self.get(fiscal_year=fiscal_year)


class AccessibilityTest(models.Model):
    """試験: one year's test of the portal against JIS X 8341-3:2016."""

    fiscal_year = FiscalYearField(
        "年度",
        help_text="例：令和8。試験の結果は、1年度に1つです。",
        error_messages={"null": "年度を書いてください。"},
    )
    tested_on = models.DateField("試験をした日", null=True, blank=True, help_text="何日もかけたときは、終わった日。")
    by_people = models.BooleanField(
        "人が試験した",
        default=False,
        help_text="人が確かめたときだけ、印を付けます。機械の検査だけのときは、ページで「準拠」とは言いません。",
    )
    tester = models.CharField(
        "実施者", max_length=120, blank=True, help_text="課、団体、会社の名前。個人の名前は書きません。"
    )
    method = models.TextField("試験の方法", blank=True, help_text="どのように確かめたか。使った道具など。")
    page_choice = models.TextField("試験対象ページの選び方", blank=True)
    pages = models.TextField(
        "試験したページ", blank=True, validators=[page_addresses], help_text="1行に1つ。例：/goals/"
    )
    known_faults = models.TextField("わかっている問題", blank=True, help_text="使いにくいことが分かっているところ。")
    fix_plan = models.TextField(
        "直す予定", blank=True, help_text="不適合の基準があるときは、いつ、どう直すかを書きます。"
    )
    state = models.CharField(
        "状態",
        max_length=12,
        choices=Publication.choices,
        default=Publication.DRAFT,
        help_text="「公開」にすると、市民に見えます。未試験の基準が残っている間は、公開できません。",
    )

    history = content_history()
    objects = AccessibilityTestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "アクセシビリティの試験"
        ordering = ["-fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year"],
                name="accessibility_test_one_per_year",
                violation_error_message="この年度の試験は、もう登録されています。一覧から、その試験を開いて直してください。",
            ),
            one_of("state", Publication, "accessibility_test_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.year_label}の試験"

    def get_absolute_url(self) -> str:
        return f"{reverse('accessibility')}?year={self.fiscal_year}"

    def natural_key(self) -> tuple[int]:
        return (self.fiscal_year,)

    def clean(self) -> None:
        if self.tested_on and self.fiscal_year:
            year = year_of(self.tested_on)
            if year != self.fiscal_year:
                raise ValidationError({"tested_on": f"この日は{label(year)}です。年度か日を直してください。"})
        if self._state.adding and self.is_published:
            raise ValidationError(
                {"state": "はじめは「下書き」で保存してください。保存すると、基準ごとの結果を書けるようになります。"}
            )

    @property
    def is_published(self) -> bool:
        return self.state == Publication.PUBLISHED

    @property
    def year_label(self) -> str:
        """令和8年度（2026年度）"""
        return label(self.fiscal_year)

    @property
    def page_list(self) -> list[str]:
        return [line.strip() for line in self.pages.splitlines() if line.strip()]


class CriterionResultQuerySet(models.QuerySet["CriterionResult"]):
    def in_order(self) -> CriterionResultQuerySet:
        return self.order_by("test", "criterion")

    def get_by_natural_key(self, fiscal_year: int, criterion: str) -> CriterionResult:
        return self.get(test__fiscal_year=fiscal_year, criterion=criterion)


class CriterionResult(models.Model):
    """What a test found for one success criterion."""

    test = models.ForeignKey(AccessibilityTest, models.CASCADE, related_name="results", verbose_name="試験")
    criterion = models.CharField("達成基準", max_length=5, choices=criterion_choices)
    applies = models.BooleanField("適用", default=True)
    result = models.CharField("結果", max_length=12, choices=Result.choices, default=Result.UNTESTED)
    note = models.CharField("備考", max_length=300, blank=True)

    history = content_history()
    objects = CriterionResultQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "達成基準ごとの結果"
        ordering = ["test", "criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["test", "criterion"],
                name="criterion_result_once",
                violation_error_message="この試験には、この達成基準の結果がもうあります。",
            ),
            models.CheckConstraint(
                condition=models.Q(criterion__in=NUMBERS),
                name="criterion_result_criterion_known",
                violation_error_message="この達成基準はありません。",
            ),
            models.CheckConstraint(
                condition=models.Q(applies=True) | ~models.Q(result=Result.FAILS),
                name="criterion_result_failed_applies",
                violation_error_message="適用しない基準を「不適合」にはできません。「適用」に印を付けるか、結果を直してください。",
            ),
            one_of("result", Result, "criterion_result_known"),
        ]

    def __str__(self) -> str:
        return f"{self.test} {self.get_criterion_display()}"

    def natural_key(self) -> tuple[int, str]:
        return (*self.test.natural_key(), self.criterion)

    natural_key.dependencies = ["accessibility.accessibilitytest"]  # type: ignore[attr-defined]

    @property
    def level(self) -> str:
        return BY_NUMBER[self.criterion].level

    @property
    def words(self) -> str:
        """1.1.1 非テキストコンテンツ：適合（備考）。"""
        found = self.get_result_display() if self.applies else "適用なし"
        return f"{self.get_criterion_display()}：{found}{f'（{self.note}）' if self.note else ''}。"

    @property
    def outcome(self) -> Outcome:
        """What does not apply needs no test, and conforms."""
        if not self.applies:
            return Outcome(settled=True, conforms=True)
        return Outcome(settled=self.result != Result.UNTESTED, conforms=self.result == Result.CONFORMS)
