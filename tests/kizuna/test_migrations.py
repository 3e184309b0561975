"""Linkages of the days before two keys, forwards and backwards: what was not public does not become so, and no text is lost."""

from typing import Any

import pytest
from django.apps import apps as now
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kizuna.models import Linkage, LinkagePair, LinkageProposal, LinkageStep
from plan_portal.content import load_plan

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = ("kizuna", "0002_refold_search_text")


def migrate(*targets: tuple[str, str]) -> Any:
    """To these migrations, or the latest; the models of that state."""
    executor = MigrationExecutor(connection)
    return executor.migrate(list(targets) or executor.loader.graph.leaf_nodes()).apps


@pytest.fixture(autouse=True)
def plan():
    load_plan()
    yield
    migrate()


def linkage(apps: Any, number: int, **fields: Any) -> Any:
    goal = apps.get_model("goals", "BasicGoal").objects.get(number=number)
    kizuna_goal = apps.get_model("kizuna", "KizunaGoal").objects.get(number=1)
    return apps.get_model("kizuna", "Linkage").objects.create(goal=goal, kizuna_goal=kizuna_goal, **fields)


def pair(apps: Any, of: Any) -> tuple[int, int]:
    initiative = apps.get_model("initiatives", "Initiative").objects.filter(goal=of.goal_id).order_by("number").first()
    item = apps.get_model("kizuna", "KizunaItem").objects.filter(goal=of.kizuna_goal_id).order_by("number").first()
    apps.get_model("kizuna", "LinkagePair").objects.create(linkage=of, initiative=initiative, item=item)
    return initiative.pk, item.pk


def test_what_was_proposed_becomes_a_proposal():
    old = migrate(BEFORE)
    agreed = linkage(old, 1, state="agreed", summary="合意した文", since=2026, search_text="合意した文")
    proposed = linkage(
        old, 2, state="proposed", summary="見本の提案", since=2027, search_text="見本の提案", is_sample=True
    )
    pairs = {one: pair(old, one) for one in (agreed, proposed)}
    migrate()
    row = Linkage.objects.get(pk=agreed.pk)
    assert (row.state, row.summary, row.since, row.search_text) == ("agreed", "合意した文", 2026, "合意した文")
    assert list(LinkagePair.objects.values_list("initiative_id", "item_id")) == [pairs[agreed]]
    row = Linkage.objects.get(pk=proposed.pk)
    row.full_clean()
    assert (row.state, row.summary, row.since, row.agreed_on, row.search_text) == ("proposed", "", None, None, "")
    proposal = LinkageProposal.objects.get()
    content = {"summary": "見本の提案", "since": 2027, "partners": "", "pairs": [list(pairs[proposed])]}
    assert (proposal.linkage, proposal.state, row.is_sample) == (row, "writing", True)
    assert {name: getattr(proposal, name) for name in content} == content
    step = LinkageStep.objects.get()
    assert (step.linkage, step.step, step.person_id, step.content) == (row, "started", None, content)


def test_backwards_nothing_that_is_not_agreed_is_public_and_no_text_is_lost():
    agreed = linkage(now, 1, state="agreed", summary="合意した文")
    proposed, ended = linkage(now, 2), linkage(now, 3, state="ended", summary="終わった文")
    sample, bare = linkage(now, 4, is_sample=True), linkage(now, 5, is_sample=True)
    kept, again = pair(now, ended), pair(now, proposed)
    LinkagePair.objects.filter(linkage=proposed).delete()
    pairs = [list(again), [again[0], 0]]
    LinkageProposal.objects.create(linkage=proposed, state="waiting", summary="カタカナの提案", since=2027, pairs=pairs)
    LinkageProposal.objects.create(linkage=agreed, summary="新しい文")
    LinkageProposal.objects.create(linkage=sample, summary="")
    old = migrate(BEFORE)
    rows = old.get_model("kizuna", "Linkage").objects.order_by("goal__number")
    assert [(row.pk, row.state, row.summary, row.is_sample) for row in rows] == [
        (agreed.pk, "agreed", "合意した文", False),
        (proposed.pk, "proposed", "カタカナの提案", False),
        (ended.pk, "proposed", "終わった文", False),
        (sample.pk, "proposed", "", False),
    ]
    assert not rows.filter(pk=bare.pk).exists()
    assert (rows[1].since, rows[1].search_text) == (2027, "かたかなの提案")
    found = old.get_model("kizuna", "LinkagePair").objects.order_by("pk").values_list("initiative_id", "item_id")
    assert set(found) == {kept, again}
