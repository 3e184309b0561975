import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from plan_portal.foundation.choices import Confirmation
from sdgs.models import GoalSdgLink, Sdg, SdgIcon
from tests.factories import (
    BasicGoalFactory,
    GoalSdgLinkFactory,
    PlanFactory,
    PlanSdgFactory,
    SdgFactory,
    SdgIconFactory,
    picture,
)

pytestmark = pytest.mark.django_db


def same_plan_sdg():
    named = PlanSdgFactory()
    return PlanSdgFactory.build(plan=named.plan, sdg=named.sdg)


def same_link():
    link = GoalSdgLinkFactory()
    return GoalSdgLinkFactory.build(goal=link.goal, sdg=link.sdg)


def link_with(**fields):
    return GoalSdgLinkFactory.build(goal=BasicGoalFactory(), sdg=SdgFactory(), **fields)


def icon_with(**fields):
    return SdgIconFactory.build(sdg=SdgFactory(), **{"digest": "0", "width": 8, "height": 8, **fields})


CONSTRAINTS = {
    "sdg_number_1_to_17": lambda: SdgFactory.build(number=18),
    "sdg_name_given": lambda: SdgFactory.build(name=""),
    "plan_sdg_once": same_plan_sdg,
    "sdg_icon_conditions_confirmed": lambda: icon_with(conditions_confirmed=False),
    "sdg_icon_is_png": lambda: icon_with(media_type="image/svg+xml"),
    "sdg_icon_size": lambda: icon_with(width=1025),
    "goal_sdg_link_once": same_link,
    "goal_sdg_link_confirmation_known": lambda: link_with(confirmation="unknown"),
    "goal_sdg_link_sample_named": lambda: link_with(is_sample=True, reason="本物の理由"),
}


def test_sdg_number_stands_once():
    SdgFactory(number=3)
    again = Sdg(number=3, name="ゴール", name_en="Goal", colour="#4C9F38")
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    with pytest.raises(ValidationError) as error:
        again.full_clean()
    assert set(error.value.message_dict) == {"number"}


@pytest.mark.parametrize("number", [1, 17])
def test_sdg_bounds(number):
    SdgFactory(number=number).full_clean()


@pytest.mark.parametrize("colour", ["#e5243b", "E5243B", "#E5243", "#E5243BB", "red", "#E5243B\n"])
def test_sdg_colour_must_be_six_upper_case_digits(colour):
    with pytest.raises(ValidationError) as error:
        SdgFactory.build(colour=colour).full_clean()
    assert set(error.value.message_dict) == {"colour"}


def test_words():
    link = GoalSdgLinkFactory(goal__number=2, goal__title="健康", goal__title_ruby="", sdg__number=3)
    assert str(link.sdg) == "ＳＤＧｓ 3 ゴール3"
    assert str(link) == "基本目標2 健康 と ＳＤＧｓ 3 ゴール3"
    named = PlanSdgFactory(sdg=link.sdg, plan__name="登別市地域福祉計画")
    assert str(named) == "第３期 登別市地域福祉計画：ＳＤＧｓ 3 ゴール3"


def test_link_waits_for_confirmation_by_default():
    assert GoalSdgLinkFactory().confirmation == Confirmation.WAITING
    assert GoalSdgLinkFactory().get_confirmation_display() == "確認待ち"


def test_link_may_have_no_reason_yet():
    GoalSdgLinkFactory(reason="").full_clean()


def test_links_of_a_plan_in_order():
    plan = PlanFactory()
    goals = [BasicGoalFactory(plan=plan, number=number) for number in (2, 1)]
    for goal in goals:
        for number in (11, 3):
            GoalSdgLinkFactory(goal=goal, sdg=SdgFactory(number=number))
    GoalSdgLinkFactory()
    links = GoalSdgLink.objects.for_plan(plan).in_plan_order()
    assert [(link.goal.number, link.sdg.number) for link in links] == [(1, 3), (1, 11), (2, 3), (2, 11)]


def test_icon_knows_its_picture():
    icon = SdgIconFactory(sdg__number=3, image=picture(size=(20, 10)))
    assert (icon.width, icon.height, icon.media_type) == (20, 10, "image/png")
    assert str(icon) == "アイコン：ＳＤＧｓ 3 ゴール3"
    before = icon.digest
    assert icon.url == f"/sdgs/3/icon.png?v={before}"
    icon.image = picture(size=(10, 20))
    icon.save()
    assert (icon.width, icon.height) == (10, 20)
    assert icon.digest != before


def test_one_icon_a_goal():
    icon = SdgIconFactory()
    with pytest.raises(ValidationError) as error:
        SdgIconFactory.build(sdg=icon.sdg).full_clean(exclude=["width", "height", "digest"])
    assert error.value.messages == ["このゴールには、もうアイコンがあります。一覧から開いて、入れ替えてください。"]


def test_history_keeps_no_picture():
    assert "image" not in {field.name for field in SdgIcon.history.model._meta.get_fields()}
