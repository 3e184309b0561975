"""Two people at one draft: the merge screen compares the texts of the draft, as `DraftStep` keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from plan_portal.foundation.admin_draft_pages import DraftPages
from plan_portal.foundation.conflicts import MOST_SAVES, Save, lock
from plan_portal.foundation.drafts.content import fields_of, proposed, values_of, with_values
from plan_portal.foundation.history_entries import NO_ACCOUNT, people
from plan_portal.foundation.models import Draft, DraftedModel, DraftStep

Step = DraftStep.Step


class DraftConflicts(DraftPages):
    """`obj` is what the form shows: the published record, or for a new one the record that its draft would make."""

    merge_button = ("_save", "選んだ内容で下書き保存")

    def late(self, request: HttpRequest, record: DraftedModel | None, draft: Draft | None) -> HttpResponse | None:
        """The merge screen for a form that came too late; None if it may go on."""
        if record is None and draft is None:
            return None
        obj = self._shown(record, draft)
        self.lock(request, obj)
        return self._settle(request, str(obj.pk), obj)

    def fixed(self, request: HttpRequest, record: DraftedModel | None, draft: Draft, title: str) -> HttpResponse:
        """What was typed into a form whose draft may not be written any more, to be copied."""
        obj = self._shown(record, draft)
        sheet = self._sheet(request, obj, request.POST.get("edit_version", ""))
        lost = [item for item in sheet.items if item.mine != item.theirs]
        saves = self.saves_since(request, obj, self.seen_version(request))
        context = {"lost": lost, "saves": saves, "kept": True, "change_url": self.edit_url(draft)}
        return self._answer(request, obj, title, context)

    def edit_version(self, request: HttpRequest, obj: Any) -> int:  # noqa: ARG002
        newest: int | None = self._steps(obj).values_list("pk", flat=True).first()
        return newest or 0

    def values_at(self, request: HttpRequest, obj: Any, version: int) -> Mapping[str, Any] | None:  # noqa: ARG002
        """What the draft said then; where there was none, what was public."""
        then = self._steps(obj).filter(pk__lte=version)
        step = then.first()
        if step is not None and step.step == Step.DISCARDED:
            step = then.filter(step=Step.PUBLISHED).first()
        if step is not None:
            return self._by_name(step.values)
        first = self._steps(obj).last()
        if first is None or obj.pk is None:
            return None
        public = self.model.history.filter(id=obj.pk, history_date__lt=first.at).order_by("-history_id").first()
        return None if public is None else self._by_name(values_of(with_values(self.model(), _columns(public))))

    def current_values(self, request: HttpRequest, obj: Any) -> Mapping[str, Any]:  # noqa: ARG002
        draft = self._draft_of(obj)
        return self._by_name(values_of(obj if draft is None else proposed(draft, obj if obj.pk else None)))

    def saves_since(self, request: HttpRequest, obj: Any, version: int) -> Sequence[Save]:  # noqa: ARG002
        steps = list(self._steps(obj).filter(pk__gt=version)[:MOST_SAVES])
        names = people(step.person_id for step in steps)
        return [
            Save(
                step.person_id,
                names.get(step.person_id, NO_ACCOUNT),
                step.organisation,
                step.at,
            )
            for step in steps
        ]

    def lock(self, request: HttpRequest, obj: Any) -> None:  # noqa: ARG002
        draft = self._draft_of(obj)
        if obj.pk is not None:
            lock(self.model, obj.pk)
        elif draft is not None:
            lock(Draft, draft.pk)

    def _shown(self, record: DraftedModel | None, draft: Draft | None) -> Any:
        shown: Any = record or (proposed(draft) if draft else self.model())
        shown.draft = draft
        return shown

    def _draft_of(self, obj: Any) -> Draft | None:
        """As it is now; a draft of a new record is known by the record that it would make."""
        if obj.pk is not None:
            return Draft.objects.of(obj).first()
        return None if obj.draft is None else Draft.objects.filter(pk=obj.draft.pk).first()

    def _steps(self, obj: Any) -> QuerySet[DraftStep]:
        """Newest first."""
        if obj.pk is None:
            return DraftStep.objects.filter(draft_id=obj.draft.pk).order_by("-pk")
        kind = ContentType.objects.get_for_model(self.model)
        return DraftStep.objects.filter(content_type=kind, object_id=obj.pk).order_by("-pk")

    def _by_name(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """By form field, from the names of columns."""
        return {field.name: values.get(field.attname) for field in fields_of(self.model)}

    def _history_context(self, request: HttpRequest, target: Any, live: Any, title: str) -> dict[str, Any]:
        if target.pk is not None:
            return super()._history_context(request, target, live, title)
        target.pk = 0  # an address needs a number; the pages of a draft have one of their own
        context = super()._history_context(request, target, live, title)
        target.pk = None
        return context | {"change_url": self.edit_url(target.draft), "history_url": self.edit_url(target.draft)}


def _columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row.tracked_fields}
