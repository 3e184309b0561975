import pytest
from django.http import Http404

from goals.outline import find, outline
from tests.factories import BasicGoalFactory, InitiativeFactory, PlanFactory

pytestmark = pytest.mark.django_db


def test_goals_and_initiatives_in_order_by_one_query(django_assert_num_queries):
    plan = PlanFactory()
    second, first, third = (BasicGoalFactory(plan=plan, number=number) for number in (2, 1, 3))
    for goal, number in ((first, 10), (first, 2), (third, 1)):
        InitiativeFactory(goal=goal, number=number, embodied_plan="ある計画" if number == 10 else "")
    BasicGoalFactory()
    with django_assert_num_queries(1):
        goals = outline(plan)
    assert [goal.number for goal in goals] == [1, 2, 3]
    assert [[initiative.number for initiative in goal.initiatives] for goal in goals] == [[2, 10], [], [1]]
    assert goals[0].initiatives[1].embodied_plan == "ある計画"
    assert (goals[0].url, goals[0].initiatives[1].url) == ("/goals/1/", "/goals/1/10/")
    assert (goals[0].initiatives[1].mark, goals[0].initiatives[1].label) == ("(10)", "1-(10)")
    assert goals[1].record.pk == second.pk


def test_an_empty_plan_has_no_outline():
    assert outline(PlanFactory()) == ()


def test_find_tells_which_goal_is_missing():
    with pytest.raises(Http404, match="基本目標9は、この計画にありません。"):
        find(outline(BasicGoalFactory(number=1).plan), 9)
