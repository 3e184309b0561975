"""Records whose text citizens read, in the admin: what staff save is a draft, and never the record itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from plan_portal.foundation.admin_draft_conflicts import DraftConflicts
from plan_portal.foundation.admin_draft_form import TO_THE_APPROVER, DraftForm, notice_of
from plan_portal.foundation.admin_history import moment
from plan_portal.foundation.drafts import actions, rules
from plan_portal.foundation.drafts.content import proposed, with_values
from plan_portal.foundation.drafts.rules import DraftRefused
from plan_portal.foundation.history_entries import name_of
from plan_portal.foundation.models import Draft, DraftState

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

SAVED = "「{}」の下書きを保存しました。{}"
ASKED = "「{}」の承認を依頼しました。公開されるのは、承認者が「公開する」を押してからです。"
TAKEN_BACK = "依頼を取り下げました。続きを直せます。"
MOST_NEW = 50
TEXTS = ("reason", "message")
REVERTED = "「{}」の、{} の内容を下書きにしました。公開中の内容は変わっていません。"


class DraftAdmin(DraftConflicts):
    form = DraftForm
    change_form_template = "admin/drafts/change_form.html"
    change_list_template = "admin/drafts/change_list.html"
    object_history_form_template = "admin/drafts/history_form.html"

    def get_urls(self) -> list[Any]:
        info = self.opts.app_label, self.opts.model_name
        pages = {"": self.draft_view, "review/": self.review_view, "preview/": self.preview_view}
        pages["discard/"] = self.discard_view
        mine = [
            path(
                f"drafts/<int:draft_id>/{page}",
                self.admin_site.admin_view(view),
                name="_".join(("{}_{}_draft".format(*info), *filter(None, [page.rstrip("/")]))),
            )
            for page, view in pages.items()
        ]
        # Before Django's own: <path:object_id>/ would take them.
        return [*mine, *super().get_urls()]

    def is_public(self, obj: Any) -> bool:
        return bool(obj.is_public)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fieldsets(request, obj), TO_THE_APPROVER]

    # The form

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, _form_url: str, _context: dict[str, Any] | None
    ) -> HttpResponse:
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return self._edit(request, None, None)
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self.no_such_record(request, object_id)
        return self._edit(request, record, Draft.objects.of(record).first())

    def draft_view(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """The form of a record that is not published yet."""
        with transaction.atomic(using=router.db_for_write(self.model)):
            draft = self.get_draft(draft_id)
            if draft.object_id is not None:
                return HttpResponseRedirect(self._url("change", draft.object_id))
            return self._edit(request, None, draft)

    def _edit(self, request: HttpRequest, record: Any, draft: Draft | None) -> HttpResponse:
        may_write = self.has_add_permission(request) if record is None else self.has_change_permission(request, record)
        if not may_write and (request.method == "POST" or not self.has_view_permission(request, record)):
            raise PermissionDenied
        if request.method == "POST" and draft is not None and "_take_back" in request.POST:
            return self._take_back(request, draft)
        is_fixed = draft is not None and (draft.state == DraftState.WAITING or draft.removes)
        if request.method == "POST" and draft is not None and is_fixed:
            return self.fixed(request, record, draft, rules.IS_REMOVAL if draft.removes else rules.IS_WAITING)
        if request.method == "POST" and (page := self.late(request, record, draft)) is not None:
            return page
        form = self._draft_form(request, record, draft)
        if request.method == "POST" and form.is_valid():
            answer = self._save_draft(request, form, record, draft)
            if answer is not None:
                return answer
        return self._show(request, form, record, draft, may_write, may_write and not is_fixed)

    def _draft_form(self, request: HttpRequest, record: Any, draft: Draft | None) -> DraftForm:
        instance = with_values(record or self.model(), {}) if draft is None else proposed(draft, record)
        form_class: Any = self.get_form(request, record, change=record is not None)
        initial: dict[str, Any] = {"reason": draft.reason, "message": draft.message} if draft else {}
        if draft is None and record is None:
            initial = dict(self.get_changeform_initial_data(request))
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form: DraftForm = form_class(*sent, instance=instance, initial=initial)
        return form

    def _save_draft(
        self, request: HttpRequest, form: DraftForm, record: Any, draft: Draft | None
    ) -> HttpResponse | None:
        """The way on; None, with the reason in the form, if it was refused."""
        asks = "_ask" in request.POST
        try:
            with transaction.atomic():
                saved = actions.save_draft(
                    user=request.user,
                    target=record or self.model,
                    draft=draft,
                    values=form.written(),
                    reason=form.cleaned_data["reason"],
                    message=form.cleaned_data["message"],
                    edit_version=self.seen_version(request),
                )
                if asks:
                    actions.ask_approval(user=request.user, draft=saved, edit_version=saved.edit_version)
        except DraftRefused as refusal:
            form.add_error(None, refusal)
            return None
        name = name_of(proposed(saved, record))
        if asks:
            messages.success(request, ASKED.format(name))
            return HttpResponseRedirect(reverse(f"{self.admin_site.name}:index"))
        unseen = "公開中の内容は変わっていません。" if record else "まだ公開されていません。"
        messages.success(request, SAVED.format(name, unseen))
        return HttpResponseRedirect(self.edit_url(saved))

    def _take_back(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        try:
            actions.take_back(user=request.user, draft=draft, edit_version=self.seen_version(request))
            messages.success(request, TAKEN_BACK)
        except DraftRefused as refusal:
            messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(self.edit_url(draft))

    def _show(
        self,
        request: HttpRequest,
        form: DraftForm,
        record: Any,
        draft: Draft | None,
        may_write: bool,
        is_open: bool,
    ) -> HttpResponse:
        fieldsets = self.get_fieldsets(request, record)
        if is_open and record is not None:
            form.mark_changes(record)
        if not is_open:
            fieldsets = fieldsets[:-1]
        read_only = [] if is_open else flatten_fieldsets(fieldsets)
        admin_form = AdminForm(form, list(fieldsets), {}, read_only, model_admin=self)
        verb = "新しく書く" if record is None and draft is None else "直す" if is_open else "見る"
        context = {
            **self.admin_site.each_context(request),
            "title": f"{self.opts.verbose_name}を{verb}",
            "subtitle": name_of(record) if record else None if draft is None else name_of(proposed(draft)),
            "adminform": admin_form,
            "original": record,
            "object_id": getattr(record, "pk", None),
            "inline_admin_formsets": [],
            "media": self.media + form.media,
            "preserved_filters": self.get_preserved_filters(request),
            "draft": draft,
            "notice": None if draft is None else notice_of(draft),
            "is_open": is_open,
            "may_write": may_write,
            "changelist_url": self._url("changelist"),
            "delete_url": "" if record is None else self._url("delete", record.pk),
            "edit_version": self.version_now(record, draft),
            **self.draft_links(draft),
        }
        return self.render_change_form(request, context, add=record is None, change=record is not None, obj=record)

    # The list

    def get_list_display(self, request: HttpRequest) -> Any:
        names = list(super().get_list_display(request))
        return [*names[:2], "draft_mark", *names[2:]]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With the draft of each record on the page: one query."""
        changelist: Any = super().get_changelist_instance(request)
        records = list(changelist.result_list)
        drafts = Draft.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), object_id__in=[record.pk for record in records]
        )
        found = {draft.object_id: draft for draft in drafts}
        for record in records:
            record.draft = found.get(record.pk)
        changelist.result_list = records
        return changelist  # type: ignore[no-any-return]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        new = [
            (name_of(proposed(draft)), draft, state_mark(draft), self.draft_links(draft))
            for draft in Draft.objects.of_new(self.model).in_order()[:MOST_NEW]
        ]
        return super().changelist_view(request, {"new_drafts": new, **(extra_context or {})})

    @admin.display(description="下書き", empty_value="")
    def draft_mark(self, obj: Any) -> str | SafeString:
        draft = getattr(obj, "draft", None)
        if draft is None:
            return ""
        page = self._url("draft_review", draft.pk) if draft.state == DraftState.WAITING else self.edit_url(draft)
        return format_html('<a href="{}">{}</a>', page, state_mark(draft))

    # The history

    def _revert(self, request: HttpRequest, record: Any, live: Any) -> HttpResponse:
        """An earlier version becomes a draft, as whatever is published needs an approval."""
        names = [name for name in self.get_form(request, live, change=True).base_fields if name not in TEXTS]
        fields = [self.model._meta.get_field(name) for name in names]
        values = {field.attname: getattr(record, field.attname) for field in fields}
        try:
            if live is not None and Draft.objects.of(live).exists():
                raise DraftRefused(rules.HAS_DRAFT)
            actions.check(with_values(self.model() if live is None else live, values))
            draft = actions.save_draft(
                user=request.user,
                target=self.model if live is None else live,
                values=values,
                edit_version=0 if live is None else actions.version_of(live),
            )
        except DraftRefused as refusal:
            messages.error(request, f"この内容には戻せません。{' '.join(refusal.messages)}")
            return HttpResponseRedirect(request.path)
        messages.success(request, REVERTED.format(name_of(proposed(draft, live)), moment(record)))
        return HttpResponseRedirect(self.edit_url(draft))


def state_mark(draft: Draft) -> SafeString:
    """The state as a word with a shape."""
    words = f"取り下げ：{draft.get_state_display()}" if draft.removes else draft.get_state_display()
    return format_html('<span class="st-draft st-draft-{}">{}</span>', draft.state, words)
