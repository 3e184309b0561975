"""No people of one organisation alone make anything public or end it, whatever they send to the admin, in whatever order."""

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from kizuna.linkage_steps import BUTTONS
from kizuna.models import Linkage, LinkagePair, LinkageState
from tests import factories as f
from tests.kizuna.conftest import TwoGoals

pytestmark = pytest.mark.django_db
ROUNDS = 3


def public(client: Client) -> tuple:
    """All that citizens can read of linkages."""
    settled = Linkage.objects.exclude(state=LinkageState.PROPOSED).order_by("pk")
    texts = list(settled.values("pk", "state", "summary", "since", "partners", "agreed_on", "ended_on"))
    pairs = list(LinkagePair.objects.order_by("pk").values("linkage", "initiative", "item"))
    figure = client.get(reverse("kizuna:relationship")).content.decode()
    return texts, pairs, figure


def bodies(two: TwoGoals, linkage: Linkage) -> list[dict[str, object]]:
    """Every button, with all that it may need, and what the forms of Django would send."""
    full = two.body(summary="ひとりで決めた文", comment="ひとりで決めた", version=linkage.edit_version)
    alone = [{**full, button: ""} for button in BUTTONS]
    return [*alone, {**full, "state": "agreed", "_save": "", "_continue": ""}, {"post": "yes", **full}]


@pytest.mark.parametrize("roles", [["社協", "社協"], ["市・編集", "市・承認", "市・承認"], ["admin", "admin"]])
@pytest.mark.parametrize("start", [(), ("start", "propose", "agree")])
def test_one_organisation_alone_publishes_and_ends_nothing(roles: list, start: tuple, two: TwoGoals) -> None:
    if start:
        two.take(*start)
    people = [
        f.UserFactory(is_staff=True, is_superuser=True) if role == "admin" else f.UserFactory(role=role)
        for role in roles
    ]
    clients = [Client() for _ in people]
    for client, person in zip(clients, people, strict=True):
        client.force_login(person)
    before = public(Client())
    for _, client in product(range(ROUNDS), clients):
        first = {**two.body(summary="ひとりで決めた文"), "_propose": ""}
        client.post(two.new_address(), first)
        linkage = Linkage.objects.filter(goal=two.goal).first()
        if linkage is None:
            continue
        for number in range(len(bodies(two, linkage))):
            for page in ("change", "delete", "discard", "history"):
                body = bodies(two, two.linkage)[number]
                client.post(reverse(f"admin:kizuna_linkage_{page}", args=[linkage.pk]), body)
    assert public(Client()) == before


def test_with_both_the_same_requests_do_publish(two: TwoGoals) -> None:
    before = public(Client())
    two.client("社協").post(two.new_address(), {**two.body(), "_propose": ""})
    two.press("市・承認", "_agree")
    assert public(Client()) != before
