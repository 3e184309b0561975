"""きょうの仕事: what waits for the person at the screen, whose answer they wait for, what changed lately."""

from __future__ import annotations

from typing import Any, NamedTuple

from plan_portal.foundation.organisations import actor
from plan_portal.todays_work.drafts import draft_work
from plan_portal.todays_work.linkages import linkage_work
from plan_portal.todays_work.recent import RecentChange, recent_changes
from plan_portal.todays_work.work import Work

__all__ = ["RecentChange", "TodaysWork", "Work", "recent_changes", "todays_work"]


class TodaysWork(NamedTuple):
    """Both lists with what waits longest first."""

    mine: list[Work]
    theirs: list[Work]


def todays_work(user: Any) -> TodaysWork:
    """Eight queries at most, however much there is to do; nothing for those who act for no organisation."""
    who = actor(user)
    if who.organisation is None:
        return TodaysWork([], [])
    found = sorted((*linkage_work(who), *draft_work(who)), key=lambda work: (work.since, work.title))
    return TodaysWork([work for work in found if work.mine], [work for work in found if not work.mine])
