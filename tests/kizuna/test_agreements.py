"""What the steps leave behind: the public text, its history, what citizens are told; and 見本, which nobody agreed on."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from kizuna import actions
from kizuna.actions import StepRefusedError
from kizuna.linkage_content import LinkageContent
from kizuna.models import Linkage, LinkagePair, LinkageProposal, Standing
from plan_portal.foundation.models import PublishedChange
from tests.kizuna.consent import Table, refused, state

pytestmark = pytest.mark.django_db


def test_agreement_makes_public_what_was_proposed(table):
    table.proposed("一緒に行う。", partners="町内会\r\n民児協")
    linkage = Linkage.objects.get()
    assert (linkage.standing, linkage.summary, Linkage.objects.agreed().exists()) == (Standing.WAITING, "", False)
    table.take("agree", "approver", linkage, comment="よろしくお願いします。")
    linkage = Linkage.objects.get()
    assert (linkage.state, linkage.agreed_on, linkage.is_sample) == ("agreed", localdate(), False)
    assert LinkageContent.of_linkage(linkage) == table.content("一緒に行う。", partners="町内会\r\n民児協")
    assert "町内会" in linkage.search_text
    assert not LinkageProposal.objects.exists()
    assert [step.step for step in linkage.steps.all()] == ["agreed", "proposed", "started"]
    for entry in (linkage.history.first(), *LinkagePair.history.all()):
        assert (entry.history_user, entry.history_organisation) == (table.people["approver"], "city")
        assert entry.history_change_reason == "市と社協が合意した"
    first = linkage.history.last()
    assert (first.history_user, first.history_organisation) == (table.people["shakyo"], "shakyo")


def test_the_agreed_text_stays_until_the_city_agrees_again(table):
    linkage = table.agreed("前の文")
    kept = linkage.pairs.in_plan_order().first()
    table.started("shakyo 2")
    assert LinkageContent.of_proposal(LinkageProposal.objects.get()) == table.content("前の文")
    assert (
        refused(table, "propose", "shakyo 2", linkage, content=table.content("前の文"))
        .messages[0]
        .startswith("合意した")
    )
    pairs = table.content("").pairs
    new = table.content("後の文", pairs=(pairs[0], (pairs[1][0], pairs[0][1])))
    table.take("propose", "shakyo 2", linkage, content=new)
    assert LinkageContent.of_linkage(Linkage.objects.get()) == table.content("前の文")
    assert Linkage.objects.get().standing == Standing.AGREED
    table.take("agree", "approver", linkage)
    assert LinkageContent.of_linkage(Linkage.objects.get()) == new
    assert linkage.pairs.in_plan_order().first() == kept
    gone = LinkagePair.history.filter(history_type="-").get()
    assert (gone.history_change_reason, gone.history_organisation) == ("合意した内容から外れた", "city")


def test_an_ended_linkage_begins_again_by_both(table):
    linkage = table.asked_to_end()
    table.take("end", "approver", linkage)
    table.started()
    table.take("propose", "shakyo", linkage, content=table.content("もう一度。"))
    assert not Linkage.objects.agreed().exists()
    table.take("agree", "approver", linkage)
    linkage = Linkage.objects.get()
    assert (linkage.state, linkage.ended_on, linkage.summary) == ("agreed", None, "もう一度。")
    assert PublishedChange.objects.first().summary.startswith("連携を始めました。")


def test_citizens_are_told_of_what_both_agreed_on_and_of_nobodys_name(table):
    linkage = table.agreed("前の文")
    table.started()
    table.take("propose", "shakyo", linkage, content=table.content("後の文", partners=""), comment="ひみつの伝言")
    table.take("agree", "approver", linkage, comment="ひみつの返事")
    table.take("ask_end", "shakyo", linkage, comment="ひみつの理由")
    table.take("end", "approver", linkage)
    told = list(PublishedChange.objects.order_by("pk"))
    assert [change.summary.partition("。")[0] for change in told] == [
        "連携を始めました",
        "連携の内容を改めました",
        "連携を終わりました",
    ]
    assert {change.by for change in told} == {"both"}
    assert told[1].changes == [
        {"field": "一緒に行うこと", "before": "前の文", "after": "後の文"},
        {"field": "ほかに一緒に行う人たち", "before": "町内会", "after": ""},
    ]
    assert {(row["field"], row["before"]) for row in told[0].changes} == {
        (name, "") for name in ("一緒に行うこと", "取組と基本計画の組", "ほかに一緒に行う人たち", "始まる年度")
    }
    everything = str([list(PublishedChange.objects.values())])
    assert "ひみつ" not in everything
    for user in table.people.values():
        assert user.last_name not in everything
        assert user.username not in everything


def test_nothing_is_told_of_plans_that_citizens_do_not_see(table):
    plan = table.goal.plan
    plan.state = "preparing"
    plan.save()
    table.agreed()
    assert not PublishedChange.objects.exists()


def sample(table: Table, standing: Standing = Standing.AGREED, summary: str = "見本の文です。") -> Linkage:
    return actions.place_sample(
        goal=table.goal,
        kizuna_goal=table.kizuna_goals[0],
        content=table.content(summary),
        standing=standing,
        agreed_on=date(2026, 4, 1) if standing == Standing.AGREED else None,
    )


@pytest.mark.parametrize("standing", [Standing.AGREED, Standing.WAITING, Standing.WRITING, Standing.RETURNED])
def test_a_sample_is_placed_by_nobody_and_says_so(table, standing):
    linkage = sample(table, standing)
    linkage = Linkage.objects.get(pk=linkage.pk)
    assert (linkage.standing, linkage.is_sample, linkage.history.get().history_user) == (standing, True, None)
    assert linkage.history.get().history_change_reason == "見本の読み込み"
    step = linkage.steps.get()
    assert (step.person_id, step.organisation, step.content["summary"]) == (None, "", "見本の文です。")
    assert not PublishedChange.objects.exists()


def test_a_sample_is_named_and_never_put_on_a_linkage_that_is_there(table):
    with pytest.raises(ValidationError, match="見本の記録には「見本」と書いてください"):
        sample(table, Standing.WAITING, "本物のような文")
    table.take("discard", "shakyo", table.started())
    before = state()
    with pytest.raises(StepRefusedError, match="もうあります"):
        sample(table)
    assert state() == before


def test_a_sample_that_people_make_their_own_is_one_no_more(table):
    linkage = sample(table)
    table.started()
    table.take("propose", "shakyo", linkage, content=table.content("見本から直した文"))
    table.take("agree", "approver", linkage)
    assert Linkage.objects.get().is_sample
    assert PublishedChange.objects.get().title.startswith("連携（見本）")
    table.started()
    table.take("propose", "shakyo", linkage, content=table.content("本物の文"))
    assert Linkage.objects.get().is_sample, "what citizens read is still the 見本"
    table.take("agree", "approver", linkage)
    assert not Linkage.objects.get().is_sample


def test_a_sample_proposal_that_people_make_their_own_is_one_no_more(table):
    linkage = sample(table, Standing.WRITING)
    table.take("save_proposal", "shakyo", linkage, content=table.content("見本を直した文"))
    assert Linkage.objects.get().is_sample
    table.take("save_proposal", "shakyo", linkage, content=table.content("本物の文"))
    assert not Linkage.objects.get().is_sample


def test_what_begins_where_a_sample_was_thrown_away_is_none(table):
    table.take("discard", "shakyo", sample(table, Standing.WRITING))
    assert table.started().is_sample is False


def test_the_log_says_what_a_linkage_was_to_say(table):
    linkage = table.proposed("一緒に行う。")
    content = LinkageContent.from_json(linkage.steps.first().content)
    assert content == table.content("一緒に行う。")
    names = [name for name, _ in content.texts()]
    assert names == ["一緒に行うこと", "取組と基本計画の組", "ほかに一緒に行う人たち", "始まる年度"]
    assert len(table.content("", pairs=((0, 0), *content.pairs)).rows()) == 2
