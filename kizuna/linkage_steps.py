"""The buttons of a linkage's page: in which form each stands, which step it takes, and what the person is told then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from kizuna import actions
from kizuna.linkage_desk import Desk
from kizuna.linkage_forms import AnswerForm, ProposalForm, StepForm
from kizuna.models import Linkage

if TYPE_CHECKING:
    from django.http import QueryDict

SAVED = "〈{name}〉の下書きを保存しました。公開中の内容は変わっていません。"
PROPOSED = "市へ提案しました。返事が来ると「きょうの仕事」に載ります。"
AGREED_NEW = "合意しました。{figure}に線が1本増えました。"
AGREED_AGAIN = "合意しました。市民のページが新しくなりました。"


class Button(NamedTuple):
    """`refused` comes before the mistakes: what did not happen."""

    form: str
    word: str
    take: Callable[..., Any]
    done: str
    refused: str = "まだ何もしていません。"
    filled: bool = False


class Offer(NamedTuple):
    """A short form of the page. `before`: what the buttons will do (templates/admin/kizuna/linkage/before_….html)."""

    heading: str
    label: str
    hint: str
    mark: str = ""


BUTTONS = {
    "_save": Button("write", "下書き保存", actions.save_proposal, SAVED, "まだ保存していません。"),
    "_propose": Button("write", "市へ提案する", actions.propose, PROPOSED, "まだ提案していません。", filled=True),
    "_withdraw": Button(
        "withdraw", "提案を取り下げる", actions.withdraw, "提案を取り下げました。直して、もう一度提案できます。"
    ),
    "_return": Button("answer", "差し戻す", actions.send_back, "差し戻しました。社協が直すと、もう一度届きます。"),
    "_agree": Button("answer", "合意する", actions.agree, AGREED_NEW, filled=True),
    "_ask_end": Button(
        "ask_end",
        "解消を申し出る",
        actions.ask_end,
        "解消を申し出ました。相手が同意するまで、公開されたままです。",
    ),
    "_withdraw_end": Button(
        "withdraw_end",
        "解消の申し出を取り下げる",
        actions.withdraw_end,
        "解消の申し出を取り下げました。連携は続きます。",
    ),
    "_refuse_end": Button(
        "answer_end", "解消を断る（続ける）", actions.refuse_end, "解消を断りました。連携は続きます。"
    ),
    "_end": Button("answer_end", "解消に同意する", actions.end, "解消しました。記録は残っています。"),
}
DISCARDED = "提案を捨てました。やりとりの記録は残っています。"
OFFERS = {
    "withdraw": Offer("提案を取り下げる", "市への伝言", "市と社協の職員だけが見られます。公開されません。"),
    "answer": Offer(
        "市の返事",
        "社協への伝言",
        "差し戻すときは、どこを、どう直してほしいかを書いてください。公開されません。",
        "差し戻すときは必須",
    ),
    "ask_end": Offer(
        "終わりにする（解消を申し出る）", "解消を申し出る理由", "相手が読みます。公開されません。", "必須"
    ),
    "withdraw_end": Offer(
        "解消の申し出を取り下げる", "相手への伝言", "市と社協の職員だけが見られます。公開されません。"
    ),
    "answer_end": Offer(
        "解消の申し出への返事",
        "相手への伝言",
        "続けてほしいときは、その理由を書いてください。公開されません。",
        "断るときは必須",
    ),
}


def buttons_of(key: str) -> list[tuple[str, Button]]:
    return [(name, button) for name, button in BUTTONS.items() if button.form == key]


def pressed(data: Mapping[str, Any]) -> str | None:
    return next((name for name in BUTTONS if name in data), None)


def form_of(desk: Desk, key: str, data: QueryDict | None = None) -> StepForm:
    if key == "write":
        return ProposalForm(desk, data, desk.proposed or desk.agreed)
    offer = OFFERS[key]
    return AnswerForm(desk, data, key=key, label=offer.label, hint=offer.hint, mark=offer.mark)


def take(desk: Desk, user: Any, name: str, form: StepForm) -> str:
    """Takes the step and gives the words of success. Where it is refused, raises ValidationError, or leaves errors in the form."""
    button, linkage = BUTTONS[name], desk.linkage
    was_public = desk.is_public
    given: dict[str, Any] = {"version": form.seen_version, "comment": form.message}
    if isinstance(form, ProposalForm):
        given["content"] = form.content()
    with transaction.atomic():
        if desk.proposal is None and isinstance(form, ProposalForm):
            linkage, given["version"] = _started(linkage, user, form.seen_version)
        button.take(user=user, linkage=linkage, **given)
    done = AGREED_AGAIN if name == "_agree" and was_public else button.done
    return done.format(name=desk.name, figure=linkage.goal.plan.figure_label)


def _started(linkage: Linkage, user: Any, seen_version: int) -> tuple[Linkage, int]:
    """The linkage with a proposal just begun, unless somebody took a step since the person looked."""
    found = Linkage.objects.select_for_update().filter(goal=linkage.goal_id, kizuna_goal=linkage.kizuna_goal_id).first()
    proposed = found is not None and hasattr(found, "proposal")
    if not proposed and seen_version != (0 if found is None else found.edit_version):
        raise actions.StaleStepError(actions.STALE)
    begun = actions.start(user=user, goal=linkage.goal, kizuna_goal=linkage.kizuna_goal)
    return begun, begun.edit_version


def missing(name: str, form: StepForm, linkage: Linkage) -> bool:
    """Whether the form lacks what the button needs; its errors say what."""
    valid = form.is_valid()
    if name == "_propose" and isinstance(form, ProposalForm):
        return not form.is_complete(linkage)
    return not valid
