from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from kizuna.models import KizunaItem, KizunaPlan, Linkage, LinkagePair
from plan_portal.foundation.choices import EditionState
from tests.factories import (
    BasicGoalFactory,
    InitiativeFactory,
    KizunaGoalFactory,
    KizunaItemFactory,
    KizunaPlanFactory,
    LinkageFactory,
    LinkagePairFactory,
    LinkageProposalFactory,
    PlanFactory,
)

pytestmark = pytest.mark.django_db


def kizuna_plan_with(**fields):
    return KizunaPlanFactory.build(city_plan=PlanFactory(), **fields)


def kizuna_goal_with(**fields):
    return KizunaGoalFactory.build(plan=KizunaPlanFactory(), **fields)


def item_with(**fields):
    goal = KizunaGoalFactory()
    return KizunaItemFactory.build(goal=goal, plan=goal.plan, **fields)


def linkage_with(**fields):
    goal = BasicGoalFactory()
    kizuna_goal = KizunaGoalFactory(plan__city_plan=goal.plan)
    return LinkageFactory.build(goal=goal, kizuna_goal=kizuna_goal, **fields)


def same_key():
    beside = KizunaPlanFactory()
    return KizunaPlanFactory.build(city_plan=beside.city_plan, key=beside.key, state=EditionState.ENDED)


def second_current():
    return KizunaPlanFactory.build(city_plan=KizunaPlanFactory().city_plan, key="kizuna-2")


def same_goal_number():
    goal = KizunaGoalFactory()
    return KizunaGoalFactory.build(plan=goal.plan, number=goal.number)


def same_item_number():
    """Numbers run through the whole plan: another goal does not help."""
    item = KizunaItemFactory()
    other = KizunaGoalFactory(plan=item.plan)
    return KizunaItemFactory.build(goal=other, plan=item.plan, number=item.number)


def same_ends():
    linkage = LinkageFactory()
    return LinkageFactory.build(goal=linkage.goal, kizuna_goal=linkage.kizuna_goal)


def proposal_with(**fields):
    return LinkageProposalFactory.build(linkage=LinkageFactory(), updated_at=timezone.now(), **fields)


def same_pair():
    pair = LinkagePairFactory()
    return LinkagePair(linkage=pair.linkage, initiative=pair.initiative, item=pair.item)


CONSTRAINTS = {
    "kizuna_plan_one_per_key": same_key,
    "kizuna_plan_one_current": second_current,
    "kizuna_plan_period_in_order": lambda: kizuna_plan_with(period_start=2026, period_end=2025),
    "kizuna_plan_state_known": lambda: kizuna_plan_with(state="unknown"),
    "kizuna_plan_ordinal_from_1": lambda: kizuna_plan_with(ordinal=0),
    "kizuna_plan_name_given": lambda: kizuna_plan_with(name=""),
    "kizuna_plan_organisation_given": lambda: kizuna_plan_with(organisation=""),
    "kizuna_plan_ideal_given": lambda: kizuna_plan_with(ideal=""),
    "kizuna_plan_goal_label_given": lambda: kizuna_plan_with(goal_label=""),
    "kizuna_plan_item_label_given": lambda: kizuna_plan_with(item_label=""),
    "kizuna_goal_one_per_number": same_goal_number,
    "kizuna_goal_number_from_1": lambda: kizuna_goal_with(number=0),
    "kizuna_goal_title_given": lambda: kizuna_goal_with(title="", title_ruby=""),
    "kizuna_item_one_per_number": same_item_number,
    "kizuna_item_placement_known": lambda: item_with(placement="unknown"),
    "kizuna_item_number_from_1": lambda: item_with(number=0),
    "kizuna_item_title_given": lambda: item_with(title="", title_ruby=""),
    "linkage_one_per_pair": same_ends,
    "linkage_state_known": lambda: linkage_with(state="unknown"),
    "linkage_sample_named": lambda: linkage_with(is_sample=True, summary="本物の文"),
    "linkage_end_asked_while_agreed": lambda: linkage_with(end_asked_by="city"),
    "linkage_ended_on_when_ended": lambda: linkage_with(agreed=True, ended_on=date(2027, 3, 31)),
    "linkage_pair_once": same_pair,
    "linkage_proposal_state_known": lambda: proposal_with(state="unknown"),
}


def test_kizuna_plan_of_an_unknown_edition():
    kizuna_plan = KizunaPlanFactory()
    kizuna_plan.full_clean()
    assert (str(kizuna_plan), kizuna_plan.edition, kizuna_plan.period) == ("きずな計画", "", "")
    kizuna_plan.ordinal = 4
    kizuna_plan.period_start, kizuna_plan.period_end = 2026, 2030
    assert str(kizuna_plan) == "第４期 きずな計画"
    assert kizuna_plan.period == "令和8年度（2026年度）から令和12年度（2030年度）まで"


def test_kizuna_plan_beside_a_plan_is_the_current_one():
    current = KizunaPlanFactory()
    KizunaPlanFactory(city_plan=current.city_plan, key="old", state=EditionState.ENDED).full_clean()
    KizunaPlanFactory()
    assert list(KizunaPlan.objects.for_plan(current.city_plan)) == [current]


def test_kizuna_goal_cannot_move_to_another_plan():
    goal = KizunaGoalFactory()
    goal.full_clean()
    goal.plan = KizunaPlanFactory()
    with pytest.raises(ValidationError, match="別のきずな計画へ移すことはできません"):
        goal.full_clean()


def test_words():
    item = KizunaItemFactory(number=7, goal__number=3, title="孤立させない", title_ruby="", goal__title_ruby="")
    item.goal.title = "きずなを紡ぎ支える"
    assert str(item) == "⑦ 孤立させない"
    assert str(item.goal) == "きずな計画 基本目標3 きずなを紡ぎ支える"
    assert not item.placement_confirmed
    assert KizunaItemFactory(placement="confirmed").placement_confirmed


def test_item_takes_its_plan_from_its_goal():
    goal = KizunaGoalFactory()
    item = KizunaItem(goal=goal, number=1, title="きずな活動の推進")
    item.full_clean()
    assert item.plan == goal.plan
    item.goal = KizunaGoalFactory()
    item.save()
    item.refresh_from_db()
    assert item.plan == item.goal.plan != goal.plan


def test_item_in_a_pair_cannot_leave_its_goal():
    item = LinkagePairFactory().item
    item.full_clean()
    item.goal = KizunaGoalFactory(plan=item.plan)
    with pytest.raises(ValidationError, match="連携の組に入っています"):
        item.full_clean()


@pytest.mark.parametrize("factory", [KizunaGoalFactory, KizunaItemFactory])
def test_reading_must_fit_the_title(factory):
    row = factory()
    row.title_ruby = "{別|べつ}の題"
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert set(error.value.message_dict) == {"title_ruby"}


def test_linkage_between_plans_that_do_not_stand_side_by_side():
    linkage = Linkage(goal=BasicGoalFactory(), kizuna_goal=KizunaGoalFactory())
    with pytest.raises(ValidationError, match="並べて示す計画どうし"):
        linkage.full_clean()


@pytest.mark.parametrize("end", ["goal", "kizuna_goal"])
def test_linkage_with_pairs_cannot_move_its_ends(end):
    linkage = LinkagePairFactory().linkage
    linkage.full_clean()
    if end == "goal":
        linkage.goal = BasicGoalFactory(plan=linkage.goal.plan)
    else:
        linkage.kizuna_goal = KizunaGoalFactory(plan=linkage.kizuna_goal.plan)
    with pytest.raises(ValidationError, match="選んだ基本目標のものでない"):
        linkage.full_clean()


def test_linkage_without_pairs_may_move():
    linkage = LinkageFactory()
    linkage.goal = BasicGoalFactory(plan=linkage.goal.plan)
    linkage.full_clean()


def test_linkage_without_ends_says_which_are_missing():
    with pytest.raises(ValidationError) as error:
        Linkage().full_clean()
    assert set(error.value.message_dict) == {"goal", "kizuna_goal"}


def test_linkage_querysets():
    agreed = LinkageFactory(agreed=True)
    proposed = LinkageFactory(goal=agreed.goal)
    other = LinkageFactory(agreed=True)
    plan = agreed.goal.plan
    assert set(Linkage.objects.agreed()) == {agreed, other}
    assert list(Linkage.objects.for_plan(plan).in_plan_order()) == [agreed, proposed]
    KizunaPlan.objects.filter(city_plan=plan).update(state=EditionState.ENDED)
    assert list(Linkage.objects.agreed()) == [other]


def test_linkage_takes_its_pairs_with_it():
    linkage = LinkagePairFactory().linkage
    linkage.delete()
    assert not LinkagePair.objects.exists()
    assert LinkagePair.history.filter(history_type="-").count() == 1


def test_linked_goals_cannot_be_deleted():
    linkage = LinkageFactory()
    for end in (linkage.goal, linkage.kizuna_goal):
        with pytest.raises(ProtectedError):
            end.delete()


def test_pair_must_belong_to_both_ends():
    linkage = LinkageFactory()
    right_initiative, right_item = InitiativeFactory(goal=linkage.goal), KizunaItemFactory(goal=linkage.kizuna_goal)
    stray_initiative = InitiativeFactory(goal=BasicGoalFactory(plan=linkage.goal.plan))
    stray_item = KizunaItemFactory(goal=KizunaGoalFactory(plan=linkage.kizuna_goal.plan))
    LinkagePair(linkage=linkage, initiative=right_initiative, item=right_item).full_clean()
    with pytest.raises(ValidationError, match="市の基本目標に属する取組"):
        LinkagePair(linkage=linkage, initiative=stray_initiative, item=right_item).full_clean()
    with pytest.raises(ValidationError, match="きずな計画の基本目標に属する基本計画"):
        LinkagePair(linkage=linkage, initiative=right_initiative, item=stray_item).full_clean()


def test_pairs_in_plan_order():
    linkage = LinkageFactory()
    one, two = (InitiativeFactory(goal=linkage.goal, number=number) for number in (1, 2))
    items = [KizunaItemFactory(goal=linkage.kizuna_goal, number=number) for number in (5, 4)]
    for initiative, item in ((two, items[0]), (one, items[0]), (one, items[1])):
        pair = LinkagePairFactory(linkage=linkage, initiative=initiative, item=item)
        assert str(pair) == f"{initiative} と {item}"
    found = [(pair.initiative.number, pair.item.number) for pair in linkage.pairs.in_plan_order()]
    assert found == [(1, 4), (1, 5), (2, 5)]
