"""The other key: the city agrees or sends back, either side asks to end, the other answers. Nobody does both."""

import pytest

from goals.models import BasicGoal
from kizuna.models import Linkage, LinkageStep
from tests.kizuna.conftest import TwoGoals

pytestmark = pytest.mark.django_db
CHANGED_MEANWHILE = "見ているあいだに、この連携が変わりました。"


def last_step() -> tuple[str, str, str]:
    step = LinkageStep.objects.latest("pk")
    return step.step, step.organisation, step.comment


def test_the_city_agrees(two: TwoGoals) -> None:
    two.take("start", "propose")
    html = two.press("市・承認", "_agree", comment="ありがとう")
    assert "合意しました。図４１に線が1本増えました。" in html
    assert (two.linkage.state, two.linkage.pairs.count()) == ("agreed", 1)
    assert last_step() == ("agreed", "city", "ありがとう")


def test_another_text_for_what_is_public_adds_no_line(two: TwoGoals) -> None:
    two.take("start", "propose", "agree")
    two.take("start", "propose", summary="新しい文")
    html = two.press("市・承認", "_agree")
    assert "合意しました。市民のページが新しくなりました。" in html
    assert two.linkage.summary == "新しい文"


def test_the_words_follow_the_plan(two: TwoGoals) -> None:
    BasicGoal.objects.get().plan.__class__.objects.update(figure_number=12)
    two.take("start", "propose")
    assert "図１２に、市1ときずな2を結ぶ線" in two.client("市・承認").get(two.address()).content.decode()
    assert "図１２に線が1本増えました。" in two.press("市・承認", "_agree")


def test_the_city_sends_back_with_words(two: TwoGoals) -> None:
    two.take("start", "propose")
    html = two.press("市・承認", "_return", comment=" ")
    assert html.count("差し戻すときは、どこを、どう直してほしいかを書いてください。") == 3  # hint, summary, field
    assert 'href="#id_answer_comment"' in html
    assert two.linkage.standing == "waiting"
    html = two.press("市・承認", "_return", comment="回数を直してください。")
    assert "差し戻しました。社協が直すと、もう一度届きます。" in html
    assert last_step() == ("returned", "city", "回数を直してください。")
    assert "回数を直してください。" in two.client("社協").get(two.address()).content.decode()


@pytest.mark.parametrize("button", ["_agree", "_return"])
def test_a_proposal_that_changed_meanwhile_is_not_answered(button: str, two: TwoGoals) -> None:
    two.take("start", "propose", summary="前の文")
    seen = two.linkage.edit_version
    two.take("withdraw", "propose", summary="新しい文")
    html = two.press("市・承認", button, version=seen, comment="書いた伝言")
    assert CHANGED_MEANWHILE in html
    assert "新しい文" in html
    assert ">\n書いた伝言</textarea>" in html
    assert two.linkage.standing == "waiting"


def test_a_proposal_that_was_taken_back_meanwhile(two: TwoGoals) -> None:
    two.take("start", "propose", summary="取り下げた文")
    seen = two.linkage.edit_version
    two.take("withdraw")
    html = two.press("市・承認", "_return", version=seen, comment="書いた伝言")
    assert CHANGED_MEANWHILE in html
    assert "書いた伝言" in html.split("あなたが書いたもの（保存していません）")[1]
    assert "取り下げた文" not in html


@pytest.mark.parametrize("button", ["_save", "_propose", "_withdraw"])
def test_the_city_takes_no_step_of_shakyo(button: str, two: TwoGoals) -> None:
    two.take("start", *(["propose"] if button == "_withdraw" else []))
    steps = two.steps()
    for role in ("市・承認", "市・編集", "admin"):
        response = two.client(role).post(two.address(), two.body(**{button: ""}), follow=True)
        assert "この操作は〈社協の職員〉だけができます。" in response.content.decode()
    assert two.steps() == steps


@pytest.mark.parametrize("button", ["_agree", "_return"])
def test_only_the_city_that_decides_answers(button: str, two: TwoGoals) -> None:
    two.take("start", "propose")
    for role in ("社協", "市・編集", "admin"):
        html = two.press(role, button, comment="なぜ")
        assert "この操作は〈市の承認者〉だけができます。" in html
    assert two.steps() == ["started", "proposed"]


@pytest.mark.parametrize(("asks", "answers"), [("社協", "市・承認"), ("市・承認", "社協")])
def test_ending_takes_both(asks: str, answers: str, two: TwoGoals) -> None:
    two.take("start", "propose", "agree")
    html = two.press(asks, "_ask_end")
    assert html.count("解消を申し出る理由を書いてください。") == 2
    html = two.press(asks, "_ask_end", comment="終わりました")
    assert "解消を申し出ました。相手が同意するまで、公開されたままです。" in html
    assert two.linkage.state == "agreed"
    for button in ("_end", "_refuse_end", "_ask_end"):
        two.press(asks, button, comment="ひとりで")
    assert two.linkage.end_asked_by
    assert "終わりました" in two.client(answers).get(two.address()).content.decode()
    html = two.press(answers, "_refuse_end")
    assert html.count("断るときは、続けてほしい理由を書いてください。") == 2
    assert "解消を断りました。連携は続きます。" in two.press(answers, "_refuse_end", comment="続けたい")
    assert (two.linkage.state, two.linkage.end_asked_by) == ("agreed", "")
    two.press(asks, "_ask_end", comment="もう一度")
    assert "解消しました。記録は残っています。" in two.press(answers, "_end")
    assert two.linkage.state == "ended"


def test_a_wish_to_end_is_taken_back_by_who_asked(two: TwoGoals) -> None:
    two.take("start", "propose", "agree", "ask_end")
    two.press("市・承認", "_withdraw_end")
    assert two.linkage.end_asked_by == "shakyo"
    assert "解消の申し出を取り下げました。連携は続きます。" in two.press("社協", "_withdraw_end")
    assert two.linkage.end_asked_by == ""


@pytest.mark.parametrize("role", ["市・編集", "admin"])
def test_who_does_not_decide_ends_nothing(role: str, two: TwoGoals) -> None:
    two.take("start", "propose", "agree")
    for button in ("_ask_end", "_withdraw_end", "_refuse_end", "_end"):
        assert "だけができます。" in two.press(role, button, comment="終わり")
    assert two.linkage.state == "agreed"
    assert two.linkage.end_asked_by == ""


def test_first_the_wish_to_end_then_the_new_text(two: TwoGoals) -> None:
    two.take("start", "propose", "agree")
    two.take("start", "propose", summary="新しい文")
    two.take("ask_end")
    html = two.client("市・承認").get(two.address()).content.decode()
    assert 'name="_end"' in html
    assert 'name="_agree"' not in html
    assert "先に、解消の申し出に返事をしてください。" in two.press("市・承認", "_agree")
    assert Linkage.objects.get().summary != "新しい文"


@pytest.mark.parametrize("text", ["あ" * 1001, "\0"])
@pytest.mark.parametrize("button", ["_agree", "_return"])
def test_a_message_that_cannot_be_kept(button: str, text: str, two: TwoGoals) -> None:
    two.take("start", "propose")
    html = two.press("市・承認", button, comment=text)
    assert "まだ何もしていません。" in html
    assert two.linkage.standing == "waiting"


def test_a_second_answer_changes_nothing(two: TwoGoals) -> None:
    two.take("start", "propose")
    seen = two.linkage.edit_version
    two.press("市・承認", "_agree")
    for button in ("_agree", "_return"):
        assert CHANGED_MEANWHILE in two.press("市・承認", button, version=seen, comment="二度目")
    assert two.steps() == ["started", "proposed", "agreed"]
