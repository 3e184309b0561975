"""What the admin pages of all apps share: search, filters, links, forms that check every rule, tolerance of bad addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from plan_portal.foundation.admin_conflicts import ConflictAdmin
from plan_portal.foundation.fiscal_years import FiscalYearField
from plan_portal.foundation.models import DraftedModel, Reading
from plan_portal.foundation.search_query import holding
from plan_portal.foundation.search_text import fold, holds

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

CITY, SHAKYO = "市", "社協"
AS_PRINTED = "計画書に印刷されているとおりに書きます。直すのは、写しまちがいを見つけたときだけです。"
FOR_READERS = "市民が読みやすくなるための欄です。計画の文言そのものではありません。"
CHOOSE = "（選んでください）"
WAITING_MARK = mark_safe('<span class="st-pending">確認待ち</span>')
BAD_FILTER = "絞り込みの指定が読み取れませんでした。この一覧には、すべてを表示しています。"


@dataclass(frozen=True)
class Waiting:
    """A fact that is still 確認待ち: a choice of the list filter, and with `notice` a line of きょうの仕事."""

    key: str
    words: str
    missing: models.Q
    notice: str = ""
    note: str = ""
    owner: str = CITY


class WaitingFilter(admin.SimpleListFilter):
    """確認待ち: the choices are the `waiting` of the ModelAdmin."""

    title = "確認待ち"
    parameter_name = "waiting"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type, model_admin: Any) -> None:
        self.waiting: dict[str, Waiting] = {fact.key: fact for fact in model_admin.waiting}
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        return [(fact.key, fact.words) for fact in self.waiting.values()]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:  # noqa: ARG002
        value = self.value()
        if value is None:
            return queryset
        if value not in self.waiting:
            raise IncorrectLookupParameters(value)
        return queryset.filter(self.waiting[value].missing)


class PlainTextField(forms.CharField):
    """A text kept as it was written: browsers send CR LF, and Django would strip the indent of a Japanese paragraph."""

    widget = AdminTextareaWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "strip": False})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n") if text.strip() else ""


class NumberInput(AdminTextInputWidget):
    """A number as text: takes full-width digits too, and does not change under the mouse wheel."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "vIntegerField", "inputmode": "numeric", **(attrs or {})})


class DateInput(forms.DateInput):
    """The browser's own calendar: it needs no script and is known to those who use one."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class PortalModelForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Checks all constraints of the model.

    Django leaves out every constraint that names a column which is not in the form (見本, a parent set by the model): the
    database would refuse it with an error page.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "title_ruby" in self.fields and self.instance.pk and not self.instance.title_ruby:
            self.fields["title_ruby"].help_text += format_html(" {}", _suggestion(self.instance.title))

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "title_ruby" in self.errors and self.cleaned_data.get("title"):
            self.add_error("title_ruby", _suggestion(self.cleaned_data["title"]))
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            # Not at a field: it may be one that the form does not show.
            self.add_error(None, error.messages)


class RecordForm(PortalModelForm):
    """The form of a record that is public as soon as it is saved, with the reason that its history keeps."""

    change_reason = forms.CharField(
        label="変更の理由",
        required=False,
        max_length=400,
        help_text="書くと、変更の記録に残ります。公開されません。",
        widget=AdminTextInputWidget,
    )


def _suggestion(title: str) -> str:
    return f"読みの辞書からの案：{Reading.objects.suggested_for(title)}（確かめてから使ってください）"


def count_link(count: int, target: str, **filters: Any) -> str | SafeString:
    """「3件」, linked to the list `target` (goals_basicgoal) with these filters; plain when there is nothing to see."""
    if not count:
        return "0件"
    url = f"{reverse(f'admin:{target}_changelist')}?{urlencode(filters)}"
    return format_html('<a href="{}">{}件</a>', url, count)


def given_or_waiting(text: str) -> str | SafeString:
    return "あり" if text else WAITING_MARK


class PortalAdmin(ConflictAdmin):
    """The base of all content in the admin."""

    form: type[PortalModelForm] = RecordForm
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    # Joined on every page, not only on the list: the names of records are made from their parents too.
    joined: tuple[str, ...] = ()
    # Annotation → relation that it counts.
    counts: dict[str, str] = {}
    waiting: Sequence[Waiting] = ()
    # Whether a new record's parts are written on its own page, where the person stays after adding it.
    parts_follow = False
    search_help_text = "言葉で探します。ひらがなとカタカナ、全角と半角のちがいは気にしなくてかまいません。"
    # Numbers in a search word, such as 7-(4), are compared with these, from the right.
    number_lookups: tuple[str, ...] = ()
    formfield_overrides = {
        models.TextField: {"form_class": PlainTextField, "widget": AdminTextareaWidget},
        models.IntegerField: {"widget": NumberInput},
        models.DateField: {"widget": DateInput},
        models.SlugField: {"error_messages": {"invalid": "半角の英数字と - で書いてください。"}},
        FiscalYearField: {"widget": AdminTextInputWidget({"class": "st-short"})},
    }

    def get_ordering(self, request: HttpRequest) -> Any:
        """Django drops the order of the model as soon as something is counted: it is given by name."""
        return super().get_ordering(request) or self.opts.ordering

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        queryset: models.QuerySet[Any] = super().get_queryset(request)
        if self.joined:
            queryset = queryset.select_related(*self.joined)
        for name, relation in self.counts.items():
            queryset = queryset.annotate(**{name: models.Count(relation, distinct=True)})
        return queryset

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fieldsets(request, obj), *self.reason_fieldset(request, obj)]

    def reason_fieldset(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Where whoever changes a record says why."""
        asks = obj is not None and issubclass(self.form, RecordForm) and self.has_change_permission(request, obj)
        return [("変更の記録", {"fields": ["change_reason"]})] if asks else []

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        record = super().save_form(request, form, change)
        record._change_reason = form.cleaned_data.get("change_reason") or None
        return record

    def is_public(self, obj: Any) -> bool:  # noqa: ARG002
        """Whether citizens have a page of `obj` now."""
        return False

    def view_on_site(self, obj: Any) -> str | None:
        return obj.get_absolute_url() if self.is_public(obj) else None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # A pencil and a cross beside a choice act on the chosen record, not on the choice: too easy to mistake.
            field.widget.can_change_related = field.widget.can_delete_related = False
            if issubclass(db_field.remote_field.model, DraftedModel):
                field.widget.can_add_related = False  # a new one is a draft, which nothing can be joined to yet
            if field.empty_label is not None:
                field.empty_label = CHOOSE
        return field

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> models.QuerySet[Any] | None:
        """In the order of the plan, joined with what the names of the choices are made from."""
        related: Any = self.admin_site._registry.get(db_field.remote_field.model)
        if not isinstance(related, PortalAdmin):
            return super().get_field_queryset(db, db_field, request)
        choices: models.QuerySet[Any] = related.model._default_manager.using(db).order_by(
            *related.get_ordering(request)
        )
        return choices.select_related(*related.joined) if related.joined else choices

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if self.parts_follow and "_addanother" not in request.POST and "_popup" not in request.POST:
            answers = request.POST.copy()
            answers["_continue"] = "1"
            request.POST = answers  # type: ignore[assignment]  # as Django's own UserAdmin does
        return super().response_add(request, obj, post_url_continue)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        words = [word for word in search_term.split() if fold(word)]
        if search_term.strip() and not words:
            return queryset.none(), False
        for word in words:
            queryset = queryset.filter(self._matches(request, queryset, word))
        return queryset, False

    def _matches(self, request: HttpRequest, queryset: models.QuerySet[Any], word: str) -> models.Q:
        folded, fields = fold(word), [str(name) for name in self.get_search_fields(request)]
        if fields == ["search_text"]:
            found = holding([folded], "search_text")
        else:
            # A few rows without a folded column: they are folded here.
            rows = queryset.order_by().values_list("pk", *fields)
            found = models.Q(
                pk__in=[pk for pk, *texts in rows if any(holds(fold(str(text or "")), folded) for text in texts)]
            )
        numbers = self._numbers(word)
        if numbers:
            found |= models.Q(**dict(zip(reversed(self.number_lookups), reversed(numbers), strict=False)))
        return found

    def _numbers(self, word: str) -> list[int]:
        """The numbers of 7, ⑦, (4), 7-(4) or 基本目標7; none for a word that says something else too."""
        plain = unicodedata.normalize("NFKC", word).removeprefix(str(self.opts.verbose_name))
        numbers = [int(digits) for digits in re.findall(r"[0-9]{1,3}", plain)]
        is_number = re.fullmatch(r"[0-9()\-‐－ー]{1,12}", plain) is not None
        return numbers if is_number and 0 < len(numbers) <= len(self.number_lookups) else []

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        try:
            return super().get_changelist_instance(request)
        except (DisallowedModelAdminLookup, OverflowError) as error:
            raise IncorrectLookupParameters(str(error)) from error

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        plain_list = HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        if any("\0" in text for name, values in request.GET.lists() for text in (name, *values)):
            return plain_list
        if ERROR_FLAG in request.GET:
            if len(request.GET) > 1:
                return plain_list
            messages.warning(request, BAD_FILTER)
        title = f"{self.opts.verbose_name_plural}の一覧"
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class SampleAdmin(PortalAdmin):
    """For records that may be 見本."""

    @admin.display(description="見本", ordering="is_sample")
    def sample_mark(self, obj: Any) -> str:
        return "見本" if obj.is_sample else ""
