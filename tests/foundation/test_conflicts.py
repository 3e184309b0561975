"""Which version a person saw, and how the words of two people are told apart."""

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from plan_portal.foundation.admin import PlainTextField
from plan_portal.foundation.conflicts import (
    ChangedMeanwhileError,
    Verdict,
    check_version,
    edit_version,
    judge,
    rows_at,
    rows_version,
    saves_since,
    values_at,
)
from plan_portal.foundation.fiscal_years import FiscalYearFormField
from plan_portal.foundation.history_entries import EMPTY
from plan_portal.foundation.merging import Item, Sheet, canonical
from plan_portal.foundation.text_diff import Kind
from tests import factories as f

texts = st.text("あいう\n ", max_size=4)


class TestJudge:
    @given(base=texts, theirs=texts, mine=texts)
    def test_what_is_kept_unasked_loses_nothing(self, base: str, theirs: str, mine: str) -> None:
        item = Item("field", "欄", forms.CharField(), base, theirs, mine)
        if item.verdict is Verdict.BOTH:
            assert len({base, theirs, mine}) == 3
        else:
            # Whoever changed the text finds it as they left it.
            assert item.kept == theirs or theirs == base
            assert item.kept == mine or mine == base

    @given(base=st.none() | texts, theirs=texts, mine=texts)
    def test_sides_are_alike(self, base: str | None, theirs: str, mine: str) -> None:
        other = {Verdict.MINE: Verdict.THEIRS, Verdict.THEIRS: Verdict.MINE}
        verdict = judge(base, theirs, mine)
        assert judge(base, mine, theirs) is other.get(verdict, verdict)

    @given(theirs=texts, mine=texts)
    def test_an_unknown_beginning_is_never_settled_unasked(self, theirs: str, mine: str) -> None:
        assert (judge(None, theirs, mine) is Verdict.BOTH) == (theirs != mine)


class EditForm(forms.Form):
    text = PlainTextField(required=False, label="文")
    year = FiscalYearFormField(required=False)
    number = forms.IntegerField(required=False)
    tick = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")])


values = st.fixed_dictionaries(
    {
        "text": texts.map(lambda text: text if text.strip() else ""),
        "year": st.integers(2019, 2030),
        "number": st.none() | st.integers(0, 9),
        "tick": st.booleans(),
        "kind": st.sampled_from("ab"),
    }
)


def sent(value: dict) -> dict:
    """As a browser sends it."""
    data = {name: "" if one is None else str(one) for name, one in value.items()}
    data["text"] = data["text"].replace("\n", "\r\n")
    if not value["tick"]:
        del data["tick"]
    return data


class TestSheet:
    @given(value=values)
    def test_a_form_sent_as_it_was_opened_changes_nothing(self, value: dict) -> None:
        sheet = Sheet()
        sheet.add_form(EditForm(sent(value)), value, value)
        assert {item.verdict for item in sheet.items} == {Verdict.SAME}
        assert not sheet.would_undo

    @given(base=values, theirs=values, mine=values)
    def test_what_is_sent_on_is_what_each_changed(self, base: dict, theirs: dict, mine: dict) -> None:
        sheet = Sheet()
        sheet.add_form(EditForm(sent(mine)), base, theirs)
        again = EditForm(dict(sheet.hidden))
        assert again.is_valid()
        for item in sheet.items:
            kept = again.cleaned_data[item.name]
            asked = item in sheet.of(Verdict.BOTH)
            assert kept == (theirs if mine[item.name] == base[item.name] and not asked else mine)[item.name]
        assert sheet.would_undo == any(theirs[name] not in (base[name], mine[name]) for name in base)

    def test_values_are_shown_as_people_write_them(self) -> None:
        form = EditForm()

        def shown(name: str, text: str | None) -> str:
            return Item(name, "", form.fields[name], "", "", "").shown(text)

        assert shown("kind", "b") == "乙"
        assert shown("kind", "?") == "?"
        assert (shown("tick", "True"), shown("tick", "False")) == ("はい", "いいえ")
        assert shown("year", "2026") == "令和8年度（2026年度）"
        assert (shown("text", ""), shown("text", None)) == (EMPTY, EMPTY)

    def test_what_cannot_be_read_stays_as_it_was_typed(self) -> None:
        assert canonical(forms.IntegerField(), "三つ") == "三つ"
        assert canonical(forms.IntegerField(), "３") == "3"

    def test_long_texts_are_shown_whole(self) -> None:
        base = "長い文です。" * 200
        item = Item("text", "文", PlainTextField(), base, f"{base}足した文。", base)
        pieces = item.marked(item.theirs)
        assert "".join(piece.text for piece in pieces if piece.kind is not Kind.GONE) == item.theirs
        assert pieces[-1] == (Kind.NEW, "足した文。")

    def test_a_text_written_anew_is_marked_as_a_whole(self) -> None:
        item = Item("text", "文", PlainTextField(), "あいうえお", "かきくけあ", "あいうえを")
        assert item.marked(item.theirs) == [(Kind.NEW, "かきくけあ")]
        assert item.marked(item.mine) == [(Kind.SAME, "あいうえ"), (Kind.GONE, "お"), (Kind.NEW, "を")]


@pytest.mark.django_db
class TestVersions:
    def test_every_save_makes_a_version_and_each_is_found_again(self) -> None:
        department = f.DepartmentFactory(phone="0143-85-0001")
        first = edit_version(department)
        department.phone = "0143-85-0002"
        department.save()
        assert edit_version(department) > first > 0
        assert values_at(department, first)["phone"] == "0143-85-0001"
        assert values_at(f.DepartmentFactory(), first) is None

    def test_who_saved_since(self) -> None:
        department = f.DepartmentFactory()
        first, person = edit_version(department), f.UserFactory(role="市・承認", last_name="見本", first_name="次郎")
        department._history_user, department.phone = person, "0143-85-0002"
        department.save()
        (save,) = saves_since(department, first)
        assert (save.user_id, save.person, save.organisation_word, save.fields) == (
            person.pk,
            "見本 次郎",
            "市",
            ["電話"],
        )
        assert "市 見本 次郎さんが" in str(save)
        assert str(save).endswith("に保存しました（変わった欄：電話）")
        assert saves_since(department, 0) == [save]

    def test_an_import_may_ask_before_each_row(self) -> None:
        department = f.DepartmentFactory()
        version = edit_version(department)
        check_version(department, version)
        department.save()
        with pytest.raises(ChangedMeanwhileError, match="あなたがこの画面を開いたあと") as told:
            check_version(department, version)
        assert len(told.value.saves) == 1

    def test_rows_of_an_inline_have_a_version_together(self) -> None:
        row = f.CriterionResultFactory(note="前")
        other = f.CriterionResultFactory(note="ほかの試験")
        model, parent = type(row), row.test_id
        first = rows_version(model, "test_id", parent)
        row.note = "後"
        row.save()
        second = rows_version(model, "test_id", parent)
        row.delete()
        assert [
            rows_at(model, "test_id", parent, version) for version in (0, rows_version(model, "test_id", parent))
        ] == [
            {},
            {},
        ]
        notes = [rows_at(model, "test_id", parent, version) for version in (first, second)]
        assert [[row["note"] for row in rows.values()] for rows in notes] == [["前"], ["後"]]
        assert other.note == "ほかの試験"
