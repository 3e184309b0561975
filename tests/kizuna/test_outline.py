import pytest

from kizuna.outline import kizuna_outline
from tests.factories import KizunaGoalFactory, KizunaItemFactory, KizunaPlanFactory, PlanFactory

pytestmark = pytest.mark.django_db


def test_goals_and_items_in_order_by_one_query(django_assert_num_queries):
    kizuna = KizunaPlanFactory(ordinal=4, period_start=2026, period_end=2030)
    second, first = (KizunaGoalFactory(plan=kizuna, number=number) for number in (2, 1))
    KizunaItemFactory(goal=first, number=2)
    KizunaItemFactory(goal=first, number=1, placement="confirmed")
    KizunaItemFactory(goal=second, number=3)
    KizunaGoalFactory(plan=kizuna, number=3)
    with django_assert_num_queries(1):
        outline = kizuna_outline(kizuna.city_plan)
    assert str(outline.plan) == "第４期 きずな計画"
    assert outline.plan.period == "令和8年度（2026年度）から令和12年度（2030年度）まで"
    assert [[item.number for item in goal.items] for goal in outline.goals] == [[1, 2], [3], []]
    assert [goal.unconfirmed_marks for goal in outline.goals] == ["②", "③", ""]
    assert outline.item_count == 3
    assert (outline.goals[0].url, outline.goals[0].items[1].url) == ("/kizuna/goals/1/", "/kizuna/items/2/")


def test_only_the_current_kizuna_plan_counts():
    assert kizuna_outline(PlanFactory()) is None
    ended = KizunaPlanFactory(state="ended")
    KizunaGoalFactory(plan=ended)
    assert kizuna_outline(ended.city_plan) is None


def test_a_kizuna_plan_without_goals_is_still_one():
    outline = kizuna_outline(KizunaPlanFactory().city_plan)
    assert outline.goals == ()
    assert outline.item_count == 0
