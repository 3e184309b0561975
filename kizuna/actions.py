"""The steps of the two organisations towards a linkage, and back: the only way to change a linkage or its proposal.

社協 writes and proposes, the city agrees or sends back; either asks to end what is agreed, the other answers. Each step is atomic,
holds the linkage's row, and is logged. `version` is the `Linkage.edit_version` that the person saw. Only `place_sample` needs nobody.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from goals.models import BasicGoal
from kizuna.announcing import announce_agreed, announce_ended
from kizuna.linkage_content import LinkageContent
from kizuna.models import (
    KizunaGoal,
    Linkage,
    LinkagePair,
    LinkageProposal,
    LinkageState,
    LinkageStep,
    ProposalState,
    Standing,
)
from plan_portal.foundation.models import SAMPLE_NOT_NAMED, SAMPLE_WORD
from plan_portal.foundation.organisations import APPROVERS_OF, Actor, Organisation, actor

CITY, SHAKYO = Organisation.CITY, Organisation.SHAKYO
Step = LinkageStep.Step
Steps = tuple[LinkageStep.Step, ...]
WRITES = (Step.STARTED, Step.SAVED, Step.PROPOSED)
WRITABLE = (ProposalState.WRITING, ProposalState.RETURNED)
STALE = "見ているあいだに、この連携が変わりました。まだ何もしていません。新しい内容を確かめてください。"
TAKEN = "この組み合わせの連携はもうあります。"
SAMPLE_REASON = "見本の読み込み"
SAME_PERSON = "同じ人が、市と社協の両方の立場で決めることはできません。ほかの人に頼んでください。"


class StepRefusedError(ValidationError):
    """The step cannot be taken, and nothing was changed; says why in Japanese."""


class StaleStepError(StepRefusedError):
    """Somebody took another step meanwhile."""


@transaction.atomic
def start(*, user: Any, goal: BasicGoal, kizuna_goal: KizunaGoal) -> Linkage:
    """社協 begins to write: a new linkage, or another text for one that is agreed or ended."""
    who = _deciding(user, SHAKYO)
    linkage = _linkage_of(goal, kizuna_goal)
    if hasattr(linkage, "proposal"):
        raise StepRefusedError(TAKEN)
    if linkage.state == LinkageState.PROPOSED:
        linkage.is_sample = False
        _save(linkage, user, "社協が書き始めた")
    content = LinkageContent.of_linkage(linkage)
    _write(LinkageProposal(linkage=linkage), content, user)
    _log(linkage, Step.STARTED, who, content=content)
    return linkage


@transaction.atomic
def save_proposal(*, user: Any, linkage: Linkage, content: LinkageContent, version: int, comment: str = "") -> None:
    """社協 keeps what it has written so far; it need not be complete. The comment is its own until it proposes."""
    who, linkage = _deciding(user, SHAKYO), _held(linkage, version)
    _write(_proposal_in(linkage, *WRITABLE), content, user)
    _log(linkage, Step.SAVED, who, comment, content)


@transaction.atomic
def propose(*, user: Any, linkage: Linkage, content: LinkageContent, version: int, comment: str = "") -> None:
    """社協 sends the proposal to the city. Raises ValidationError, by field, while it is not complete."""
    who, linkage = _deciding(user, SHAKYO), _held(linkage, version)
    proposal = _proposal_in(linkage, *WRITABLE)
    content.check_complete(linkage)
    if linkage.state == LinkageState.AGREED and not content.changes_from(LinkageContent.of_linkage(linkage)):
        raise StepRefusedError("合意した内容と同じです。変えるところを書いてから、市へ提案してください。")
    proposal.state = ProposalState.WAITING
    _write(proposal, content, user)
    _log(linkage, Step.PROPOSED, who, comment, content)


@transaction.atomic
def withdraw(*, user: Any, linkage: Linkage, version: int, comment: str = "") -> None:
    """社協 takes a proposal back to go on writing."""
    who, linkage = _deciding(user, SHAKYO), _held(linkage, version)
    _move(_proposal_in(linkage, ProposalState.WAITING), ProposalState.WRITING)
    _log(linkage, Step.WITHDRAWN, who, comment)


@transaction.atomic
def discard(*, user: Any, linkage: Linkage, version: int) -> None:
    """社協 gives the proposal up; what is agreed stays as it is."""
    who, linkage = _deciding(user, SHAKYO), _held(linkage, version)
    proposal = _proposal_in(linkage, *WRITABLE)
    content = LinkageContent.of_proposal(proposal)
    proposal.delete()
    _log(linkage, Step.DISCARDED, who, content=content)


@transaction.atomic
def send_back(*, user: Any, linkage: Linkage, comment: str, version: int) -> None:
    """The city asks 社協 to mend the proposal."""
    who, linkage = _deciding(user, CITY), _held(linkage, version)
    proposal = _proposal_in(linkage, ProposalState.WAITING)
    _require(comment, "差し戻すときは、どこを、どう直してほしいかを書いてください。")
    _move(proposal, ProposalState.RETURNED)
    _log(linkage, Step.RETURNED, who, comment)


@transaction.atomic
def agree(*, user: Any, linkage: Linkage, version: int, comment: str = "") -> None:
    """The city agrees: the proposal becomes what citizens read."""
    who, linkage = _deciding(user, CITY), _held(linkage, version)
    proposal = _proposal_in(linkage, ProposalState.WAITING)
    if linkage.end_asked_by:
        raise StepRefusedError("先に、解消の申し出に返事をしてください。")
    _not_alone(who, linkage, WRITES, until=(Step.AGREED, Step.DISCARDED))
    content = LinkageContent.of_proposal(proposal)
    content.check_complete(linkage)
    before = LinkageContent.of_linkage(linkage) if linkage.state == LinkageState.AGREED else None
    linkage.is_sample = linkage.is_sample and SAMPLE_WORD in content.summary
    _publish(linkage, content, localdate(), user, "市と社協が合意した")
    proposal.delete()
    _log(linkage, Step.AGREED, who, comment, content)
    announce_agreed(linkage, content, before)


@transaction.atomic
def ask_end(*, user: Any, linkage: Linkage, comment: str, version: int) -> None:
    """Either side asks to end an agreed linkage; it stays public until the other agrees."""
    who, linkage = _deciding(user), _held(linkage, version)
    if linkage.state != LinkageState.AGREED or linkage.end_asked_by:
        raise StepRefusedError("解消を申し出られるのは、合意済で、まだ申し出のない連携だけです。")
    _require(comment, "解消を申し出る理由を書いてください。")
    linkage.end_asked_by = who.organisation or ""
    _save(linkage, user, "解消を申し出た")
    _log(linkage, Step.END_ASKED, who, comment)


@transaction.atomic
def withdraw_end(*, user: Any, linkage: Linkage, version: int, comment: str = "") -> None:
    """Who asked to end the linkage thinks otherwise."""
    who, linkage = _deciding(user), _held(linkage, version)
    if not linkage.end_asked_by or linkage.end_asked_by != who.organisation:
        raise StepRefusedError("取り下げられるのは、自分の側が出した解消の申し出だけです。")
    linkage.end_asked_by = ""
    _save(linkage, user, "解消の申し出を取り下げた")
    _log(linkage, Step.END_WITHDRAWN, who, comment)


@transaction.atomic
def refuse_end(*, user: Any, linkage: Linkage, comment: str, version: int) -> None:
    """The other side wants the linkage to go on."""
    who, linkage = _answering(user, linkage, version)
    _require(comment, "断るときは、続けてほしい理由を書いてください。")
    linkage.end_asked_by = ""
    _save(linkage, user, "解消を断った")
    _log(linkage, Step.END_REFUSED, who, comment)


@transaction.atomic
def end(*, user: Any, linkage: Linkage, version: int, comment: str = "") -> None:
    """The other side agrees: the linkage is 終わった連携."""
    who, linkage = _answering(user, linkage, version)
    _not_alone(who, linkage, (Step.END_ASKED,), until=(Step.ENDED, Step.END_REFUSED, Step.END_WITHDRAWN))
    linkage.state, linkage.ended_on, linkage.end_asked_by = LinkageState.ENDED, localdate(), ""
    _save(linkage, user, "市と社協が解消に合意した")
    _log(linkage, Step.ENDED, who, comment)
    announce_ended(linkage)


@transaction.atomic
def place_sample(
    *, goal: BasicGoal, kizuna_goal: KizunaGoal, content: LinkageContent, standing: Standing, agreed_on: date | None
) -> Linkage:
    """The one exception to the two keys: the system puts a 見本, agreed or as a proposal, where no linkage is."""
    linkage = _linkage_of(goal, kizuna_goal)
    if linkage.pk is not None:
        raise StepRefusedError(TAKEN)
    if SAMPLE_WORD not in content.summary:
        raise ValidationError(SAMPLE_NOT_NAMED)
    linkage.is_sample, steps = True, {Standing.AGREED: Step.AGREED, Standing.WAITING: Step.PROPOSED}
    if standing == Standing.AGREED:
        _publish(linkage, content, agreed_on, None, SAMPLE_REASON)
    else:
        _save(linkage, None, SAMPLE_REASON)
        _write(LinkageProposal(linkage=linkage, state=ProposalState(standing)), content, None)
    _log(linkage, steps.get(standing, Step.STARTED), Actor(None, None, decides=False), content=content)
    return linkage


def _deciding(user: Any, organisation: Organisation | None = None) -> Actor:
    """Who takes the step, for `organisation`, or for either of them."""
    who = actor(user)
    if who.organisation is None or not who.may_decide_for(organisation or who.organisation):
        allowed = [organisation] if organisation else list(Organisation)
        raise StepRefusedError(f"この操作は〈{'と'.join(APPROVERS_OF[one] for one in allowed)}〉だけができます。")
    return who


def _answering(user: Any, linkage: Linkage, version: int) -> tuple[Actor, Linkage]:
    who, linkage = _deciding(user), _held(linkage, version)
    if not linkage.end_asked_by or linkage.end_asked_by == who.organisation:
        raise StepRefusedError("返事ができるのは、相手の側が出した解消の申し出だけです。")
    return who, linkage


def _linkage_of(goal: BasicGoal, kizuna_goal: KizunaGoal) -> Linkage:
    """The row as it is now, or a new one, not saved yet; nobody else takes or makes it until the end of the transaction."""
    BasicGoal.objects.select_for_update().get(pk=goal.pk)
    present = Linkage.objects.select_for_update().filter(goal=goal, kizuna_goal=kizuna_goal).first()
    return present or Linkage(goal=goal, kizuna_goal=kizuna_goal)


def _held(linkage: Linkage, version: int) -> Linkage:
    """The row as it is now, held until the end of the transaction."""
    held = Linkage.objects.select_for_update().filter(pk=linkage.pk).first()
    if held is None or version != held.edit_version:
        raise StaleStepError(STALE)
    return held


def _proposal_in(linkage: Linkage, *states: ProposalState) -> LinkageProposal:
    proposal: LinkageProposal | None = getattr(linkage, "proposal", None)
    if proposal is None or proposal.state not in states:
        names = "」か「".join(str(state.label) for state in states)
        raise StepRefusedError(f"この操作ができるのは、「{names}」のときだけです。")
    return proposal


def _not_alone(who: Actor, linkage: Linkage, steps: Steps, *, until: Steps) -> None:
    """Who took one of `steps` for one side, looking back to the newest of `until`, cannot answer for the other."""
    settled = linkage.steps.filter(step__in=until).order_by("-pk").values_list("pk", flat=True).first() or 0
    if linkage.steps.filter(pk__gt=settled, step__in=steps, person_id=who.user_id).exists():
        raise StepRefusedError(SAME_PERSON)


def _require(comment: str, message: str) -> None:
    if not comment.strip():
        raise StepRefusedError({"comment": message})


def _write(proposal: LinkageProposal, content: LinkageContent, user: Any) -> None:
    for name, value in content.as_json().items():
        setattr(proposal, name, value)
    proposal.full_clean()
    proposal.save()
    linkage = proposal.linkage
    if linkage.is_sample and linkage.state == LinkageState.PROPOSED and SAMPLE_WORD not in content.summary:
        linkage.is_sample = False
        _save(linkage, user, "見本から、自分たちの提案に書きかえた")


def _move(proposal: LinkageProposal, state: ProposalState) -> None:
    proposal.state = state
    proposal.save()


def _save(linkage: Linkage, user: Any, reason: str) -> None:
    linkage.full_clean()
    _by(linkage, user, reason).save()


def _publish(linkage: Linkage, content: LinkageContent, day: date | None, user: Any, reason: str) -> None:
    linkage.state, linkage.agreed_on, linkage.ended_on = LinkageState.AGREED, day, None
    linkage.summary, linkage.since, linkage.partners = content.summary, content.since, content.partners
    _save(linkage, user, reason)
    present = {(pair.initiative_id, pair.item_id): pair for pair in linkage.pairs.in_plan_order()}
    for key, pair in present.items():
        if key not in content.pairs:
            _by(pair, user, "合意した内容から外れた").delete()
    for initiative_id, item_id in content.pairs:
        if (initiative_id, item_id) not in present:
            pair = LinkagePair(linkage=linkage, initiative_id=initiative_id, item_id=item_id)
            pair.full_clean()
            _by(pair, user, reason).save()


def _by(row: Any, user: Any, reason: str) -> Any:
    row._history_user, row._change_reason = user, reason
    return row


def _log(
    linkage: Linkage, step: LinkageStep.Step, who: Actor, comment: str = "", content: LinkageContent | None = None
) -> None:
    LinkageStep.objects.create(
        linkage=linkage,
        step=step,
        person_id=who.user_id,
        organisation=who.organisation or "",
        comment=comment,
        content={} if content is None else content.as_json(),
    )
