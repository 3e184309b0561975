"""Tells citizens, in 更新情報, what staff change in the admin without a draft: saved, deleted, or brought back from the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse

from plan_portal.foundation.admin import PortalAdmin
from plan_portal.foundation.announcements import announce
from plan_portal.foundation.history_entries import EMPTY, value_of
from plan_portal.foundation.models import PublishedChange


@dataclass(frozen=True)
class Seen:
    """What citizens see of a record: nothing, while it is not public. values: field by its Japanese name."""

    title: str = ""
    url: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


NOTHING = Seen()


def announce_saved(*, by: PublishedChange.By, before: Seen, after: Seen) -> None:
    """Tell of what citizens see differently now; nothing where they see the same."""
    names = [*after.values, *(name for name in before.values if name not in after.values)]
    pairs = [(name, before.values.get(name, ""), after.values.get(name, "")) for name in names]
    changes = [(name, old, new) for name, old, new in pairs if old != new]
    if before == NOTHING and after != NOTHING:
        summary = "公開しました。"
    elif before != NOTHING and after == NOTHING:
        summary = "公開をやめました。"
    elif changes:
        summary = f"{'、'.join(name for name, _, _ in changes)}を変えました。"
    else:
        return
    announce(by=by, title=after.title or before.title, summary=summary, url=after.url, changes=changes)


class AnnouncedAdmin(PortalAdmin):
    """For models without drafts: each change of what is_public() is told once, in the transaction that makes it."""

    announced_by = PublishedChange.By.CITY
    # Fields that no page shows.
    unseen: tuple[str, ...] = ()

    def seen(self, key: Any) -> Seen:
        """What citizens see of the record that is stored under `key`. Asks the database."""
        obj = self.model._base_manager.select_related(*self.joined).filter(pk=key).first()
        if obj is None or not self.is_public(obj):
            return NOTHING
        return Seen(self._title(obj), obj.get_absolute_url(), self.values_of(obj))

    def values_of(self, obj: Any) -> dict[str, str]:
        """What may be told of a record, as a person writes it."""
        shown = [
            one
            for one in obj._meta.concrete_fields
            if one.editable and not one.primary_key and one.name not in self.unseen
        ]
        values = {str(one.verbose_name): value_of(obj, one) for one in shown}
        return {name: "" if value == EMPTY else value for name, value in values.items()}

    def _title(self, obj: Any) -> str:
        kind, name = str(self.opts.verbose_name), str(obj)
        title = name if kind in name else f"{kind}：{name}"
        return f"{title}（見本）" if getattr(obj, "is_sample", False) and "見本" not in title else title

    def _tell(self, before: Seen, key: Any) -> None:
        announce_saved(by=self.announced_by, before=before, after=self.seen(key))

    def save_form(self, request: HttpRequest, form: Any, change: Any) -> Any:
        form.seen_before = self.seen(form.instance.pk)
        return super().save_form(request, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        self._tell(form.seen_before, form.instance.pk)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        key = obj.pk
        before = self.seen(key)
        super().delete_model(request, obj)
        self._tell(before, key)

    def _revert(self, request: HttpRequest, record: Any, live: Any) -> HttpResponse:
        before = self.seen(record.instance.pk)
        response = super()._revert(request, record, live)
        self._tell(before, record.instance.pk)
        return response
