from goals.models.basic_goal import BasicGoal
from goals.models.plan import Plan
from goals.models.plan_section import PlanSection

__all__ = ["BasicGoal", "Plan", "PlanSection"]
