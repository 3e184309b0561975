"""Each step towards a linkage and back: who may take it, when, and what it leaves behind."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from kizuna import actions
from kizuna.actions import SAME_PERSON, STALE, StaleStepError, StepRefusedError
from kizuna.linkage_content import LinkageContent
from kizuna.models import Linkage, LinkageProposal, Standing
from tests import factories as f
from tests.kizuna.consent import SHAKYO, STEPS, Table, given, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_by_those_who_decide_for_its_side_and_by_nobody_else(table, step):
    situation, _, may = STEPS[step]
    linkage = getattr(table, situation)()
    for who in table.people.keys() - may:
        assert isinstance(refused(table, step, who, linkage), StepRefusedError), who
    table.take(step, sorted(may)[-1], linkage, **given(table, step))
    newest = linkage.steps.first()
    side = {"shakyo"} if sorted(may)[-1] in SHAKYO else {"city"}
    assert ({newest.organisation}, newest.person_id) == (side, table.people[sorted(may)[-1]].pk)
    assert newest.comment == STEPS[step][1].get("comment", "")


def test_only_shakyo_starts(table):
    for who in table.people.keys() - SHAKYO:
        with pytest.raises(StepRefusedError, match="〈社協の職員〉だけ"):
            table.started(who)
    assert not Linkage.objects.exists()
    assert table.started("shakyo 2").standing == Standing.WRITING
    with pytest.raises(StepRefusedError, match="この組み合わせの連携はもうあります"):
        table.started()


def test_nothing_starts_between_plans_that_do_not_stand_side_by_side(table):
    with pytest.raises(ValidationError, match="並べて示す計画どうし"):
        actions.start(user=table.people["shakyo"], goal=table.goal, kizuna_goal=f.KizunaGoalFactory())
    assert not Linkage.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_refused_where_it_does_not_fit(table, step):
    situation, _, may = STEPS[step]
    others = {"started", "proposed", "agreed", "asked_to_end"} - {situation}
    if step == "ask_end":
        others -= {"agreed"}
    for other in sorted(others):
        again = Table()
        who = "shakyo" if may == SHAKYO else "approver 2"
        assert isinstance(refused(again, step, who, getattr(again, other)()), StepRefusedError), other


@pytest.mark.parametrize("step", STEPS)
def test_a_step_from_a_page_that_is_out_of_date_is_refused(table, step):
    situation, _, may = STEPS[step]
    linkage = getattr(table, situation)()
    error = refused(table, step, sorted(may)[-1], linkage, version=linkage.edit_version - 1)
    assert isinstance(error, StaleStepError)
    assert error.messages == [STALE]


@pytest.mark.parametrize(("first", "second"), [("agree", "send_back"), ("send_back", "agree"), ("agree", "agree")])
def test_of_two_answers_at_the_same_time_one_wins(table, first, second):
    linkage = table.proposed()
    seen = {"version": linkage.edit_version}
    table.take(first, "approver", linkage, **given(table, first), **seen)
    assert isinstance(refused(table, second, "approver 2", linkage, **seen), StaleStepError)


def test_a_withdrawn_and_reworded_proposal_is_not_agreed_to_by_its_old_page(table):
    linkage = table.proposed("前の文")
    seen = linkage.edit_version
    table.take("withdraw", "shakyo", linkage)
    table.take("propose", "shakyo", linkage, content=table.content("後の文"))
    assert isinstance(refused(table, "agree", "approver", linkage, version=seen), StaleStepError)


def test_a_linkage_that_was_cleared_away_meanwhile(table):
    linkage = table.started()
    before = Linkage.objects.get(pk=linkage.pk)
    linkage.delete()
    assert isinstance(refused(table, "propose", "shakyo", before), StaleStepError)


def test_what_was_written_may_be_incomplete_but_not_what_is_proposed(table):
    linkage = table.started()
    table.take("save_proposal", "shakyo", linkage, content=LinkageContent(partners="町内会"))
    assert linkage.steps.first().content["partners"] == "町内会"
    error = refused(table, "propose", "shakyo", linkage, content=LinkageContent(summary="\n"))
    assert set(error.message_dict) == {"summary", "since", "pairs"}
    stray = f.InitiativeFactory(goal__plan=table.goal.plan)
    pairs = table.content("文").pairs
    for wrong in ((*pairs, (stray.pk, pairs[0][1])), (*pairs, pairs[0])):
        error = refused(table, "propose", "shakyo", linkage, content=table.content("文", pairs=wrong))
        assert set(error.message_dict) == {"pairs"}
    with pytest.raises(ValidationError):
        table.take("save_proposal", "shakyo", linkage, content=LinkageContent(since=1))
    assert LinkageProposal.objects.get().since is None


def test_sent_back_it_is_mended_and_proposed_again(table):
    linkage = table.proposed("前の文")
    for empty in ("", " \n　"):
        error = refused(table, "send_back", "approver", linkage, comment=empty)
        assert error.message_dict == {"comment": ["差し戻すときは、どこを、どう直してほしいかを書いてください。"]}
    table.take("send_back", "approver", linkage, comment="組を直してください。")
    assert Linkage.objects.get().standing == Standing.RETURNED
    table.take("save_proposal", "shakyo", linkage, content=table.content("後の文"))
    assert Linkage.objects.get().standing == Standing.RETURNED
    table.take("propose", "shakyo 2", linkage, content=table.content("後の文"))
    assert Linkage.objects.get().standing == Standing.WAITING


def test_discarded_it_can_begin_anew(table):
    linkage = table.started()
    table.take("discard", "shakyo 2", linkage)
    assert Linkage.objects.get().standing == Standing.NONE
    assert linkage.steps.first().content["summary"] == ""
    assert table.started().pk == linkage.pk
    assert Linkage.objects.get().standing == Standing.WRITING


def test_an_end_needs_the_other_side(table):
    linkage = table.asked_to_end()
    assert (linkage.state, linkage.end_asked_by) == ("agreed", "shakyo")
    for step in ("end", "refuse_end"):
        assert isinstance(refused(table, step, "shakyo 2", linkage), StepRefusedError)
    assert isinstance(refused(table, "withdraw_end", "approver", linkage), StepRefusedError)
    table.take("end", "approver", linkage)
    linkage = Linkage.objects.get()
    assert (linkage.state, linkage.ended_on, linkage.end_asked_by) == ("ended", localdate(), "")
    assert (linkage.summary, linkage.pairs.count(), linkage.standing) == ("一緒に行う。", 2, Standing.ENDED)


def test_a_refused_or_withdrawn_end_leaves_the_linkage(table):
    linkage = table.asked_to_end("approver")
    assert set(refused(table, "refuse_end", "shakyo", linkage, comment="").message_dict) == {"comment"}
    table.take("refuse_end", "shakyo", linkage, comment="続けたい。")
    assert set(refused(table, "ask_end", "shakyo", linkage, comment=" ").message_dict) == {"comment"}
    table.take("ask_end", "shakyo", linkage, comment="やはり。")
    table.take("withdraw_end", "shakyo 2", linkage)
    linkage.refresh_from_db()
    assert (linkage.state, linkage.end_asked_by, linkage.ended_on) == ("agreed", "", None)


def test_an_open_question_about_the_end_comes_before_a_new_text(table):
    linkage = table.agreed()
    table.started()
    table.take("propose", "shakyo", linkage, content=table.content("後の文"))
    table.take("ask_end", "approver", linkage, comment="役目を終えた。")
    assert refused(table, "agree", "approver 2", linkage).messages == ["先に、解消の申し出に返事をしてください。"]


def move(table: Table, who: str, role: str) -> None:
    table.people[who].groups.set(f.UserFactory(role=role).groups.all())


@pytest.mark.parametrize("wrote", ["start", "save_proposal", "propose"])
def test_who_wrote_for_shakyo_does_not_agree_for_the_city(table, wrote):
    linkage = table.started("shakyo 2" if wrote == "start" else "shakyo")
    if wrote == "save_proposal":
        table.take(wrote, "shakyo 2", linkage, content=table.content("途中の文"))
    table.take("propose", "shakyo 2" if wrote == "propose" else "shakyo", linkage, content=table.content("文"))
    move(table, "shakyo 2", "市・承認")
    assert refused(table, "agree", "shakyo 2", linkage).messages == [SAME_PERSON]
    table.take("agree", "approver", linkage)


def test_what_somebody_wrote_long_ago_does_not_bind_them(table):
    linkage = table.agreed()
    move(table, "shakyo", "市・承認")
    table.started("shakyo 2")
    table.take("propose", "shakyo 2", linkage, content=table.content("後の文"))
    table.take("agree", "shakyo", linkage)


def test_who_asked_to_end_it_does_not_answer(table):
    linkage = table.asked_to_end()
    move(table, "shakyo", "市・承認")
    assert refused(table, "end", "shakyo", linkage).messages == [SAME_PERSON]
    table.take("end", "approver", linkage)
