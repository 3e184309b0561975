"""Tells citizens of a published change, in 更新情報."""

from __future__ import annotations

from collections.abc import Sequence

from plan_portal.foundation.models import PublishedChange


def announce(
    *,
    by: PublishedChange.By,
    title: str,
    summary: str,
    url: str = "",
    note: str = "",
    changes: Sequence[tuple[str, str, str]] = (),
) -> PublishedChange:
    """Record what was published just now; call it in the same transaction.

    changes: (name of the field, text before, text after). Nothing given here may name a member of staff.
    """
    rows = [{"field": field, "before": before, "after": after} for field, before, after in changes]
    return PublishedChange.objects.create(
        by=by, title=title[:400], summary=summary[:400], url=url, note=note, changes=rows
    )
