"""Where a linkage stands, whose turn it is, and the lists that follow from it."""

import pytest

from kizuna.models import KizunaPlan, Linkage, Standing
from plan_portal.foundation.choices import EditionState
from plan_portal.foundation.organisations import Organisation
from tests.factories import LinkageFactory, LinkageProposalFactory, LinkageStepFactory, PlanFactory

pytestmark = pytest.mark.django_db


def linkages_of_every_kind(plan):
    """By name; steps in the order of the names, a second apart."""
    found = {
        "none": LinkageFactory(goal__plan=plan),
        "writing": LinkageFactory(goal__plan=plan),
        "waiting": LinkageFactory(goal__plan=plan),
        "returned": LinkageFactory(goal__plan=plan),
        "agreed": LinkageFactory(goal__plan=plan, agreed=True),
        "changing": LinkageFactory(goal__plan=plan, agreed=True),
        "end asked by 社協": LinkageFactory(goal__plan=plan, agreed=True, end_asked_by="shakyo"),
        "end asked by the city": LinkageFactory(goal__plan=plan, agreed=True, end_asked_by="city"),
        "ended": LinkageFactory(goal__plan=plan, ended=True),
    }
    for name in ("writing", "waiting", "returned"):
        LinkageProposalFactory(linkage=found[name], state=name)
    for name in ("changing", "end asked by the city"):
        LinkageProposalFactory(linkage=found[name], state="waiting")
    for linkage in found.values():
        LinkageStepFactory(linkage=linkage)
    return found


def test_standing_and_turn():
    found = linkages_of_every_kind(PlanFactory())
    standing = {name: linkage.standing for name, linkage in found.items()}
    assert {name: standing[name] for name in ("none", "writing", "waiting", "returned", "agreed", "ended")} == {
        name: Standing(name) for name in ("none", "writing", "waiting", "returned", "agreed", "ended")
    }
    assert {standing[name] for name in ("changing", "end asked by 社協", "end asked by the city")} == {Standing.AGREED}
    city, shakyo = Organisation.CITY, Organisation.SHAKYO
    turns = {name: linkage.turn for name, linkage in found.items() if linkage.turn}
    assert turns == {
        **dict.fromkeys(("waiting", "changing", "end asked by 社協"), city),
        **dict.fromkeys(("writing", "returned", "end asked by the city"), shakyo),
    }


@pytest.mark.parametrize("organisation", Organisation)
def test_open_to_an_organisation_is_what_waits_for_it_longest_first(organisation, django_assert_num_queries):
    plan = PlanFactory()
    found = linkages_of_every_kind(plan)
    later = next(linkage for linkage in found.values() if linkage.turn is organisation)
    LinkageStepFactory(linkage=later, step="saved")  # 下書き保存 is no new waiting
    mine = [linkage for linkage in found.values() if linkage.turn is organisation]
    with django_assert_num_queries(1):
        rows = [
            (row, row.standing, row.turn, str(row), row.waiting_since) for row in Linkage.objects.open_to(organisation)
        ]
    assert [row[0] for row in rows] == mine
    LinkageStepFactory(linkage=later, step="withdrawn")
    assert list(Linkage.objects.open_to(organisation)) == [*mine[1:], later]
    KizunaPlan.objects.update(state=EditionState.ENDED)
    assert not Linkage.objects.open_to(organisation).exists()


def test_what_citizens_may_read_and_what_is_dashed_for_staff():
    found = linkages_of_every_kind(PlanFactory())
    agreed = {"agreed", "changing", "end asked by 社協", "end asked by the city"}
    assert set(Linkage.objects.agreed()) == {found[name] for name in agreed}
    assert set(Linkage.objects.readable()) == {found[name] for name in (*agreed, "ended")}
    assert list(Linkage.objects.waiting()) == [found["waiting"]]
    assert LinkageFactory().edit_version == 0 < found["none"].edit_version
