"""Whatever real work stands before, and is done in between: with 見本 loaded and cleared, it ends as if there had been none."""

from collections.abc import Callable

import pytest
from django.core import serializers
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goals.models import BasicGoal
from initiatives.models import Department, Initiative
from kizuna.models import KizunaGoal, Linkage, LinkagePair
from plan_portal.content import clear_sample, load_plan, load_sample
from plan_portal.content.sample_files import Sample
from plan_portal.content.sample_loader import SAMPLE_FILE
from plan_portal.foundation.models import AppendOnlyModel
from sdgs.models import GoalSdgLink, Sdg
from tests.constraints import our_models
from tests.factories import DepartmentFactory

pytestmark = pytest.mark.django_db

PAIRS = [(goal, kizuna_goal) for goal in range(1, 8) for kizuna_goal in range(1, 6)]
SAMPLE_LINES = {(linkage.goal, linkage.kizuna_goal) for linkage in Sample.read(SAMPLE_FILE).linkages}
# A line, or a place in the list of initiatives.
lines = st.sets(st.sampled_from(PAIRS), max_size=5)
free_lines = st.sets(st.sampled_from([pair for pair in PAIRS if pair not in SAMPLE_LINES]), max_size=3)
places = st.sets(st.integers(0, 19), max_size=4)


def content() -> list[str]:
    """All content with natural keys: row numbers may differ, nothing else."""
    return [
        serializers.serialize(
            "json",
            sorted(model.objects.all(), key=lambda row: str(row.natural_key())),
            use_natural_foreign_keys=True,
            use_natural_primary_keys=True,
        )
        for model in our_models()
        if not issubclass(model, AppendOnlyModel)  # logs stay
    ]


def link(ends: set[tuple[int, int]]) -> None:
    for goal, kizuna_goal in sorted(ends):
        linkage = Linkage.objects.create(
            goal=BasicGoal.objects.get(number=goal),
            kizuna_goal=KizunaGoal.objects.get(number=kizuna_goal),
            summary="本物",
        )
        initiative, item = linkage.goal.initiatives.first(), linkage.kizuna_goal.items.first()
        LinkagePair.objects.create(linkage=linkage, initiative=initiative, item=item)


def assign(where: set[int], name: str) -> None:
    department = DepartmentFactory(name=name)
    for place, initiative in enumerate(Initiative.objects.in_plan_order()):
        if place in where:
            initiative.department = department
            initiative.summary_easy = f"{name}の文"
            initiative.save()


def serve(where: set[int]) -> None:
    for place in where:
        goal, sdg = BasicGoal.objects.get(number=place % 7 + 1), Sdg.objects.get(number=place % 17 + 1)
        GoalSdgLink.objects.get_or_create(goal=goal, sdg=sdg, defaults={"reason": "本物"})


def outcome(*steps: Callable[[], object]) -> list[str]:
    """The content after these steps, which are then undone."""
    with transaction.atomic():
        for step in steps:
            step()
        found = content()
        assert not Department.objects.filter(is_sample=True).exists()
        transaction.set_rollback(True)
    return found


@pytest.fixture(autouse=True)
def plan():
    load_plan()


@settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines, free_lines, places, places, places)
def test_sample_leaves_no_trace(before, between, assigned, reassigned, served):
    def first():
        link(before)
        assign(assigned, "本物グループ")
        serve(served)

    def then():
        link(between - before)
        assign(reassigned, "あとのグループ")

    assert outcome(first, load_sample, then, clear_sample) == outcome(first, then)
