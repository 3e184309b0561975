"""Abstract models and expressions that several apps share."""

from typing import Any

from django.db import models

from plan_portal.foundation.search_text import fold


class SampleModel(models.Model):
    """A record that may be 見本: loaded to show how the portal works, named so, and removed by `clear_sample`."""

    is_sample = models.BooleanField("見本", default=False, editable=False)

    class Meta:
        abstract = True


class SearchableModel(models.Model):
    """Keeps a folded copy of the fields named in `SEARCH_FIELDS`, refreshed by every save()."""

    SEARCH_FIELDS: tuple[str, ...] = ()

    search_text = models.TextField("検索用の文", blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = fold(" ".join(getattr(self, name) for name in self.SEARCH_FIELDS))
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)


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
