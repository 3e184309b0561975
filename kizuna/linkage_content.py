"""What a linkage says, agreed or not: one value for the linkage, its proposal, the log and the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError

from initiatives.models import Initiative
from kizuna.models import KizunaItem, Linkage, LinkageProposal
from plan_portal.foundation.fiscal_years import label
from plan_portal.foundation.text import listed

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class LinkageContent:
    """since: fiscal year; partners: one a line; pairs: (pk of the 取組, pk of the 基本計画), in the order of the plans."""

    summary: str = ""
    since: int | None = None
    partners: str = ""
    pairs: Pairs = ()

    @classmethod
    def of_linkage(cls, linkage: Linkage) -> Self:
        """What both organisations agreed on last. One query."""
        pairs = linkage.pairs.in_plan_order().values_list("initiative_id", "item_id")
        return cls(linkage.summary, linkage.since, linkage.partners, tuple(pairs))

    @classmethod
    def of_proposal(cls, proposal: LinkageProposal) -> Self:
        return cls(proposal.summary, proposal.since, proposal.partners, _pairs(proposal.pairs))

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """From the log of steps."""
        return cls(content["summary"], content["since"], content["partners"], _pairs(content["pairs"]))

    def as_json(self) -> dict[str, Any]:
        return {
            "summary": self.summary,
            "since": self.since,
            "partners": self.partners,
            "pairs": [list(pair) for pair in self.pairs],
        }

    def rows(self) -> list[tuple[Initiative, KizunaItem]]:
        """The records of the pairs, in the order of the plans; those that are gone are left out. Two queries."""
        initiatives = Initiative.objects.with_goal().in_bulk({pair[0] for pair in self.pairs})
        items = KizunaItem.objects.in_bulk({pair[1] for pair in self.pairs})
        found = [(initiatives[a], items[b]) for a, b in self.pairs if a in initiatives and b in items]
        return sorted(found, key=lambda row: (row[0].goal.number, row[0].number, row[1].number))

    def texts(self) -> list[tuple[str, str]]:
        """Name and value of each field, as people read them."""
        pairs = "\n".join(
            f"{initiative.label.removeprefix('取組')} {initiative.title} と {item}" for initiative, item in self.rows()
        )
        return [
            ("一緒に行うこと", self.summary),
            ("取組と基本計画の組", pairs),
            ("ほかに一緒に行う人たち", listed(self.partners)),
            ("始まる年度", "" if self.since is None else label(self.since)),
        ]

    def changes_from(self, before: LinkageContent) -> list[tuple[str, str, str]]:
        """(field, before, after) of the fields that differ."""
        both = zip(before.texts(), self.texts(), strict=True)
        return [(name, old, new) for (name, old), (_, new) in both if old != new]

    def check_complete(self, linkage: Linkage) -> None:
        """Raises ValidationError, by field, for what the city cannot agree to."""
        errors = {}
        if not self.summary.strip():
            errors["summary"] = "「一緒に行うこと」が空です。1文でよいので書いてください。"
        if self.since is None:
            errors["since"] = "「始まる年度」が空です。「令和9」「R9」「2027」のように書いてください。"
        if not self.pairs:
            errors["pairs"] = "組が1つも選ばれていません。当てはまる組に印を付けてください。"
        elif self.misfits(linkage):
            errors["pairs"] = "この2つの基本目標のものでない組があります。組を選び直してください。"
        if errors:
            raise ValidationError(errors)

    def misfits(self, linkage: Linkage) -> bool:
        """Whether a pair is not of the linkage's two goals, or stands twice."""
        initiatives = set(linkage.goal.initiatives.order_by().values_list("pk", flat=True))
        items = set(linkage.kizuna_goal.items.order_by().values_list("pk", flat=True))
        foreign = any(a not in initiatives or b not in items for a, b in self.pairs)
        return foreign or len(set(self.pairs)) < len(self.pairs)


def _pairs(rows: list[list[int]]) -> Pairs:
    return tuple((int(initiative), int(item)) for initiative, item in rows)
