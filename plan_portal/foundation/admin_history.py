"""The history of a record in the admin: who changed what, and the way back to an earlier version.

django-simple-history 3.13 saves on any POST to …/history/<version>/ for whoever may *view* the record. Here every method
but GET and HEAD needs the right to change it; and what is saved is the stored version, never what the browser sends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models, router, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from simple_history.admin import SimpleHistoryAdmin

from plan_portal.foundation.admin_references import KeyReferenceAdmin
from plan_portal.foundation.conflicts import ChangedMeanwhileError, check_version, edit_version, lock
from plan_portal.foundation.history_entries import Entry, child_entries, entries, field_rows, name_of, with_related
from plan_portal.foundation.query_params import is_key

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = SimpleHistoryAdmin

SAFE_METHODS = ("GET", "HEAD")
REFUSED = "前の内容に戻せるのは、この記録を変更できる人だけです。"


def moment(record: Any) -> str:
    """2026年11月23日 21時08分"""
    local = localtime(record.history_date)
    return f"{local.year}年{local.month}月{local.day}日 {local.hour}時{local.minute:02}分"


class HistoryAdmin(KeyReferenceAdmin, _Base):
    """SimpleHistoryAdmin with its two views written anew."""

    object_history_template = "simple_history/object_history.html"
    object_history_form_template = "simple_history/object_history_form.html"
    history_list_per_page = 50
    # (historical records of a child, title) shown under the record's own: for children that have no page.
    child_history: tuple[tuple[type[models.Model], str, str], ...] = ()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """None for an id in other digits, which Django would read as a number."""
        return super().get_object(request, object_id, from_field) if from_field or is_key(str(object_id)) else None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        live = self.get_object(request, unquote(object_id))
        records = self._records(unquote(object_id))
        if live is None and not records.exists():
            raise Http404("この記録はありません。")
        if not self.has_view_or_change_permission(request, live):
            raise PermissionDenied
        paginator = Paginator(records, self.history_list_per_page)
        page = paginator.get_page(request.GET.get(PAGE_VAR))
        start = (page.number - 1) * self.history_list_per_page
        # One more than shown: the oldest on the page is compared with it.
        window = list(records[start : start + self.history_list_per_page + 1])
        shown = entries(window)[: self.history_list_per_page]
        target = records[0].instance if live is None else live
        context = self._history_context(request, target, live, "変更の記録") | {
            "entries": shown,
            "children": self._children(target),
            "page_obj": page,
            "page_range": paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "pagination_required": paginator.num_pages > 1,
            "may_open_versions": live is not None or self.has_add_permission(request),
        }
        return TemplateResponse(request, str(self.object_history_template), context | (extra_context or {}))

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with transaction.atomic(using=router.db_for_write(self.model)):
            return self._version_view(request, unquote(object_id), version_id, extra_context or {})

    def _version_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any]
    ) -> HttpResponse:
        record = self._records(object_id).filter(history_id=self._number(version_id)).first()
        if record is None:
            raise Http404("この版はありません。")
        if request.method not in SAFE_METHODS:
            # Held until the end of the transaction, so that no other change slips in between.
            lock(self.model, record.instance.pk)
        # Before the record is read: a change in between is then told, never lost.
        now = edit_version(record.instance)
        live = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, live):
            raise PermissionDenied
        may_revert = self._may_revert(request, live)
        if request.method not in SAFE_METHODS:
            if not may_revert:
                raise PermissionDenied(REFUSED)
            seen = request.POST.get("edit_version", "")
            try:
                check_version(record.instance, self._number(seen) or 0)
            except ChangedMeanwhileError as told:
                return self._refuse_late(request, "戻していません。", told, record.instance.pk)
            return self._revert(request, record, live)
        target = record.instance if live is None else live
        context = self._history_context(request, target, live, f"{moment(record)} の内容") | {
            "rows": field_rows(record, live),
            "moment": moment(record),
            "may_revert": may_revert,
            "edit_version": now,
        }
        return TemplateResponse(request, self.object_history_form_template, context | extra_context)

    def _may_revert(self, request: HttpRequest, live: Any) -> bool:
        """Bringing back a deleted record needs the right to add one as well."""
        if not self.has_change_permission(request, live):
            return False
        return live is not None or self.has_add_permission(request)

    def _revert(self, request: HttpRequest, record: Any, live: Any) -> HttpResponse:
        """Give the record the values that it had, for the fields that this user may change in the form."""
        target = record.instance if live is None else live
        if live is not None:
            written = self.get_form(request, live, change=True).base_fields
            for field in self.model._meta.fields:
                if field.name in written:
                    setattr(target, field.attname, getattr(record, field.attname))
        target._state.adding = live is None
        here = HttpResponseRedirect(request.path)
        try:
            target.full_clean()
        except ValidationError as error:
            messages.error(request, f"この内容には戻せません。{' '.join(error.messages)}")
            return here
        target._change_reason = f"{moment(record)} の内容に戻した"
        target._history_user = request.user
        target.save()
        self.log_change(request, target, target._change_reason)
        messages.success(request, f"「{target}」を、{moment(record)} の内容に戻しました。")
        return HttpResponseRedirect(self._url("change", target.pk))

    def _refuse_late(
        self, request: HttpRequest, not_done: str, told: ChangedMeanwhileError, object_id: Any
    ) -> HttpResponse:
        """The same page again, with who changed the record meanwhile and where to look."""
        link = format_html('<a href="{}">変更の記録を見る</a>', self._url("history", object_id))
        messages.error(
            request, format_html("{}{}今の内容を確かめてから、もう一度押してください。{}", not_done, told, link)
        )
        return HttpResponseRedirect(request.get_full_path())

    def _records(self, object_id: str) -> Any:
        """The records of one object, newest first; none for an id that cannot be."""
        number = self._number(object_id)
        history = self.model.history.none() if number is None else self.model.history.filter(id=number)
        return with_related(history.order_by("-history_date", "-history_id"))

    @staticmethod
    def _number(text: str) -> int | None:
        return int(text) if is_key(text) else None

    def _children(self, target: models.Model) -> list[tuple[str, list[Entry]]]:
        return [(title, child_entries(model, parent, target.pk)) for model, parent, title in self.child_history]

    def _url(self, page: str, *args: Any) -> str:
        opts = self.model._meta
        name = f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_{page}"
        return reverse(name, args=[quote(arg) for arg in args])

    def _history_context(self, request: HttpRequest, target: models.Model, live: Any, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": f"{title}：{name_of(target)}",
            "page_title": title,
            "object_name": name_of(target),
            "object_id": target.pk,
            "exists": live is not None,
            "opts": self.model._meta,
            "changelist_url": self._url("changelist"),
            "change_url": self._url("change", target.pk),
            "history_url": self._url("history", target.pk),
        }
