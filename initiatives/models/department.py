from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.history import content_history
from plan_portal.foundation.models import SampleModel, SearchableModel, not_blank, sample_named


class DepartmentQuerySet(models.QuerySet["Department"]):
    def in_order(self) -> DepartmentQuerySet:
        return self.order_by("name", "valid_from", "pk")

    def public(self) -> DepartmentQuerySet:
        """Those that citizens are told to ask: a 取組 of the 現行 plan names them."""
        named = models.Q(initiatives__goal__plan__state=EditionState.CURRENT)
        return self.filter(named).distinct()

    def get_by_natural_key(self, name: str, valid_from: str | None) -> Department:
        return self.get(name=name, valid_from=valid_from)


class Department(SampleModel, SearchableModel):
    """担当: the group in the city hall that carries an initiative.

    A renamed group is a new record that `replaces` the old one, so old records keep the name they were made under.
    """

    SEARCH_FIELDS = ("name", "phone", "email")

    name = models.CharField(
        "担当の名前", max_length=80, help_text="例：〇〇グループ。名前が変わったら、新しく登録します。"
    )
    valid_from = models.DateField("この名前になった日", null=True, blank=True)
    valid_to = models.DateField(
        "この名前の最後の日",
        null=True,
        blank=True,
        help_text="名前が変わったり、なくなったりした日。今もあるなら空です。",
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="前の名前",
        help_text="名前が変わったときは、前の名前の担当を選びます。",
    )
    phone = models.CharField(
        "電話",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9][0-9-]{8,18}\Z", "数字と - で書いてください。例：000-0000-0000")],
    )
    email = models.EmailField("メール", blank=True)

    history = content_history()
    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "担当"
        ordering = ["name", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "valid_from"],
                name="department_one_per_name_and_day",
                violation_error_message="同じ名前で、同じ日からの担当がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(valid_from__isnull=True),
                name="department_one_undated_per_name",
                violation_error_message="同じ名前で、日付のない担当がもうあります。",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="department_days_in_order",
                violation_error_message="最後の日が、始まりの日より前です。",
            ),
            models.CheckConstraint(
                condition=~models.Q(replaces=models.F("id")),
                name="department_not_own_past",
                violation_error_message="自分を「前の名前」にはできません。",
            ),
            sample_named("name", "department_sample_named"),
            not_blank("name", "department_name_given"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list of the 取組 that it carries."""
        return f"{reverse('initiatives:list')}?department={self.pk}"

    def natural_key(self) -> tuple[str, str | None]:
        return (self.name, self.valid_from.isoformat() if self.valid_from else None)

    def clean(self) -> None:
        earlier: Department | None = self.replaces
        while earlier is not None:
            if self.pk is not None and earlier.pk == self.pk:
                raise ValidationError({"replaces": "名前の変わった順が輪になっています。"})
            earlier = earlier.replaces
