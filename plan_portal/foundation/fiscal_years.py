"""年度 (April to March): stored as the western year in which it begins, shown with the Japanese era."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

FIRST_YEAR, LAST_YEAR = 1950, 2099
_FIRST_MONTH = 4
_ERAS = {"昭和": (1926, 64), "平成": (1989, 31), "令和": (2019, None)}
_ERA_LETTERS = {"s": "昭和", "h": "平成", "r": "令和"}
_INPUT = re.compile(r"(昭和|平成|令和|[shr])?\s*(元|\d{1,4})\s*(?:年度?)?")


def label(year: int) -> str:
    """2026 → 令和8年度（2026年度）; 2019 is 令和元年度 although it began in 平成31年."""
    era, (start, _) = next((e, v) for e, v in reversed(_ERAS.items()) if year >= v[0])
    era_year = year - start + 1
    return f"{era}{'元' if era_year == 1 else era_year}年度（{year}年度）"


def year_of(day: date) -> int:
    """2027-03-31 → 2026: the 年度 in which `day` lies."""
    return day.year - (day.month < _FIRST_MONTH)


def parse(text: str) -> int:
    """Read 令和8, R8, 令和8年度, ２０２６ or 2026年度. Raises ValidationError with a hint in Japanese."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    match = _INPUT.fullmatch(plain)
    if not match:
        raise ValidationError("年度は「令和8」「R8」「2026」のように書いてください。", code="invalid")
    era, digits = _ERA_LETTERS.get(match[1], match[1]), match[2]
    if era is None and digits == "元":
        raise ValidationError("元号も書いてください（例：令和元）。", code="invalid")
    number = 1 if digits == "元" else int(digits)
    year = number if era is None else _western(era, number)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(f"年度は{FIRST_YEAR}年度から{LAST_YEAR}年度までで書いてください。", code="invalid")
    return year


def _western(era: str, number: int) -> int:
    start, last = _ERAS[era]
    year = start + number - 1
    if number < 1:
        raise ValidationError("元号の年は1（元年）からです。", code="invalid")
    if last is not None and number > last and year < LAST_YEAR:
        right = label(year).split("（")[0].removesuffix("年度")
        raise ValidationError(
            f"{era}{number}年度はありません。{right}年度のことなら「{right}」と書いてください。", code="invalid"
        )
    return year


class FiscalYearFormField(forms.CharField):
    """A text field whose value is a western year (int) or None."""

    def to_python(self, value: object) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        return parse(text) if text else None

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


class FiscalYearField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A model field for 年度: a western year, entered in any usual Japanese spelling."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("validators", [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)])
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        kwargs = {"form_class": FiscalYearFormField, **kwargs}
        kwargs.pop("min_value", None)
        kwargs.pop("max_value", None)
        return models.Field.formfield(self, **kwargs)
