"""The forms of a linkage's page: 社協's proposal, and the short answers of both organisations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from kizuna.linkage_content import LinkageContent
from plan_portal.foundation.admin import PlainTextField
from plan_portal.foundation.fiscal_years import FiscalYearFormField, label
from plan_portal.foundation.query_params import is_key

if TYPE_CHECKING:
    from django.forms.boundfield import BoundWidget
    from django.http import QueryDict

    from initiatives.models import Initiative
    from kizuna.linkage_desk import Desk
    from kizuna.models import Linkage

PARTNERS = ("町内会", "民生委員児童委員協議会", "ボランティア団体", "学校", "事業者")
LONGEST_TEXT, LONGEST_LIST = 2000, 1000
FOREIGN_PAIR = "この2つの基本目標のものでない組があります。組を選び直してください。"


def version_of(text: str) -> int:
    """The version that a page carried; one that cannot be read is of no linkage as it is now."""
    return int(text) if is_key(text) else -1


class TextField(PlainTextField):
    """A text with a bound. No maxlength: browsers would cut what is pasted without a word."""

    def __init__(self, longest: int = LONGEST_TEXT, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.validators.append(
            MaxLengthValidator(longest, f"{longest}字までにしてください（今は%(show_value)d字です）。")
        )


class StepForm(forms.Form):
    """`version` is what the linkage was when the person saw it."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    key = ""
    marks: dict[str, str] = {}

    def __init__(self, desk: Desk, data: QueryDict | None = None, **kwargs: Any) -> None:
        self.desk = desk
        super().__init__(data, auto_id=f"id_{self.key}_%s", label_suffix="", use_required_attribute=False, **kwargs)
        self.initial["version"] = desk.version
        for name, mark in self.marks.items():
            bound_to: Any = self.fields[name]
            bound_to.mark = mark

    @property
    def seen_version(self) -> int:
        return version_of(self.cleaned_data.get("version", ""))

    @property
    def message(self) -> str:
        return str(self.cleaned_data.get("comment", ""))

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.template = "dads/staff/form.html"
        helper.field_template = "dads/staff/field.html"
        helper.layout = self.layout()
        return helper

    def layout(self) -> Layout:
        return Layout("version", "comment")

    def refuse(self, error: ValidationError) -> None:
        """Puts the messages at their fields, or above the form."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in by_field.items():
            self.add_error(name if name in self.fields else None, messages)

    def typed(self) -> list[tuple[str, str]]:
        """What the person wrote, for when the form is gone."""
        return [("伝言", self.message)] if self.message else []


class ProposalForm(StepForm):
    """連携を書く."""

    key = "write"
    marks = {"summary": "提案するときは必須", "pairs": "提案するときは1つ以上", "since": "提案するときは必須"}

    summary = TextField(
        label="一緒に行うこと",
        help_text="だれが、だれのために、何を一緒にするか。3文くらいまで。市民がそのまま読みます。",
        widget=forms.Textarea({"rows": 4}),
    )
    pairs = forms.MultipleChoiceField(
        required=False,
        label="取組と基本計画の組",
        help_text="一緒に行う組に印を付けます。この2つの基本目標の中から選べます。",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": FOREIGN_PAIR, "invalid_list": FOREIGN_PAIR},
    )
    partners = forms.MultipleChoiceField(
        required=False,
        label="ほかに一緒に行う人たち",
        help_text="当てはまるものに印を付けます。なければ、そのままで構いません。",
        choices=[(name, name) for name in PARTNERS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "一覧にない人たちは、下の「そのほか」に書いてください。"},
    )
    others = TextField(
        longest=LONGEST_LIST,
        label="ほかに一緒に行う人たち：そのほか",
        help_text="1行に1つ書きます。",
        widget=forms.Textarea({"rows": 2}),
    )
    since = FiscalYearFormField(
        required=False,
        label="始まる年度",
        help_text="「令和9」「R9」「2027」のどれでも書けます。年度は4月から翌年の3月までです。",
        widget=forms.TextInput({"class": "st-short"}),
    )
    comment = TextField(
        longest=LONGEST_LIST,
        label="伝言",
        help_text="市と社協の職員だけが見られます。直したところを書くと、市が確かめやすくなります。",
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, desk: Desk, data: QueryDict | None = None, content: LinkageContent | None = None) -> None:
        super().__init__(desk, data, initial={"comment": desk.last_draft_comment, **_initial(content)})
        pairs: Any = self.fields["pairs"]
        pairs.choices = [
            (f"{initiative.pk}-{item.pk}", f"{initiative.label.removeprefix('取組')} と {item.mark}")
            for initiative in desk.initiatives
            for item in desk.items
        ]

    def layout(self) -> Layout:
        return Layout(
            Fieldset(
                "市民に見えるところ",
                "summary",
                Field("pairs", template="dads/staff/pairs.html"),
                Field("partners", template="dads/staff/checks.html"),
                "others",
                "since",
                css_class="module st-form",
            ),
            Fieldset("市への伝言（公開されません）", "comment", css_class="module st-form"),
            "version",
        )

    def pair_rows(self) -> Iterator[tuple[Initiative, list[BoundWidget]]]:
        boxes = list(self["pairs"])
        for number, initiative in enumerate(self.desk.initiatives):
            start = number * len(self.desk.items)
            yield initiative, boxes[start : start + len(self.desk.items)]

    def content(self) -> LinkageContent:
        """What is written so far, without the fields that are in error."""
        data = self.cleaned_data
        chosen, written = set(data.get("pairs", ())), data.get("others", "").split("\n")
        named = [name for name in PARTNERS if name in data.get("partners", ())]
        lines = [*named, *(line.strip() for line in written)]
        return LinkageContent(
            summary=data.get("summary", ""),
            since=data.get("since"),
            partners="\n".join(dict.fromkeys(filter(None, lines))),
            pairs=tuple(
                (a.pk, b.pk) for a in self.desk.initiatives for b in self.desk.items if f"{a.pk}-{b.pk}" in chosen
            ),
        )

    def is_complete(self, linkage: Linkage) -> bool:
        """Names all that is missing at once, beside what cannot be read."""
        try:
            self.content().check_complete(linkage)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                if name not in self.errors:
                    self.add_error(name, messages)
        return not self.errors

    def typed(self) -> list[tuple[str, str]]:
        return [*self.content().texts(), *super().typed()]


def _initial(content: LinkageContent | None) -> dict[str, Any]:
    if content is None:
        return {}
    lines = content.partners.split("\n")
    return {
        "summary": content.summary,
        "pairs": [f"{initiative}-{item}" for initiative, item in content.pairs],
        "partners": [line for line in lines if line in PARTNERS],
        "others": "\n".join(line for line in lines if line not in PARTNERS),
        "since": "" if content.since is None else label(content.since).split("（")[0],
    }


class AnswerForm(StepForm):
    """A 伝言 to the other side. What makes the forms differ stands beside their buttons (kizuna/linkage_steps.py)."""

    comment = TextField(longest=LONGEST_LIST, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self, desk: Desk, data: QueryDict | None = None, *, key: str, label: str, hint: str, mark: str = ""
    ) -> None:
        self.key = key
        self.marks = {"comment": mark} if mark else {}
        super().__init__(desk, data)
        self.fields["comment"].label, self.fields["comment"].help_text = label, hint
