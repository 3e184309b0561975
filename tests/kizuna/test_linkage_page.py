"""The page of one linkage: who reads what, what is offered to whom, and what the log says."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from kizuna import actions
from kizuna.models import Linkage, LinkageStep
from tests import factories as f
from tests.kizuna.conftest import TwoGoals

pytestmark = pytest.mark.django_db
SECRET = "書きかけの秘密の文"
READERS = ("社協", "市・承認", "市・編集", "admin")
CITY = ("市・承認", "市・編集")
PageOf = Callable[[str], str]


def buttons(html: str) -> list[str]:
    return re.findall(r'<button type="submit" name="(_\w+)"', html)


def admin_pages(two: TwoGoals, role: str) -> str:
    """All that a role can see of the linkage in the admin."""
    client, key = two.client(role), two.linkage.pk
    changelist = reverse("admin:kizuna_linkage_changelist")
    history = reverse("admin:kizuna_linkage_history", args=[key])
    versions = [
        reverse("admin:kizuna_linkage_simple_history", args=[key, record.history_id])
        for record in Linkage.history.order_by("history_id")
    ]
    addresses = [
        two.address(),
        history,
        *versions,
        changelist,
        f"{changelist}?q={SECRET}",
        f"{changelist}?proposal__summary__contains={SECRET}",
        f"{changelist}?steps__content__contains={SECRET}",
        reverse("admin:kizuna_linkage_matrix"),
        reverse("admin:index"),
        reverse("admin:kizuna_linkage_discard", args=[key]),
        two.new_address(),
    ]
    pages = [client.get(address, follow=True).content.decode() for address in addresses]
    return "".join(pages).replace(f'value="{SECRET}"', "").replace(f"={SECRET}", "")


@pytest.mark.parametrize(
    "steps",
    [
        ("start", "save"),
        ("start", "propose", "withdraw"),
        ("start", "propose", "withdraw", "save"),
        ("start", "save", "discard"),
    ],
)
@pytest.mark.parametrize("role", CITY)
def test_the_city_never_reads_what_shakyo_writes_or_took_back(steps: tuple, role: str, two: TwoGoals) -> None:
    two.take(*steps, summary=SECRET, comment="")
    assert SECRET not in admin_pages(two, role)


@pytest.mark.parametrize("role", CITY)
def test_the_city_does_not_read_along_after_it_sent_back(role: str, two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "propose", "return", summary="提案された文")
    two.take("save", summary=SECRET, comment="まだ秘密の伝言")
    pages = admin_pages(two, role)
    assert SECRET not in pages
    assert "まだ秘密の伝言" not in pages
    assert "提案された文" in page_of(role)


@pytest.mark.parametrize("role", CITY)
def test_a_new_text_for_what_is_agreed_is_as_secret(role: str, two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "propose", "agree", summary="公開された文")
    two.take("start", "save", summary=SECRET, comment="")
    assert SECRET not in admin_pages(two, role)
    assert "公開された文" in page_of(role)
    assert "新しい案を書いています" in page_of(role)


@pytest.mark.parametrize("steps", [("start", "save"), ("start", "propose", "withdraw"), ("start", "propose", "return")])
@pytest.mark.parametrize("role", ["社協", "admin"])
def test_shakyo_and_the_administrator_read_all(steps: tuple, role: str, two: TwoGoals, page_of: PageOf) -> None:
    two.take(*steps, summary=SECRET)
    assert SECRET in page_of(role)


@pytest.mark.parametrize("role", READERS)
def test_what_is_proposed_or_agreed_is_read_by_all(role: str, two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "propose", summary="提案の文")
    assert "提案の文" in page_of(role)
    two.take("agree")
    assert "提案の文" in page_of(role)
    assert "公開中の内容" in page_of(role)
    assert "令和9年度（2027年度）" in page_of(role)
    two.take("ask_end", "end")
    assert "終わった連携の内容" in page_of(role)


@pytest.mark.parametrize(
    ("steps", "offered"),
    [
        (("start",), {"社協": ["_save", "_propose"]}),
        (("start", "propose"), {"社協": ["_withdraw"], "市・承認": ["_return", "_agree"]}),
        (("start", "propose", "return"), {"社協": ["_save", "_propose"]}),
        (("start", "propose", "agree"), {"社協": ["_ask_end"], "市・承認": ["_ask_end"]}),
        (
            ("start", "propose", "agree", "ask_end"),
            {"社協": ["_withdraw_end"], "市・承認": ["_refuse_end", "_end"]},
        ),
        (("start", "propose", "agree", "ask_end", "end"), {}),
        (("start", "discard"), {}),
    ],
)
def test_buttons_are_those_of_the_person_and_the_state(
    steps: tuple, offered: dict, two: TwoGoals, page_of: PageOf
) -> None:
    two.take(*steps)
    for role in READERS:
        html = page_of(role)
        assert buttons(html) == offered.get(role, []), role
        assert html.count('class="button default"') == (1 if set(buttons(html)) & {"_propose", "_agree"} else 0)


def test_who_may_not_act_is_told_who_may(two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "propose")
    assert "〈市の承認者〉だけができます。" in page_of("市・編集")
    assert "〈市の承認者と社協の職員〉だけができます。" in page_of("admin")
    for role in ("社協", "市・承認"):
        assert "だけができます" not in page_of(role)


def test_what_changed_since_the_last_proposal_is_marked_within_the_sentence(two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "propose", "return", summary="会議を毎月ひらく。")
    two.take("propose", summary="会議を年６回ひらく。")
    html = page_of("市・承認")
    assert "前の提案から変わったところ" in html
    assert '<del><span class="visually-hidden">なくなった文字：</span>毎月</del>' in html
    assert '<ins><span class="visually-hidden">増えた文字：</span>年６回</ins>' in html


def test_a_new_text_is_compared_with_what_is_public(two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "propose", "agree", summary="会議を毎月ひらく。")
    two.take("start", "propose", summary="会議を年６回ひらく。")
    html = page_of("市・承認")
    assert "いま公開している内容から変わるところ" in html
    assert "毎月</del>" in html
    assert "いま公開している内容が、この提案と入れかわります" in html


def test_a_first_proposal_has_nothing_to_be_compared_with(two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "propose", "withdraw", "discard", summary="捨てた文")
    two.take("start", "propose")
    html = page_of("市・承認")
    assert "変わった" not in html
    assert "捨てた文" not in html


def test_the_grey_box_says_what_agreement_does(two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "propose")
    html = page_of("市・承認")
    assert "図４１に、市1ときずな2を結ぶ線が1本増えます" in html
    assert "1-(1)、④のページに、連携の文が載ります" in html


def test_unconfirmed_placements_are_said_to_be_so(two: TwoGoals, page_of: PageOf) -> None:
    two.take("start")
    assert "④がきずな2に属することは" in page_of("社協")
    two.take("propose")
    assert "④がきずな2に属することは" in page_of("市・承認")


def test_the_log_is_newest_first_with_organisation_and_words(two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "save", "propose", "return")
    for role, words in (
        ("社協", ["差し戻し", "市へ提案", "下書き保存", "書き始め"]),
        ("市・編集", ["差し戻し", "市へ提案"]),
    ):
        table = page_of(role).split('id="log"')[1]
        assert re.findall(r"</svg>\s*([^<]+)</span></td>", table) == words
        assert '<span class="st-org st-org-city">市</span> 職員' in table
        assert '<span class="st-org st-org-shakyo">社協</span> 職員' in table
        assert "伝言です。" in table


def test_the_log_survives_people_who_are_gone(two: TwoGoals, page_of: PageOf) -> None:
    two.take("start", "propose")
    LinkageStep.objects.create(linkage=two.linkage, step="saved", person_id=None)
    LinkageStep.objects.create(linkage=two.linkage, step="saved", person_id=987654, organisation="shakyo")
    assert "（システム）" in page_of("社協")


def test_the_log_stands_on_the_history_too(two: TwoGoals) -> None:
    two.take("start", "propose", "agree")
    html = two.client("市・編集").get(reverse("admin:kizuna_linkage_history", args=[two.linkage.pk])).content.decode()
    assert "これまでのやりとり" in html
    assert "合意・公開" in html
    assert "連携の組の記録" in html


def test_everything_written_is_escaped(two: TwoGoals, page_of: PageOf) -> None:
    evil = "<script>alert(1)</script>"
    two.take("start", "propose", summary=evil, comment=evil)
    two.take("return", comment=evil)
    for role in READERS:
        assert evil not in page_of(role)


def test_the_page_costs_a_bounded_number_of_queries(two: TwoGoals, django_assert_max_num_queries) -> None:
    two.take("start", "propose", "return", "propose")
    for number in range(3, 30):
        f.InitiativeFactory(goal=two.goal, number=number)
        f.KizunaItemFactory(goal=two.kizuna_goal, number=number + 10)
    for role in READERS:
        client = two.client(role)
        with django_assert_max_num_queries(32):
            client.get(two.address())


@pytest.mark.parametrize("key", ["999", "abc", "9" * 18, "9" * 300, "%00"])
def test_what_does_not_exist_is_said_so(key: str, two: TwoGoals) -> None:
    for page in ("change", "discard"):
        response = two.client("社協").get(f"/admin/kizuna/linkage/{key}/{page}/", follow=True)
        assert "その連携はありません" in response.content.decode()
    response = two.client("社協").get(f"/admin/kizuna/linkage/{'9' * 18}/{'9' * 25}/new/", follow=True)
    assert "その連携はありません" in response.content.decode()


def test_goals_of_plans_that_do_not_stand_side_by_side_have_no_form(two: TwoGoals) -> None:
    other = f.KizunaGoalFactory()
    address = reverse("admin:kizuna_linkage_new", args=[two.goal.pk, other.pk])
    assert "その連携はありません" in two.client("社協").get(address, follow=True).content.decode()


def test_versions_of_the_record_can_be_seen_but_not_brought_back(two: TwoGoals) -> None:
    two.take("start", "propose", "agree")
    version = Linkage.history.latest("history_id").history_id
    address = reverse("admin:kizuna_linkage_simple_history", args=[two.linkage.pk, version])
    for role in READERS:
        client = two.client(role)
        assert "この内容に戻す" not in client.get(address).content.decode()
        assert client.post(address).status_code == 403


def test_a_person_of_both_sides_is_neither(two: TwoGoals) -> None:
    two.take("start", "propose")
    two.people["社協"].groups.add(Group.objects.get(name="市・承認"))
    html = two.client("社協").get(two.address()).content.decode()
    assert buttons(html) == []
    assert "〈市の承認者と社協の職員〉だけができます" in html
    two.press("社協", "_agree")
    assert two.linkage.state == "proposed"


def test_nobody_agrees_to_their_own_text(two: TwoGoals) -> None:
    two.take("start", "propose")
    two.people["社協"].groups.set([Group.objects.get(name="市・承認")])
    assert actions.SAME_PERSON in two.press("社協", "_agree")
    assert two.linkage.state == "proposed"
