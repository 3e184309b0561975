"""A line of きょうの仕事, and the words for the time that it has waited."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.timezone import localdate, localtime

MOST = 200  # lines that are looked at; a city has 35 linkages and about 50 texts


class Work(NamedTuple):
    """mine: the person's turn, else somebody else's. since: when the last step was taken. answers: whether somebody else waits."""

    mine: bool
    kind: str
    title: str
    who: str
    note: str
    since: datetime
    url: str
    go: str
    answers: bool = True

    @property
    def when(self) -> str:
        """4月12日（7日前）"""
        return f"{day(self.since)}（{ago(self.since)}）"


def day(moment: datetime) -> str:
    local = localtime(moment)
    year = "" if local.year == localdate().year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日"


def ago(moment: datetime) -> str:
    days = (localdate() - localtime(moment).date()).days
    return "きょう" if days <= 0 else f"{days}日前"
