"""What the 見本 of linkages leaves in the log, and what people made of it."""

from collections import Counter

import pytest

from kizuna.models import Linkage, LinkageProposal, LinkageStep
from plan_portal.content import ContentError, clear_sample, load_plan, load_sample
from plan_portal.foundation.models import PublishedChange
from tests.factories import LinkageProposalFactory
from tests.plan_portal.test_load_sample import content

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plan():
    load_plan()


def test_the_log_tells_of_the_sample_without_a_person():
    load_sample()
    steps = LinkageStep.objects.values_list("step", "person_id", "organisation")
    assert Counter(steps) == {("agreed", None, ""): 13, ("proposed", None, ""): 1, ("started", None, ""): 1}
    assert all(step.content["summary"].startswith("見本の文です。") for step in LinkageStep.objects.all())
    assert not PublishedChange.objects.exists()
    clear_sample()
    assert LinkageStep.objects.count() == 15
    assert not LinkageProposal.objects.exists()


def test_a_real_proposal_to_a_sample_is_not_thrown_away():
    load_sample()
    linkage = Linkage.objects.agreed().first()
    LinkageProposalFactory(linkage=linkage, summary="本物の提案")
    before = content()
    with pytest.raises(ContentError, match=f"見本の連携「{linkage}」に、見本でない提案がある"):
        clear_sample()
    assert content() == before
    linkage.proposal.delete()
    assert clear_sample().removed["連携"] == 15
