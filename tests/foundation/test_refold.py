"""Migrating the folded copies: old copies become what save() writes today, in batches, and history stays as it is."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kizuna.models import Linkage
from plan_portal.content import load_plan, load_sample
from plan_portal.foundation import refold as refolding
from plan_portal.foundation.models import SearchableModel
from plan_portal.foundation.refold import refold
from tests.constraints import our_models
from tests.factories import BasicGoalFactory, PlanFactory

BEFORE = [
    ("goals", "0001_initial"),
    ("sdgs", "0001_initial"),
    ("initiatives", "0002_department_search_text"),
    ("kizuna", "0001_initial"),
]
SEARCHED = [model for model in our_models() if issubclass(model, SearchableModel)]


def copies() -> dict[tuple[str, int], str]:
    return {
        (model._meta.label, pk): text
        for model in SEARCHED
        for pk, text in model.objects.values_list("pk", "search_text")
    }


@pytest.mark.django_db(transaction=True)
def test_the_migrations_write_what_save_writes():
    load_plan()
    load_sample()
    for linkage in Linkage.objects.exclude(partners=""):
        linkage.partners = ""  # the first migrations do not know them
        linkage.save()
    saved, entries = copies(), {model: model.history.count() for model in SEARCHED}
    assert len({label for label, _ in saved}) == len(SEARCHED) == 9
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    MigrationExecutor(connection).migrate(BEFORE)
    try:
        for model in SEARCHED:
            model.objects.update(search_text="古い写し")
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert copies() == saved
    assert {model: model.history.count() for model in SEARCHED} == entries


@pytest.mark.django_db
def test_every_row_is_refolded_whatever_the_size_of_a_batch(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(refolding, "_BATCH", 3)
    goals = BasicGoalFactory.create_batch(7, plan=PlanFactory(), field="ボランティア")
    type(goals[0]).objects.update(search_text="ぼらんてぃあ")
    operation = refold("goals", {"BasicGoal": ("field",)})
    with django_assert_num_queries(4 + 3):  # 3, 3, 1 and no rows are read; three times rows are written
        operation.code(apps, None)
    assert set(type(goals[0]).objects.values_list("search_text", flat=True)) == {"ぼらんていあ"}
