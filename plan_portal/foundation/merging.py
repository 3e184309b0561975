"""A form that was sent too late, field by field: what was there when it was opened, what is there now, what was sent.

Values are compared and carried as the texts that a browser sends, named as in the form; so the rows of inlines are like any field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME

from plan_portal.foundation.conflicts import Verdict, judge, values_of
from plan_portal.foundation.fiscal_years import FiscalYearFormField, label
from plan_portal.foundation.history_entries import EMPTY
from plan_portal.foundation.text_diff import Kind, Piece, compare_whole

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """One field. base: None when not known."""

    name: str
    label: str
    field: forms.Field
    base: str | None
    theirs: str
    mine: str

    @property
    def verdict(self) -> Verdict:
        return judge(self.base, self.theirs, self.mine)

    @property
    def kept(self) -> str:
        """What is sent on for this field, as long as nobody chose otherwise."""
        return self.theirs if self.verdict is Verdict.THEIRS else self.mine

    @property
    def kept_words(self) -> str:
        return self.shown(self.kept)

    @property
    def mine_words(self) -> str:
        return self.shown(self.mine)

    @property
    def word(self) -> str:
        return "文" if self.is_text else "内容"

    @property
    def is_text(self) -> bool:
        return isinstance(self.field, forms.CharField) and not isinstance(self.field, FiscalYearFormField)

    @property
    def may_be_written(self) -> bool:
        """Whether there is more than the two answers."""
        return not isinstance(self.field, forms.BooleanField)

    def shown(self, text: str | None) -> str:
        if text is None or text == "":
            return EMPTY
        if isinstance(self.field, forms.ChoiceField | forms.ModelChoiceField):
            choices: Any = self.field.choices
            return str({str(key): words for key, words in choices}.get(text, text))
        if isinstance(self.field, forms.BooleanField):
            return "はい" if text == "True" else "いいえ"
        if isinstance(self.field, FiscalYearFormField) and text.isascii() and text.isdigit():
            return label(int(text))
        return text

    def marked(self, text: str) -> list[Piece]:
        """The text in full, with what differs from `base`; one that was written anew is new as a whole, to be read at all."""
        if not (self.is_text and self.base and text):
            return [Piece(Kind.SAME, self.shown(text))]
        pieces = compare_whole(self.base, text)
        kept = sum(len(piece.text) for piece in pieces if piece.kind is Kind.SAME)
        return pieces if 2 * kept >= len(text) else [Piece(Kind.NEW, text)]


@dataclass
class Sheet:
    """A whole form with its inlines."""

    items: list[Item] = field(default_factory=list)
    # Files that were chosen: a browser has to be given them again.
    files: list[Item] = field(default_factory=list)
    # Fields of rows that others took away, as they were sent.
    gone: list[Item] = field(default_factory=list)
    # Names of rows that others added.
    added: list[str] = field(default_factory=list)
    # What else the form must send.
    carried: list[tuple[str, str]] = field(default_factory=list)

    def of(self, *verdicts: Verdict) -> list[Item]:
        return [item for item in self.items if item.verdict in verdicts]

    @property
    def theirs(self) -> list[Item]:
        return self.of(Verdict.THEIRS)

    @property
    def mine(self) -> list[Item]:
        return self.of(Verdict.MINE)

    @property
    def would_undo(self) -> bool:
        """Whether saving the form as it was sent would lose something of either side."""
        return bool(self.of(Verdict.THEIRS, Verdict.BOTH) or self.files or self.gone)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return [*self.carried, *((item.name, item.kept) for item in self.items)]

    def add_form(self, form: Any, base: Values | None, theirs: Values) -> None:
        """The main form. Fields that `theirs` does not know are sent on as they came."""
        self.items += self._read(form, base, theirs)

    def add_formset(self, formset: Any, base: Mapping[str, Values], *, live: bool) -> None:
        """The rows of an inline. base: row id → values; live: whether the parent is still there."""
        key, kept = formset.model._meta.pk.name, 0
        for form in formset.initial_forms:
            sent = str(formset.data.get(form.add_prefix(key), ""))
            then = base.get(sent)
            if form.instance.pk is None or not live:
                lost = self._read(form, then, then or dict.fromkeys(form.fields), leave=(key, formset.fk.name))
                self.gone += [item for item in lost if item.mine != (item.base or "")]
                continue
            self._add_row(form, then, values_of(form.instance, formset.model), f"{formset.prefix}-{kept}", formset)
            self.carried.append((f"{formset.prefix}-{kept}-{key}", sent))
            kept += 1
        known = {str(form.instance.pk) for form in formset.initial_forms} | base.keys()
        self.added += [str(row) for row in (formset.get_queryset() if live else ()) if str(row.pk) not in known]
        total = kept
        for form in formset.extra_forms:
            if form.has_changed():
                nothing = dict.fromkeys(form.fields)
                self._add_row(form, nothing, nothing, f"{formset.prefix}-{total}", formset)
                total += 1
        self.carried += [(f"{formset.prefix}-TOTAL_FORMS", str(total)), (f"{formset.prefix}-INITIAL_FORMS", str(kept))]

    def _add_row(self, form: Any, base: Values | None, theirs: Values, prefix: str, formset: Any) -> None:
        """Whoever takes a row away that another has changed must see that first."""
        leave = (formset.model._meta.pk.name, formset.fk.name)
        row = self._read(form, base, theirs, leave=leave, prefix=f"{prefix}-", row=str(form.instance))
        touched = any(item.verdict in (Verdict.THEIRS, Verdict.BOTH) for item in row)
        for item in row:
            if item.name != f"{prefix}-{DELETION_FIELD_NAME}":
                self.items.append(replace(item, mine=item.theirs) if touched and _is_taken_away(row) else item)
            else:
                self.items.append(replace(item, base=None) if touched else item)

    def _read(
        self,
        form: Any,
        base: Values | None,
        theirs: Values,
        *,
        leave: Sequence[str] = (),
        prefix: str = "",
        row: str = "",
    ) -> list[Item]:
        found = []
        for name, form_field in form.fields.items():
            if name in leave or form_field.disabled:
                continue
            sent = form[name].data
            words = f"{row}　{form_field.label}" if row else str(form_field.label)
            if isinstance(form_field, forms.FileField):
                if sent:
                    self.files.append(Item(prefix + name, words, form_field, None, "", ""))
            elif name == DELETION_FIELD_NAME:
                found.append(Item(prefix + name, words, form_field, "False", "False", canonical(form_field, sent)))
            elif name in theirs:
                then = None if base is None else canonical(form_field, base.get(name))
                now = canonical(form_field, theirs[name])
                found.append(Item(prefix + name, words, form_field, then, now, canonical(form_field, sent)))
            else:
                self.carried.append((prefix + name, canonical(form_field, sent)))
        return found


def _is_taken_away(row: Sequence[Item]) -> bool:
    return any(item.name.endswith(f"-{DELETION_FIELD_NAME}") and item.mine == "True" for item in row)


def canonical(form_field: forms.Field, value: Any) -> str:
    """The same text for the same value, whether it comes from the database or was typed."""
    if not isinstance(form_field, forms.ModelChoiceField):
        with suppress(ValidationError):  # what is wrong stays as it was typed, for the person to see
            value = form_field.to_python(value)
    value = form_field.prepare_value(value)
    return "" if value is None else str(value)
