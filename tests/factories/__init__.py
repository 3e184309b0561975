"""Records for tests: valid by default, numbered in sequence, never random, the same in every order of tests.

Each factory without arguments makes a tree of its own (own municipality, own 現行 plan). To put records under one plan,
pass it on: `BasicGoalFactory(plan=plan)`, `InitiativeFactory(goal=goal)`, `KizunaPlanFactory(city_plan=plan)`,
`KizunaGoalFactory(plan=kizuna_plan)`, `LinkageFactory(goal=goal)` (takes the kizuna plan beside the goal's plan).
"""

from tests.factories.base import Counted
from tests.factories.content import (
    BasicGoalFactory,
    DepartmentFactory,
    GoalSdgLinkFactory,
    InitiativeFactory,
    KizunaGoalFactory,
    KizunaItemFactory,
    KizunaPlanFactory,
    LinkageFactory,
    LinkagePairFactory,
    LinkageProposalFactory,
    LinkageStepFactory,
    PlanFactory,
    PlanSdgFactory,
    PlanSectionFactory,
    SdgFactory,
    SdgIconFactory,
    picture,
)
from tests.factories.drafts import DraftFactory, DraftStepFactory
from tests.factories.portal import (
    AccessibilityPolicyFactory,
    AccessibilityTestFactory,
    CriterionResultFactory,
    PublishedChangeFactory,
    ReadingFactory,
    SentDigestFactory,
    UserFactory,
)

__all__ = [
    "AccessibilityPolicyFactory",
    "AccessibilityTestFactory",
    "BasicGoalFactory",
    "Counted",
    "CriterionResultFactory",
    "DepartmentFactory",
    "DraftFactory",
    "DraftStepFactory",
    "GoalSdgLinkFactory",
    "InitiativeFactory",
    "KizunaGoalFactory",
    "KizunaItemFactory",
    "KizunaPlanFactory",
    "LinkageFactory",
    "LinkagePairFactory",
    "LinkageProposalFactory",
    "LinkageStepFactory",
    "PlanFactory",
    "PlanSdgFactory",
    "PlanSectionFactory",
    "PublishedChangeFactory",
    "ReadingFactory",
    "SdgFactory",
    "SdgIconFactory",
    "SentDigestFactory",
    "UserFactory",
    "picture",
]
