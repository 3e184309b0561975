"""Nobody's work is lost in the admin: whoever saves too late is told, sees both texts, and merges.

A form of an existing record carries the version that the person saw (`edit_version`: the number of the record, then one for each
inline). When it is sent, the record is locked and the versions compared; a form without one has seen nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from plan_portal.foundation import conflicts
from plan_portal.foundation.admin_history import HistoryAdmin
from plan_portal.foundation.conflicts import Save, Verdict
from plan_portal.foundation.history_entries import name_of
from plan_portal.foundation.merging import Item, Sheet
from plan_portal.foundation.query_params import is_key
from plan_portal.foundation.text_diff import Piece

CONFLICT = 409  # nothing was saved: not to be mistaken for a page that was
MOST_NUMBERS = 20
UNCHOSEN = "どれにするかを選んでください。"


@dataclass(frozen=True)
class Choice:
    """A field that both changed, as the screen asks about it."""

    item: Item
    number: int
    chosen: str
    widget: SafeString
    error: str

    @property
    def base(self) -> str:
        return "（分かりません）" if self.item.base is None else self.item.shown(self.item.base)

    @property
    def theirs(self) -> list[Piece]:
        return self.item.marked(self.item.theirs)

    @property
    def mine(self) -> list[Piece]:
        return self.item.marked(self.item.mine)


class ConflictAdmin(HistoryAdmin):
    """What a form edits is told by five methods: here the row of `obj` and its history."""

    conflict_template = "admin/conflict.html"
    # Name and words of the button that saves what was merged.
    merge_button = ("_save", "選んだ内容で保存")

    def edit_version(self, request: HttpRequest, obj: Any) -> int:  # noqa: ARG002
        """Grows with every change of what the form edits."""
        return conflicts.edit_version(obj)

    def values_at(self, request: HttpRequest, obj: Any, version: int) -> Mapping[str, Any] | None:  # noqa: ARG002
        """What the form showed in that version, by form field; None if there never was such a version."""
        return conflicts.values_at(obj, version)

    def current_values(self, request: HttpRequest, obj: Any) -> Mapping[str, Any]:  # noqa: ARG002
        """The same for now. Fields that are not in it are not compared."""
        return conflicts.values_of(obj, type(obj))

    def saves_since(self, request: HttpRequest, obj: Any, version: int) -> Sequence[Save]:  # noqa: ARG002
        """Newest first."""
        return conflicts.saves_since(obj, version)

    def lock(self, request: HttpRequest, obj: Any) -> None:  # noqa: ARG002
        """Hold what the form edits until the transaction ends."""
        conflicts.lock(type(obj), obj.pk)

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        context = dict(extra_context or {})
        if object_id is not None:
            obj = self._held(request, object_id)
            if request.method == "POST" and self.has_change_permission(request, obj):
                page = self._settle(request, unquote(object_id), obj)
                if page is not None:
                    return page
            # Told before the form reads the record: a save in between is then a conflict, never a loss.
            context["edit_version"] = "" if obj is None else self._seen_now(request, obj)
        return super()._changeform_view(request, object_id, form_url, context)  # type: ignore[misc,no-any-return]

    def _delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None) -> HttpResponse:
        context = dict(extra_context or {})
        obj = self._held(request, object_id)
        if obj is not None:
            context["edit_version"] = now = self._seen_now(request, obj)
            seen = request.POST.get("edit_version", "")
            if request.POST and seen != now and self.has_delete_permission(request, obj):
                told = conflicts.ChangedMeanwhileError(self.saves_since(request, obj, _numbers(seen)[0]))
                return self._refuse_late(request, "消していません。", told, obj.pk)
        return super()._delete_view(request, object_id, context)  # type: ignore[misc,no-any-return]

    def _held(self, request: HttpRequest, object_id: str) -> Any:
        """The record; for a POST it is locked, and read once it is."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None or request.method != "POST":
            return obj
        self.lock(request, obj)
        return self.get_object(request, unquote(object_id))

    def _seen_now(self, request: HttpRequest, obj: Any) -> str:
        rows = (
            conflicts.rows_version(inline.model, self._parent_column(inline), obj.pk)
            for inline in self.get_inline_instances(request, obj)
        )
        return ".".join(map(str, (self.edit_version(request, obj), *rows)))

    def _parent_column(self, inline: Any) -> str:
        return str(_get_foreign_key(self.model, inline.model, fk_name=inline.fk_name).attname)

    def _settle(self, request: HttpRequest, object_id: str, obj: Any) -> HttpResponse | None:
        """The screen for a form that came too late; None if it may be saved, with what was chosen put into request.POST."""
        if obj is None:
            last = self._records(object_id).first()
            return None if last is None else self._show_lost(request, last)
        unchosen = self._take_choices(request, obj)
        seen, now = request.POST.get("merge_base" if unchosen else "edit_version", ""), self._seen_now(request, obj)
        if seen == now:
            return None
        sheet = self._sheet(request, obj, seen)
        if not sheet.would_undo:
            return None
        choices = [
            self._choice(request, item, number, unchosen) for number, item in enumerate(sheet.of(Verdict.BOTH), start=1)
        ]
        saves = self.saves_since(request, obj, _numbers(seen)[0])
        return self._answer(
            request,
            obj,
            f"ほかの人も同じ{self.opts.verbose_name}を直しました",
            {
                "lost": None,
                "sheet": sheet,
                "choices": choices,
                "errors": [choice for choice in choices if choice.error],
                "saves": saves,
                "others": "、".join(dict.fromkeys(save.person for save in saves)) or "相手",
                "edit_version": now,
                "merge_base": seen,
                "merge_button": self.merge_button,
            },
        )

    def _take_choices(self, request: HttpRequest, obj: Any) -> list[str]:
        """Put what was chosen into request.POST. The names of the fields that wait for a choice: then nothing is put."""
        sent: Any = request.POST
        names = sent.getlist("choose")
        if not names:
            return []
        answers: QueryDict = sent.copy()
        # The version that the screen showed as the other's: what is there now may be newer.
        theirs = {item.name: item.base for item in self._sheet(request, obj, sent.get("edit_version", "")).items}
        unchosen = []
        for name in names:
            choice, other = sent.get(f"choice-{name}"), theirs.get(name)
            if choice == "theirs" and other is not None:
                answers[name] = other
            elif choice == "merged":
                answers.setlist(name, sent.getlist(f"merged-{name}"))
            elif choice != "mine":
                unchosen.append(name)
        if not unchosen:
            request.POST = answers  # type: ignore[assignment]
        return unchosen

    def _sheet(self, request: HttpRequest, obj: Any, seen: str, *, live: bool = True) -> Sheet:
        version, *versions = _numbers(seen)
        form_class = self.get_form(
            request, obj, change=True, fields=flatten_fieldsets(self.get_fieldsets(request, obj))
        )
        form: Any = form_class(request.POST, request.FILES, instance=obj)
        sheet = Sheet()
        sheet.add_form(form, self.values_at(request, obj, version), self.current_values(request, obj))
        formsets, inlines = self._create_formsets(request, obj, change=True)  # type: ignore[attr-defined]
        for formset, inline, number in zip(formsets, inlines, (*versions, *[0] * len(formsets)), strict=False):
            if inline.has_change_permission(request, obj):
                base = conflicts.rows_at(inline.model, self._parent_column(inline), obj.pk, number)
                sheet.add_formset(formset, base, live=live)
        return sheet

    @staticmethod
    def _choice(request: HttpRequest, item: Item, number: int, unchosen: Sequence[str]) -> Choice:
        """Asked again because something was left out, the screen keeps what was chosen and written."""
        chosen = request.POST.get(f"choice-{item.name}", "") if unchosen else ""
        text = request.POST.get(f"merged-{item.name}", item.mine) if unchosen else item.mine
        widget: Any = item.field.widget
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.widget.choices = widget.choices
            widget = widget.widget
        drawn = widget.render(f"merged-{item.name}", text, {"id": f"merged-{number}"})
        return Choice(item, number, chosen, drawn, UNCHOSEN if item.name in unchosen else "")

    def _show_lost(self, request: HttpRequest, last: Any) -> HttpResponse:
        """The record was deleted meanwhile: what was typed is shown, to be copied."""
        sheet = self._sheet(request, last.instance, request.POST.get("edit_version", ""), live=False)
        lost = [item for item in sheet.items if item.mine] + sheet.gone
        saves = conflicts.saves_since(last.instance, 0)
        title = f"「{name_of(last.instance)}」は、ほかの人が消しました"
        return self._answer(request, last.instance, title, {"lost": lost, "files": sheet.files, "saves": saves})

    def _answer(self, request: HttpRequest, obj: Any, title: str, context: dict[str, Any]) -> HttpResponse:
        shared = self._history_context(request, obj, obj, title) | {"title": title, "original": obj}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.conflict_template, shared | context, status=CONFLICT)


def _numbers(seen: str) -> list[int]:
    """At least one; 0 for what cannot be read."""
    return [int(part) if is_key(part) else 0 for part in seen.split(".")[:MOST_NUMBERS]]
