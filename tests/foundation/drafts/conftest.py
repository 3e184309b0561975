import pytest

from goals.models import BasicGoal
from tests import factories as f


@pytest.fixture
def goal() -> BasicGoal:
    return f.BasicGoalFactory(plan=f.PlanFactory(), number=4, title_ruby="")
