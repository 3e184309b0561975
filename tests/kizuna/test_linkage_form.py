"""社協 writes: begin, save, propose, take back, give up; mistakes and other people's steps lose nothing."""

import re

import pytest
from django.urls import reverse

from kizuna.models import Linkage, LinkageProposal, LinkageStep
from tests import factories as f
from tests.kizuna.conftest import TwoGoals

pytestmark = pytest.mark.django_db


def send(two: TwoGoals, button: str, address: str = "", **other: object) -> str:
    """The page after 社協 sent its form, redirects followed."""
    response = two.client("社協").post(address or two.address(), two.body(**{button: "", **other}), follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_looking_at_the_empty_form_changes_nothing(two: TwoGoals) -> None:
    html = two.client("社協").get(two.new_address()).content.decode()
    assert "連携を書く" in html
    assert not Linkage.objects.exists()
    for role in ("市・承認", "市・編集", "admin"):
        response = two.client(role).get(two.new_address())
        assert response.status_code == 403
        assert "この操作は〈社協の職員〉だけができます。" in response.content.decode()


def test_choices_are_the_pairs_of_the_two_goals_with_their_names(two: TwoGoals) -> None:
    f.InitiativeFactory(goal=f.BasicGoalFactory(plan=two.goal.plan))
    f.KizunaItemFactory(goal=f.KizunaGoalFactory(plan=two.kizuna_goal.plan))
    html = two.client("社協").get(two.new_address()).content.decode()
    assert re.findall(r'<span class="visually-hidden">(1-.*?)</span></label>', html) == [
        "1-(1) と ④",
        "1-(1) と ⑤",
        "1-(2) と ④",
        "1-(2) と ⑤",
    ]
    for partner in ("町内会", "民生委員児童委員協議会", "ボランティア団体", "学校", "事業者"):
        assert f"> {partner}</label>" in html


def test_first_save_begins_and_keeps_all(two: TwoGoals) -> None:
    html = send(two, "_save", two.new_address(), comment="まだ送らない伝言")
    proposal = two.linkage.proposal
    assert "〈市1 と きずな2〉の下書きを保存しました。公開中の内容は変わっていません。" in html
    assert two.steps() == ["started", "saved"]
    assert (proposal.summary, proposal.since) == ("一緒に会議をひらく。", 2027)
    assert proposal.partners == "町内会\n学校\n商店会"
    assert proposal.pairs == [[two.initiatives[0].pk, two.items[0].pk]]
    for kept in ("令和9年度", "商店会", "まだ送らない伝言", 'value="学校" id="id_write_partners_3" checked'):
        assert kept in html.split("<form method")[-1]
    assert f'value="{two.pair()}" id="id_write_pairs_0" checked' in html.replace(
        ' aria-describedby="id_write_pairs_helptext"', ""
    )


def test_enter_saves_and_does_not_propose(two: TwoGoals) -> None:
    html = two.client("社協").get(two.new_address()).content.decode()
    assert re.findall(r'name="(_\w+)"', html)[0] == "_save"


def test_a_draft_may_be_empty(two: TwoGoals) -> None:
    send(two, "_save", two.new_address(), summary="", pairs=[], since="", partners=[], others="")
    assert two.linkage.proposal.summary == ""
    assert two.linkage.proposal.since is None


def test_propose_at_once(two: TwoGoals) -> None:
    html = send(two, "_propose", two.new_address(), comment="よろしく")
    assert "市へ提案しました。返事が来ると「きょうの仕事」に載ります。" in html
    assert two.steps() == ["started", "proposed"]
    assert two.linkage.standing == "waiting"
    assert LinkageStep.objects.latest("pk").comment == "よろしく"
    assert "連携の記録" in html


def test_propose_what_was_saved(two: TwoGoals) -> None:
    two.take("start", "save")
    send(two, "_propose", summary="直した文")
    assert two.linkage.proposal.summary == "直した文"
    assert two.steps() == ["started", "saved", "proposed"]


def test_all_mistakes_are_named_at_once_and_nothing_is_lost(two: TwoGoals) -> None:
    html = send(
        two, "_propose", two.new_address(), summary="", pairs=[], since="平成32", others="商店会", comment="伝言"
    )
    assert "まだ提案していません。" in html
    for message in (
        "「一緒に行うこと」が空です。1文でよいので書いてください。",
        "組が1つも選ばれていません。当てはまる組に印を付けてください。",
        "平成32年度はありません。令和2年度のことなら「令和2」と書いてください。",
    ):
        assert html.count(message) == 2
    for name in ("summary", "pairs", "since"):
        assert f'href="#id_write_{name}"' in html
        assert f'id="id_write_{name}"' in html
        assert f'id="id_write_{name}_error"' in html
    assert 'value="平成32"' in html
    assert ">\n商店会</textarea>" in html
    assert ">\n伝言</textarea>" in html
    assert not Linkage.objects.exists()


@pytest.mark.parametrize("button", ["_save", "_propose"])
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"since": "平成32"}, "平成32年度はありません。"),
        ({"since": "\0"}, "文字"),
        ({"since": "9" * 500}, "年度は「令和8」「R8」「2026」のように書いてください。"),
        ({"summary": "あ" * 2001}, "2000字までにしてください（今は2001字です）。"),
        ({"summary": "文\0"}, "文字"),
        ({"others": "あ" * 1001}, "1000字までにしてください"),
        ({"comment": "あ" * 1001}, "1000字までにしてください"),
        ({"pairs": ["1-1", "999999-1"]}, "この2つの基本目標のものでない組があります。"),
        ({"pairs": ["abc"]}, "この2つの基本目標のものでない組があります。"),
        ({"pairs": ["\0"]}, "この2つの基本目標のものでない組があります。"),
        ({"partners": ["宇宙人"]}, "一覧にない人たちは"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(button: str, wrong: dict, message: str, two: TwoGoals) -> None:
    two.take("start", "save")
    before = LinkageProposal.objects.values().get()
    html = send(two, button, **{"summary": "消えない文", **wrong})
    assert message in html
    assert "書いたところは消えていません。" in html
    assert LinkageProposal.objects.values().get() == before
    assert two.steps() == ["started", "saved"]
    if "summary" not in wrong:
        assert "消えない文" in html


def test_a_pair_of_other_goals_is_refused(two: TwoGoals) -> None:
    stranger = f.InitiativeFactory(goal=f.BasicGoalFactory(plan=two.goal.plan))
    html = send(two, "_save", two.new_address(), pairs=[f"{stranger.pk}-{two.items[0].pk}"])
    assert "この2つの基本目標のものでない組があります。" in html
    assert not Linkage.objects.exists()


def test_who_was_faster_is_not_overwritten_and_both_texts_are_shown(two: TwoGoals) -> None:
    two.take("start", "save")
    seen = two.linkage.edit_version
    two.take("save", summary="同僚の文")
    html = send(two, "_save", summary="私の文", version=seen)
    assert "見ているあいだに、この連携が変わりました。" in html
    assert "同僚の文" in html
    assert ">\n私の文</textarea>" in html
    assert two.linkage.proposal.summary == "同僚の文"
    version = re.search(r'name="version" value="(\d+)"', html)[1]
    send(two, "_save", summary="私の文", version=version)
    assert two.linkage.proposal.summary == "私の文"


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 400, "\0"])
def test_a_version_that_cannot_be_read_is_an_old_one(version: str, two: TwoGoals) -> None:
    two.take("start", "save")
    html = send(two, "_save", summary="私の文", version=version)
    assert "私の文" in html
    assert two.steps() == ["started", "saved"]


@pytest.mark.parametrize("step", ["propose", "discard"])
def test_where_the_form_is_gone_the_text_is_kept_to_be_copied(step: str, two: TwoGoals) -> None:
    two.take("start", "save")
    seen = two.linkage.edit_version
    two.take(step)
    html = send(two, "_save", summary="私の文", version=seen, comment="私の伝言")
    assert "見ているあいだに、この連携が変わりました。" in html
    kept = html.split("あなたが書いたもの（保存していません）")[1]
    for text in ("私の文", "私の伝言", "商店会", "1-(1)"):
        assert text in kept
    assert not LinkageProposal.objects.filter(summary="私の文").exists()


def test_two_who_begin_at_the_same_time(two: TwoGoals) -> None:
    two.take("start", "save", summary="同僚の文")
    html = send(two, "_save", two.new_address(), summary="私の文", version=0)
    assert "この連携が変わりました" in html
    assert "同僚の文" in html
    assert ">\n私の文</textarea>" in html
    assert two.linkage.proposal.summary == "同僚の文"
    again = two.client("社協").get(two.new_address(), follow=True)
    assert again.redirect_chain[0][0] == two.address()
    assert "この組み合わせの提案は、もうあります。" in again.content.decode()


def test_an_old_empty_form_does_not_begin_anew_what_others_settled(two: TwoGoals) -> None:
    two.take("start", "propose", "agree", summary="合意した文")
    html = send(two, "_save", two.new_address(), summary="私の文", version=0)
    assert "この連携が変わりました" in html
    assert "私の文" in html
    assert not LinkageProposal.objects.exists()


def test_a_new_text_begins_with_what_is_agreed(two: TwoGoals) -> None:
    two.take("start", "propose", "agree", summary="合意した文")
    client = two.client("社協")
    assert f'href="{two.new_address()}"' in client.get(two.address()).content.decode()
    assert "合意した文</textarea>" in client.get(two.new_address()).content.decode()
    send(two, "_save", two.new_address(), summary="新しい文")
    assert two.linkage.summary == "合意した文"
    assert two.linkage.proposal.summary == "新しい文"


def test_take_a_proposal_back(two: TwoGoals) -> None:
    two.take("start", "propose")
    html = two.press("社協", "_withdraw", comment="直します")
    assert "提案を取り下げました。直して、もう一度提案できます。" in html
    assert two.linkage.standing == "writing"
    assert LinkageStep.objects.latest("pk").comment == "直します"


def test_give_a_proposal_up_after_a_question(two: TwoGoals) -> None:
    two.take("start", "save", summary="捨てる文")
    address = reverse("admin:kizuna_linkage_discard", args=[two.linkage.pk])
    assert f'href="{address}"' in two.client("社協").get(two.address()).content.decode()
    question = two.client("社協").get(address).content.decode()
    assert "捨てる文" in question
    assert LinkageProposal.objects.exists()
    for role in ("市・承認", "市・編集", "admin"):
        assert two.client(role).get(address).status_code == 403
        assert two.client(role).post(address, {"version": two.linkage.edit_version}).status_code == 403
    stale = two.client("社協").post(address, {"version": 1}, follow=True)
    assert "この連携が変わりました" in stale.content.decode()
    done = two.client("社協").post(address, {"version": two.linkage.edit_version}, follow=True)
    assert "提案を捨てました。やりとりの記録は残っています。" in done.content.decode()
    assert not LinkageProposal.objects.exists()
    late = two.client("社協").get(address, follow=True)
    assert "捨てられるのは、書いている提案だけです。" in late.content.decode()
    assert "提案を書く" in late.content.decode()


@pytest.mark.parametrize("body", [{}, {"_unknown": ""}, {"action": "delete_selected"}, {"_continue": ""}])
def test_an_unknown_button_does_nothing_and_says_so(body: dict, two: TwoGoals) -> None:
    two.take("start", "save")
    for address in (two.address(), two.new_address()):
        html = two.client("社協").post(address, body, follow=True).content.decode()
        assert "どのボタンが押されたか分かりませんでした。何もしていません。" in html
    assert two.steps() == ["started", "saved"]


def test_goals_without_initiatives_or_items_say_so(two: TwoGoals) -> None:
    goal = f.BasicGoalFactory(plan=two.goal.plan)
    address = reverse("admin:kizuna_linkage_new", args=[goal.pk, two.kizuna_goal.pk])
    assert "取組か基本計画がまだありません" in two.client("社協").get(address).content.decode()
