"""A linkage as one member of staff finds it: what they may read, whose turn it is, which steps they may take now.

The text that 社協 is writing is 社協's: the city reads what was proposed, as it was proposed, and never what was taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from initiatives.models import Initiative
from kizuna.linkage_content import LinkageContent
from kizuna.models import KizunaItem, Linkage, LinkageProposal, LinkageState, LinkageStep, ProposalState, Standing
from plan_portal.foundation.choices import Confirmation
from plan_portal.foundation.history_entries import people
from plan_portal.foundation.organisations import APPROVERS_OF, Organisation, actor
from plan_portal.foundation.text_diff import Piece, compare

CITY, SHAKYO = Organisation.CITY, Organisation.SHAKYO
Step = LinkageStep.Step
MAX_STEPS = 200
# What 社協 does on its own, before the city hears of it.
OWN_STEPS = (Step.STARTED, Step.SAVED)
SHAPES = {
    Step.STARTED: Standing.WRITING,
    Step.SAVED: Standing.WRITING,
    Step.PROPOSED: Standing.WAITING,
    Step.WITHDRAWN: Standing.WRITING,
    Step.RETURNED: Standing.RETURNED,
    Step.AGREED: Standing.AGREED,
    Step.DISCARDED: Standing.NONE,
    Step.END_ASKED: Standing.ENDED,
    Step.END_WITHDRAWN: Standing.AGREED,
    Step.END_REFUSED: Standing.AGREED,
    Step.ENDED: Standing.ENDED,
}


@dataclass(frozen=True, slots=True)
class LogRow:
    step: str
    at: datetime
    organisation: str
    who: str
    word: str
    comment: str

    @property
    def shape(self) -> Standing:
        return SHAPES[Step(self.step)]

    @property
    def organisation_word(self) -> str:
        return str(Organisation(self.organisation).label) if self.organisation else ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the proposal is compared with."""

    words: str
    changes: list[tuple[str, list[Piece]]]


class Desk:
    """`linkage` comes with both goals, the plan and the proposal joined; it is not saved while nothing was ever written."""

    def __init__(self, linkage: Linkage, user: Any) -> None:
        self.linkage = linkage
        self.who = actor(user)
        outsider = self.who.organisation is None and bool(user.is_superuser)
        self.reads_drafts = self.who.organisation is SHAKYO or outsider

    @property
    def proposal(self) -> LinkageProposal | None:
        return getattr(self.linkage, "proposal", None)

    @property
    def standing_of_proposal(self) -> str | None:
        return None if self.proposal is None else self.proposal.state

    @property
    def standing(self) -> Standing:
        return self.linkage.standing

    @property
    def turn(self) -> Organisation | None:
        return self.linkage.turn

    @property
    def mine(self) -> bool:
        return self.who.may_decide_for(self.turn)

    @cached_property
    def version(self) -> int:
        return 0 if self.linkage.pk is None else self.linkage.edit_version

    @property
    def is_public(self) -> bool:
        return self.linkage.state == LinkageState.AGREED

    @cached_property
    def agreed(self) -> LinkageContent | None:
        """What both agreed on last, also when they have ended it."""
        settled = self.linkage.state in (LinkageState.AGREED, LinkageState.ENDED)
        return LinkageContent.of_linkage(self.linkage) if settled else None

    @cached_property
    def proposed(self) -> LinkageContent | None:
        """The proposal, as far as this person may read it."""
        if self.proposal is None:
            return None
        if self.reads_drafts or self.proposal.state == ProposalState.WAITING:
            return LinkageContent.of_proposal(self.proposal)
        sent = self._sent[:1] if self.proposal.state == ProposalState.RETURNED else []
        return LinkageContent.from_json(sent[0].content) if sent and sent[0].step == Step.PROPOSED else None

    @cached_property
    def earlier(self) -> Earlier | None:
        """What changed since the city saw the text last: in the proposal before, or else in what is public."""
        if self.proposed is None:
            return None
        as_sent = not self.reads_drafts or self.standing_of_proposal == ProposalState.WAITING
        before = self._sent[1:2] if as_sent else self._sent[:1]
        if before and before[0].step == Step.PROPOSED:
            words, content = "前の提案から変わったところ", LinkageContent.from_json(before[0].content)
        elif self.agreed is not None and self.is_public:
            words, content = "いま公開している内容から変わるところ", self.agreed
        else:
            return None
        return Earlier(words, [(name, compare(old, new)) for name, old, new in self.proposed.changes_from(content)])

    @cached_property
    def _sent(self) -> list[LinkageStep]:
        """The newest two of what was proposed or settled it."""
        steps = (Step.PROPOSED, Step.AGREED, Step.DISCARDED, Step.ENDED)
        return list(self.linkage.steps.filter(step__in=steps).order_by("-pk")[:2])

    @cached_property
    def offers(self) -> list[str]:
        """The forms that the page has for this person."""
        found: list[str] = []
        asked_by, state = self.linkage.end_asked_by, self.standing_of_proposal
        if asked_by and self.who.may_decide_for(Organisation(asked_by).other):
            found.append("answer_end")
        if asked_by and self.who.may_decide_for(Organisation(asked_by)):
            found.append("withdraw_end")
        if self.who.may_decide_for(SHAKYO) and state is not None:
            found.append("withdraw" if state == ProposalState.WAITING else "write")
        if self.who.may_decide_for(CITY) and state == ProposalState.WAITING and not asked_by:
            found.append("answer")
        if self.is_public and not asked_by and self.who.decides:
            found.append("ask_end")
        return found

    @property
    def may_begin(self) -> bool:
        return self.proposal is None and self.who.may_decide_for(SHAKYO)

    @property
    def name(self) -> str:
        return self.linkage.short_name

    @property
    def only_reads(self) -> str:
        """Who may do what this person may not."""
        if self.who.decides:
            return ""
        organisations = [self.who.organisation] if self.who.organisation else list(Organisation)
        return "と".join(APPROVERS_OF[one] for one in organisations)

    @cached_property
    def log(self) -> list[LogRow]:
        """Newest first. Two queries."""
        if self.linkage.pk is None:
            return []
        steps = self.linkage.steps.order_by("-pk")
        if not self.reads_drafts:
            steps = steps.exclude(step__in=OWN_STEPS)
        rows = list(steps.only("step", "at", "organisation", "person_id", "comment", "linkage_id")[:MAX_STEPS])
        names = people(row.person_id for row in rows)
        return [
            LogRow(
                row.step,
                row.at,
                row.organisation,
                names.get(row.person_id, ""),
                row.get_step_display(),
                row.comment,
            )
            for row in rows
        ]

    @property
    def last(self) -> dict[str, LogRow]:
        """Step → its newest row."""
        return {row.step: row for row in reversed(self.log)}

    @property
    def last_draft_comment(self) -> str:
        """The 伝言 that 社協 wrote with its draft and has not sent yet."""
        newest = next((row for row in self.log if row.step not in (Step.END_ASKED, Step.END_REFUSED)), None)
        return newest.comment if newest is not None and newest.step == Step.SAVED else ""

    @cached_property
    def initiatives(self) -> list[Initiative]:
        return list(self.linkage.goal.initiatives.with_goal().in_plan_order())

    @cached_property
    def items(self) -> list[KizunaItem]:
        return list(self.linkage.kizuna_goal.items.in_plan_order())

    @property
    def unplaced(self) -> str:
        """⑨、⑩: the 基本計画 of this goal whose 所属 nobody has confirmed."""
        return _unplaced(self.items)

    @property
    def unplaced_in_proposal(self) -> str:
        return "" if self.proposed is None else _unplaced([item for _, item in self.proposed.rows()])

    @property
    def pages_of_proposal(self) -> str:
        """1-(2)、1-(3)、⑨: whose public pages will name the linkage."""
        rows = [] if self.proposed is None else self.proposed.rows()
        names = [initiative.label.removeprefix("取組") for initiative, _ in rows] + [item.mark for _, item in rows]
        return "、".join(dict.fromkeys(names))


def _unplaced(items: Iterable[KizunaItem]) -> str:
    return "、".join(dict.fromkeys(item.mark for item in items if item.placement == Confirmation.WAITING))
