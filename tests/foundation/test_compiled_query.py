import pytest

from goals.models import BasicGoal
from plan_portal.foundation.compiled_query import CompiledQuery
from tests.factories import BasicGoalFactory, PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def titles():
    return CompiledQuery(
        lambda plan: BasicGoal.objects.filter(plan=plan).order_by("number").values_list("number", "title")
    )


def test_rows_are_those_of_the_query_set(titles, django_assert_num_queries):
    one, other = PlanFactory(), PlanFactory()
    for plan in (one, other):
        BasicGoalFactory(plan=plan, number=2, title="二")
        BasicGoalFactory(plan=plan, number=1, title=f"一{plan.pk}")
    with django_assert_num_queries(2):
        assert titles.rows(one.pk) == [(1, f"一{one.pk}"), (2, "二")]
        assert titles.rows(other.pk) == [(1, f"一{other.pk}"), (2, "二")]


def test_changes_show_at_once(titles):
    goal = BasicGoalFactory(number=1, title="前")
    assert titles.rows(goal.plan_id) == [(1, "前")]
    BasicGoal.objects.update(title="後")
    assert titles.rows(goal.plan_id) == [(1, "後")]


def test_the_query_set_is_built_once():
    built = []

    def build(plan):
        built.append(plan)
        return BasicGoal.objects.filter(plan=plan).values_list("pk")

    query = CompiledQuery(build)
    assert [query.rows(1), query.rows(2)] == [[], []]
    assert len(built) == 1
