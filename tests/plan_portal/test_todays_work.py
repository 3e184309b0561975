"""きょうの仕事: each line stands before the right people, once, and leads to the place."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from kizuna import actions
from kizuna.linkage_content import LinkageContent
from kizuna.models import Linkage, LinkageStep
from plan_portal.todays_work import recent_changes, todays_work
from plan_portal.todays_work.work import ago, day
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    roles = ("市・編集", "市・承認", "社協")
    return {role: f.UserFactory(role=role) for role in roles} | {
        "admin": f.UserFactory(is_superuser=True, is_staff=True)
    }


@pytest.fixture
def linkage(people: dict[str, User]) -> Linkage:
    """Just begun by 社協."""
    goal = f.BasicGoalFactory(number=1, title="支え合い")
    f.InitiativeFactory(goal=goal, number=1)
    kizuna_goal = f.KizunaGoalFactory(plan=f.KizunaPlanFactory(city_plan=goal.plan), number=2, title="護り強める")
    f.KizunaItemFactory(goal=kizuna_goal, number=4)
    return actions.start(user=people["社協"], goal=goal, kizuna_goal=kizuna_goal)


def content_of(linkage: Linkage) -> LinkageContent:
    pair = (linkage.goal.initiatives.get().pk, linkage.kizuna_goal.items.get().pk)
    return LinkageContent("一緒に訪ねます。", 2026, "町内会", (pair,))


def step(name: str, user: User, linkage: Linkage, **given: Any) -> None:
    linkage.refresh_from_db()
    getattr(actions, name)(user=user, linkage=linkage, version=linkage.edit_version, **given)


def kinds(user: User) -> tuple[list[str], list[str]]:
    work = todays_work(user)
    return [line.kind for line in work.mine], [line.kind for line in work.theirs]


def test_a_linkage_goes_from_desk_to_desk(people: dict[str, User], linkage: Linkage) -> None:
    city, shakyo = people["市・承認"], people["社協"]
    assert (kinds(shakyo), kinds(city)) == ((["書きかけの連携"], []), ([], []))
    step("propose", shakyo, linkage, content=content_of(linkage))
    assert (kinds(shakyo), kinds(city)) == (([], ["市の確認待ちの連携"]), (["連携の確認"], []))
    step("send_back", city, linkage, comment="年度を直してください。")
    assert (kinds(shakyo), kinds(city)) == ((["差し戻された連携"], []), ([], ["差し戻した連携"]))
    assert "年度を直してください。" in todays_work(shakyo).mine[0].note
    step("propose", shakyo, linkage, content=content_of(linkage))
    step("agree", city, linkage)
    assert (kinds(shakyo), kinds(city)) == (([], []), ([], []))
    step("ask_end", city, linkage, comment="活動が終わりました。")
    assert (kinds(shakyo), kinds(city)) == ((["解消の申し出"], []), ([], ["解消の申し出"]))
    step("end", shakyo, linkage)
    assert (kinds(shakyo), kinds(city)) == (([], []), ([], []))


@pytest.mark.parametrize("role", ["市・編集", "admin"])
def test_who_decides_nothing_has_no_linkage_to_answer(role: str, people: dict[str, User], linkage: Linkage) -> None:
    step("propose", people["社協"], linkage, content=content_of(linkage))
    assert kinds(people[role]) == ([], [])


def test_what_waits_longest_stands_first(people: dict[str, User], linkage: Linkage) -> None:
    other = f.LinkageFactory(goal=linkage.goal, agreed=True)
    f.LinkageFactory(goal__plan=linkage.goal.plan)  # neither agreed nor written
    step("propose", people["社協"], linkage, content=content_of(linkage))
    step("ask_end", people["社協"], other, comment="終わりました。")
    mine = todays_work(people["市・承認"]).mine
    assert [line.kind for line in mine] == ["連携の確認", "解消の申し出"]
    assert mine[0].since < mine[1].since


def test_days_are_counted_and_dates_written_in_japanese() -> None:
    assert ago(now()) == "きょう"
    assert ago(now() - timedelta(days=7)) == "7日前"
    assert day(now().replace(year=2024, month=3, day=5, hour=3)) == "2024年3月5日"


def test_number_of_queries_does_not_grow(
    people: dict[str, User], linkage: Linkage, django_assert_max_num_queries: Any
) -> None:
    shakyo = people["社協"]
    step("propose", shakyo, linkage, content=content_of(linkage))
    for number in range(3, 9):
        goal = f.KizunaGoalFactory(plan=linkage.kizuna_goal.plan, number=number)
        actions.start(user=shakyo, goal=linkage.goal, kizuna_goal=goal)
    with django_assert_max_num_queries(8):
        assert len(todays_work(shakyo).mine) == 6
    with django_assert_max_num_queries(4):
        recent_changes()


def test_recent_changes_tell_the_steps_of_both_and_hide_what_is_being_written(
    people: dict[str, User], linkage: Linkage
) -> None:
    assert recent_changes() == []
    step("propose", people["社協"], linkage, content=content_of(linkage))
    step("send_back", people["市・承認"], linkage, comment="直してください。")
    newest, oldest = recent_changes()
    assert (newest.by, newest.who) == ("市", people["市・承認"].last_name)
    assert newest.what == "連携　市1 と きずな2：差し戻し"
    assert oldest.what.endswith("市へ提案")


def test_the_first_page_shows_it_and_leads_to_the_place(
    people: dict[str, User], linkage: Linkage, client: Client
) -> None:
    step("propose", people["社協"], linkage, content=content_of(linkage))
    client.force_login(people["市・承認"])
    page = client.get(reverse("admin:index")).content.decode()
    assert "あなたの番の仕事が <strong>1件</strong> あります" in page
    assert f'href="{reverse("admin:kizuna_linkage_change", args=[linkage.pk])}"' in page
    assert client.get(reverse("admin:kizuna_linkage_change", args=[linkage.pk]), follow=True).status_code == 200
    client.force_login(people["市・編集"])
    page = client.get(reverse("admin:index")).content.decode()
    assert "いま、あなたの番の仕事はありません。" in page
    assert LinkageStep.objects.count() == 2
