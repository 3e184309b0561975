"""The history of a record: who changed what, when, for which organisation. Append-only."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from simple_history.models import HistoricalRecords

from plan_portal.foundation.append_only import HistoryModel
from plan_portal.foundation.organisations import actor


def _history_user(historical_instance: Any, **_: Any) -> Any:
    user_id = historical_instance.history_user_id
    return None if user_id is None else get_user_model()._default_manager.filter(pk=user_id).first()


def _set_history_user(historical_instance: Any, user: Any) -> None:
    historical_instance.history_user_id = None if user is None else user.pk
    if user is not None and user.pk is not None:
        historical_instance.history_organisation = actor(user).organisation or ""


class ContentRecords(HistoricalRecords):  # type: ignore[misc]  # untyped library
    """Leaves out only fields that the model has: simple-history's `.instance` fails on the name of any other."""

    excluded_fields: list[str]

    def finalize(self, sender: Any, **kwargs: Any) -> None:
        if sender is self.cls:
            named = {field.name for field in sender._meta.fields}
            self.excluded_fields = [name for name in self.excluded_fields if name in named]
        super().finalize(sender, **kwargs)


def content_history(*left_out: str) -> HistoricalRecords:
    """History for a content model, without the fields `left_out`.

    The user is kept as a bare id: a foreign key would rewrite history on deletion.
    """
    return ContentRecords(
        bases=[HistoryModel],
        history_user_id_field=models.IntegerField(null=True, blank=True),
        history_user_getter=_history_user,
        history_user_setter=_set_history_user,
        excluded_fields=["search_text", *left_out],
        history_change_reason_field=models.TextField(null=True, blank=True),
    )
