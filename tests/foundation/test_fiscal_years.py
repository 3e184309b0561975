from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from goals.models import Plan
from plan_portal.foundation.fiscal_years import (
    FIRST_YEAR,
    LAST_YEAR,
    FiscalYearField,
    FiscalYearFormField,
    label,
    parse,
    year_of,
)

YEARS = st.integers(FIRST_YEAR, LAST_YEAR)
bounded = settings(deadline=None, max_examples=200)


@pytest.mark.parametrize(
    ("year", "words"),
    [
        (1950, "昭和25年度（1950年度）"),
        (1988, "昭和63年度（1988年度）"),
        (1989, "平成元年度（1989年度）"),
        (2018, "平成30年度（2018年度）"),
        (2019, "令和元年度（2019年度）"),
        (2026, "令和8年度（2026年度）"),
    ],
)
def test_label(year, words):
    assert label(year) == words


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *(
            (spelling, 2026)
            for spelling in ("令和8", "令和８年度", " R8 ", "r8", "Ｒ８", "２０２６", "2026年度", "2026年")
        ),
        *(("令和元", 2019), ("令和1", 2019), ("R元年度", 2019), ("平成31", 2019), ("H30", 2018), ("平成元", 1989)),
        *(("昭和63", 1988), ("S25", 1950), ("1950", 1950), ("2099", 2099), ("㋿8", 2026)),
    ],
)
def test_parse(text, year):
    assert parse(text) == year


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("平成32", "平成32年度はありません。令和2年度のことなら「令和2」と書いてください。"),
        ("H99", "平成99年度はありません。"),
        ("昭和65", "平成2年度のことなら「平成2」"),
        ("元", "元号も書いてください（例：令和元）。"),
        ("令和0", "元号の年は1（元年）からです。"),
        ("8", "年度は1950年度から2099年度までで書いてください。"),
        ("1949", "年度は1950年度から"),
        ("2100", "年度は1950年度から"),
        ("昭和24", "年度は1950年度から"),
        ("令和999", "年度は1950年度から"),
        ("", "年度は「令和8」「R8」「2026」のように"),
        ("来年度", "年度は「令和8」「R8」「2026」のように"),
        ("令和8年度から", "年度は「令和8」「R8」「2026」のように"),
        ("20266", "年度は「令和8」「R8」「2026」のように"),
        ("-2026", "年度は「令和8」「R8」「2026」のように"),
    ],
)
def test_parse_refuses_with_a_hint(text, hint):
    with pytest.raises(ValidationError) as error:
        parse(text)
    assert hint in error.value.messages[0]


@bounded
@given(YEARS)
def test_both_halves_of_a_label_are_read_back(year):
    era, western = label(year).removesuffix("）").split("（")
    assert parse(era) == parse(western) == parse(str(year)) == year


def outcome(text: str) -> int | str:
    """The year, or the hint of the refusal."""
    try:
        return parse(text)
    except ValidationError as error:
        return str(error.messages[0])


def assert_year_or_hint(text: str) -> None:
    found = outcome(text)
    if isinstance(found, int):
        assert FIRST_YEAR <= found <= LAST_YEAR
    else:
        assert "年" in found
        assert found.endswith("。")


@bounded
@given(st.text(max_size=12))
def test_any_text_is_a_year_or_a_hint(text):
    assert_year_or_hint(text)


@bounded
@given(st.sampled_from(["昭和", "平成", "令和", "s", "H", "Ｒ"]), st.integers(0, 9999))
def test_any_era_year_is_a_year_or_a_hint(era, number):
    assert_year_or_hint(f"{era}{number}年度")


def test_form_field():
    field = FiscalYearFormField(required=False)
    assert field.clean("令和８") == 2026
    assert field.clean("") is None
    assert field.clean("  ") is None
    with pytest.raises(ValidationError):
        field.clean("平成32")


@pytest.mark.parametrize(
    ("initial", "data", "changed"),
    [
        (2026, "令和8", False),
        (2026, "R9", True),
        (None, "", False),
        (None, "令和8", True),
        (2026, "", True),
        (2026, "x", True),
    ],
)
def test_form_field_has_changed(initial, data, changed):
    assert FiscalYearFormField(required=False).has_changed(initial, data) is changed


def test_model_field_gives_the_form_field_and_its_bounds():
    field = Plan._meta.get_field("period_start")
    assert isinstance(field, FiscalYearField)
    assert isinstance(field.formfield(), FiscalYearFormField)
    assert field.formfield().help_text == field.help_text
    for year in (FIRST_YEAR - 1, LAST_YEAR + 1):
        with pytest.raises(ValidationError):
            field.clean(year, None)
    assert field.clean(2026, None) == 2026


def test_model_form_takes_an_era_year():
    form_class = forms.modelform_factory(Plan, fields=["period_start"])
    form = form_class({"period_start": "Ｒ８"})
    assert form.fields["period_start"].clean("Ｒ８") == 2026


@pytest.mark.parametrize(("day", "year"), [((2026, 4, 1), 2026), ((2027, 3, 31), 2026), ((2027, 4, 1), 2027)])
def test_the_fiscal_year_of_a_day(day, year):
    assert year_of(date(*day)) == year
