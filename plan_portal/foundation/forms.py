"""Forms that citizens send with GET."""

from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict

LONGEST_TERM = 100


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it says, and the query string of the page without it."""

    text: str
    without: str


class SearchTermField(forms.CharField):
    """What a citizen types to search for. NUL, which databases refuse, is dropped; the length is bounded."""

    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=LONGEST_TERM,
            help_text="ひらがなとカタカナ、全角と半角、「ー」のあるなしは、区別しません。",
            error_messages={"max_length": f"ことばは{LONGEST_TERM}字までにしてください。"},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value).replace("\0", "") if value else value))


class GetForm(forms.Form):
    """A form in the address: no token, ids of its own, errors in Japanese, drawn by the template pack."""

    submit_label = "さがす"

    def __init__(self, data: QueryDict) -> None:
        self.query = data.urlencode()
        super().__init__(data, auto_id="filter-%s", label_suffix="")
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = "「%(value)s」は選べません。下から選び直してください。"

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.disable_csrf = True
        helper.form_tag = False
        return helper

    @property
    def narrows(self) -> bool:
        """Whether the address asks for something less than the whole list, or for what cannot be read."""
        return not self.is_valid() or any(self.cleaned_data.values())

    def chips(self) -> list[Chip]:
        """The filters in force, in the order of the fields; none while the form is in error."""
        return [
            Chip(self._chip_text(name, value), self._query_without(name))
            for name, value in (self.cleaned_data.items() if self.is_valid() else ())
            if value
        ]

    def _chip_text(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(field.label)
        choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
        return f"{field.label}：{dict(choices).get(value, value)}"

    def _query_without(self, name: str) -> str:
        params = QueryDict(self.query, mutable=True)
        for gone in (name, "page"):
            params.pop(gone, None)
        return str(params.urlencode())
