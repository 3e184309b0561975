"""Abstract models and expressions that several apps share."""

from typing import Any

from django.db import models

from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.fiscal_years import FiscalYearField, label
from plan_portal.foundation.numerals import full_width
from plan_portal.foundation.search_text import fold_apart

SAMPLE_WORD = "見本"
SAMPLE_NOT_NAMED = "見本の記録には「見本」と書いてください。"


class SampleModel(models.Model):
    """A record that may be 見本: loaded to show how the portal works, named so, and removed by `clear_sample`."""

    is_sample = models.BooleanField("見本", default=False, editable=False)

    class Meta:
        abstract = True


def sample_named(field: str, name: str) -> models.CheckConstraint:
    """A constraint that a SampleModel says 見本 in the text that people see."""
    return models.CheckConstraint(
        condition=models.Q(is_sample=False) | models.Q(**{f"{field}__contains": SAMPLE_WORD}),
        name=name,
        violation_error_message=SAMPLE_NOT_NAMED,
    )


class SearchableModel(models.Model):
    """Keeps a folded copy of the fields named in `SEARCH_FIELDS`, refreshed by every save()."""

    SEARCH_FIELDS: tuple[str, ...] = ()

    search_text = models.TextField("検索用の文", blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = fold_apart(*(getattr(self, name) for name in self.SEARCH_FIELDS))
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)


class EditionModel(models.Model):
    """An edition of a plan, of either organisation: 第何期, from when to when, and whether citizens see it."""

    ordinal: Any  # each edition has its own field: 社協 may not know it

    period_start = FiscalYearField(
        "計画期間の初年度", null=True, blank=True, help_text="例：令和8。分からないときは空のままにします。"
    )
    period_end = FiscalYearField(
        "計画期間の最終年度", null=True, blank=True, help_text="例：令和12。分からないときは空のままにします。"
    )
    state = models.CharField(
        "状態",
        max_length=12,
        choices=EditionState.choices,
        default=EditionState.PREPARING,
        help_text="市民に見えるのは「現行」のものだけです。同時に現行にできるのは1つだけです。",
    )

    class Meta:
        abstract = True

    @property
    def edition(self) -> str:
        """第３期; empty while unknown."""
        return "" if self.ordinal is None else f"第{full_width(self.ordinal)}期"

    @property
    def period(self) -> str:
        """令和8年度（2026年度）から令和12年度（2030年度）まで; empty while either end is unknown."""
        if self.period_start is None or self.period_end is None:
            return ""
        return f"{label(self.period_start)}から{label(self.period_end)}まで"


def period_in_order(name: str) -> models.CheckConstraint:
    """A constraint that an EditionModel does not end before it begins."""
    return models.CheckConstraint(
        condition=models.Q(period_start__isnull=True)
        | models.Q(period_end__isnull=True)
        | models.Q(period_end__gte=models.F("period_start")),
        name=name,
        violation_error_message="計画期間の最終年度が、初年度より前です。",
    )


def not_blank(field: str, name: str) -> models.CheckConstraint:
    """A constraint that a text column holds something."""
    return models.CheckConstraint(
        condition=~models.Q(**{field: ""}), name=name, violation_error_message="空のままにはできません。"
    )


def numbered(field: str, name: str) -> models.CheckConstraint:
    """A constraint that a number can stand in an address: 1 to 999."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__gte": 1, f"{field}__lte": 999}),
        name=name,
        violation_error_message="番号は1から999までです。",
    )


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """A constraint that a column holds one of its choices."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": choices.values}),
        name=name,
        violation_error_message="選べない値です。",
    )
