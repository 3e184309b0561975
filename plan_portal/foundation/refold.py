"""Migrating the folded copies after a change of `fold` or of the fields that are searched.

The copies must be what the running `fold` makes of the words that people type, so a migration may import it: there is no old
state worth keeping, and a copy folded again is the same. No history is written: nothing that people wrote changes.
"""

from typing import Any

from django.db.migrations import RunPython

from plan_portal.foundation.search_text import fold_apart

_BATCH = 500


def refold(app: str, fields: dict[str, tuple[str, ...]]) -> RunPython:
    """An operation that writes `search_text` of every row anew, from the named fields of each model of `app`."""

    def write(apps: Any, _schema_editor: Any) -> None:
        for model, names in fields.items():
            _write(apps.get_model(app, model)._base_manager, names)

    return RunPython(write, RunPython.noop, elidable=True)


def _write(manager: Any, names: tuple[str, ...]) -> None:
    last = 0
    while rows := list(manager.filter(pk__gt=last).order_by("pk").only(*names, "search_text")[:_BATCH]):
        for row in rows:
            row.search_text = fold_apart(*(getattr(row, name) for name in names))
        manager.bulk_update(rows, ["search_text"])
        last = rows[-1].pk
