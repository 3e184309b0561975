"""The pages around a draft: old and new side by side, the public page with it, throwing it away, taking a record away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from plan_portal.foundation.admin import PlainTextField, PortalAdmin
from plan_portal.foundation.admin_draft_form import name_of_person, notice_of
from plan_portal.foundation.admin_history import SAFE_METHODS
from plan_portal.foundation.drafts import actions, rules
from plan_portal.foundation.drafts.content import differences, proposed, public_record, unchanged
from plan_portal.foundation.drafts.preview import place_in_page, preview
from plan_portal.foundation.drafts.publishing import publish, summary_of
from plan_portal.foundation.drafts.rules import DraftRefused
from plan_portal.foundation.history_entries import name_of
from plan_portal.foundation.models import Draft, DraftedModel, DraftState
from plan_portal.foundation.organisations import actor
from plan_portal.foundation.query_params import is_key

PUBLISHED = "公開しました。市民のページが新しくなりました。"
PUBLISHED_UNSEEN = "公開しました。計画が「現行」になると、市民に見えます。"
REMOVED = "取り下げました。市民のページにあったときは、そこからも消えました。"
SENT_BACK = "差し戻しました。{}の「きょうの仕事」に載りました。"
DISCARDED = "下書きを捨てました。公開中の内容は変わっていません。"
REMOVAL_ASKED = "「{}」の取り下げの承認を依頼しました。ほかの人が承認するまで、公開されたままです。"


class DecisionForm(forms.Form):
    note = forms.CharField(label="更新情報にのせる一言（公開されます）", required=False, max_length=400)
    comment = PlainTextField(
        label="編集者への伝言",
        help_text="差し戻すときは、かならず書いてください。どこを、どう直してほしいか。公開されません。",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
    )


class RemovalForm(forms.Form):
    reason = PlainTextField(
        label="改訂の理由",
        help_text="いつ、どの会議や決裁で決まったか。更新情報に公開されます。",
        error_messages={"required": rules.REASON_MISSING_REMOVAL},
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
    )
    message = PlainTextField(
        label="承認者への伝言",
        help_text="公開されません。",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
    )


class DraftPages(PortalAdmin):
    """Which steps a person may take is the actions' rule; these pages ask them, and tell what they answer."""

    def get_draft(self, draft_id: int) -> Draft:
        kind = ContentType.objects.get_for_model(self.model)
        draft = Draft.objects.filter(pk=draft_id, content_type=kind).first() if is_key(str(draft_id)) else None
        if draft is None:
            raise Http404(rules.GONE)
        return draft

    def edit_url(self, draft: Draft) -> str:
        """Where the draft is written."""
        return self._url("draft", draft.pk) if draft.object_id is None else self._url("change", draft.object_id)

    def draft_links(self, draft: Draft | None) -> dict[str, str]:
        if draft is None:
            return {}
        return {
            "edit_url": self.edit_url(draft),
            "review_url": self._url("draft_review", draft.pk),
            "discard_url": self._url("draft_discard", draft.pk),
            "preview_url": "" if draft.removes else self._preview_url(draft),
        }

    def no_such_record(self, request: HttpRequest, object_id: str) -> HttpResponse:
        django: Any = self
        answer: HttpResponse = django._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return answer

    def seen_version(self, request: HttpRequest) -> int:
        """The version that the page showed; 0 for one that showed none."""
        sent = request.POST.get("edit_version", "")
        return int(sent) if is_key(sent) else 0

    def version_now(self, record: DraftedModel | None, draft: Draft | None) -> int:
        if record is not None:
            return actions.version_of(record)
        return 0 if draft is None else draft.edit_version

    def review_view(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        """Old and new side by side, and for the approver the decision."""
        draft = self.get_draft(draft_id)
        record = public_record(draft)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        form = DecisionForm(request.POST if request.method == "POST" else None, label_suffix="")
        if request.method not in SAFE_METHODS:
            if not actor(request.user).may_decide_for(self.model.OWNER):
                raise PermissionDenied(rules.why_not_decide(request.user, draft))
            if form.is_valid():
                answer = self._decide(request, draft, form)
                if answer is not None:
                    return answer
        new = proposed(draft, record)
        changed = [] if draft.removes else self._differences(draft, record)
        context = {
            "form": form,
            "record": record,
            "changed": changed,
            "unchanged": unchanged(new, changed),
            "default_note": self._default_note(draft, changed),
            "notice": notice_of(draft),
            "asked_by": name_of_person(draft.asked_by_id) if draft.asked_by_id else "",
            "waits": draft.state == DraftState.WAITING,
            "why_not": rules.why_not_decide(request.user, draft),
            "may_edit": self._may_edit(request, draft, record),
        }
        return self._page(request, "review", "下書きの承認", draft, context)

    def preview_view(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        draft = self.get_draft(draft_id)
        if request.method not in SAFE_METHODS or not self.has_view_permission(request, public_record(draft)):
            raise PermissionDenied
        try:
            page = None if draft.removes else preview(request, draft)
            problem = "この記録には、いま市民のページがありません。計画が「現行」になると、できます。"
        except DraftRefused as refusal:
            page, problem = None, " ".join(refusal.messages)
        except Http404:
            page, problem = None, "この下書きでは、市民のページが作れません。"
        return page or self._page(request, "no_preview", "プレビューできません", draft, {"problem": problem})

    def discard_view(self, request: HttpRequest, draft_id: int) -> HttpResponse:
        draft = self.get_draft(draft_id)
        record = public_record(draft)
        if not self._may_edit(request, draft, record):
            raise PermissionDenied
        if request.method not in SAFE_METHODS:
            try:
                actions.discard(user=request.user, draft=draft, edit_version=self.seen_version(request))
            except DraftRefused as refusal:
                messages.error(request, " ".join(refusal.messages))
                return HttpResponseRedirect(self.edit_url(draft))
            messages.success(request, DISCARDED)
            return HttpResponseRedirect(
                self._url("changelist") if record is None else self._url("change", draft.object_id)
            )
        changed = [] if draft.removes else self._differences(draft, record)
        return self._page(request, "discard", "下書きを捨てる", draft, {"changed": changed, "notice": notice_of(draft)})

    def _delete_view(self, request: HttpRequest, object_id: str, _context: dict[str, Any] | None) -> HttpResponse:
        """Nothing is deleted here: the removal is asked for, and somebody else decides."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self.no_such_record(request, object_id)
        if not self.has_delete_permission(request, record):
            raise PermissionDenied
        form = RemovalForm(request.POST if request.method == "POST" else None, label_suffix="")
        if request.method not in SAFE_METHODS and form.is_valid():
            try:
                actions.ask_removal(
                    user=request.user, record=record, edit_version=self.seen_version(request), **form.cleaned_data
                )
                messages.success(request, REMOVAL_ASKED.format(record))
                return HttpResponseRedirect(reverse(f"{self.admin_site.name}:index"))
            except DraftRefused as refusal:
                form.add_error(None, refusal)
        context = {"form": form, "record": record, "name": name_of(record), "back_url": self._url("change", record.pk)}
        context |= {"edit_version": actions.version_of(record), "problem": self._why_not_remove(record)}
        return self._page(request, "removal", "記録を取り下げる", None, context)

    def _why_not_remove(self, record: DraftedModel) -> str:
        """What stands in the way, said before anything is written."""
        if Draft.objects.of(record).filter(removes=False).exists():
            return rules.HAS_DRAFT
        try:
            actions.check_removal(record)
        except DraftRefused as refusal:
            return " ".join(refusal.messages)
        return ""

    def _decide(self, request: HttpRequest, draft: Draft, form: DecisionForm) -> HttpResponse | None:
        version, note, comment = self.seen_version(request), form.cleaned_data["note"], form.cleaned_data["comment"]
        try:
            if "_publish" in request.POST:
                record = publish(user=request.user, draft=draft, note=note, edit_version=version)
                seen = PUBLISHED if record is not None and record.is_public else PUBLISHED_UNSEEN
                messages.success(request, REMOVED if record is None else seen)
            elif "_send_back" in request.POST:
                actions.send_back(user=request.user, draft=draft, comment=comment, edit_version=version)
                messages.success(request, SENT_BACK.format(name_of_person(draft.asked_by_id)))
            else:
                return None
        except DraftRefused as refusal:
            form.add_error(None, refusal)
            return None
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:index"))

    def _may_edit(self, request: HttpRequest, draft: Draft, record: Any) -> bool:
        if draft.object_id is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, record)

    def _differences(self, draft: Draft, record: DraftedModel | None) -> list[Any]:
        return differences(record, proposed(draft, record))

    def _default_note(self, draft: Draft, changed: list[Any]) -> str:
        if draft.reason:
            return f"改訂の理由「{draft.reason}」"
        return f"「{summary_of(changed)}」"

    def _preview_url(self, draft: Draft) -> str:
        try:
            return self._url("draft_preview", draft.pk) + place_in_page(draft)
        except ObjectDoesNotExist:
            return ""

    def _page(
        self, request: HttpRequest, name: str, title: str, draft: Draft | None, context: dict[str, Any]
    ) -> TemplateResponse:
        shared: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "changelist_url": self._url("changelist"),
            "draft": draft,
        }
        if draft is not None:
            shared |= {"name": name_of(proposed(draft)), "back_url": self.edit_url(draft)}
            shared |= {"edit_version": draft.edit_version, **self.draft_links(draft)}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/drafts/{name}.html", {**shared, **context})
