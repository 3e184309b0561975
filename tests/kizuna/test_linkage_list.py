"""連携 as a list: columns, filters, links from other lists; Django's own forms are closed."""

import pytest
from django.test import Client
from django.urls import reverse

from kizuna.models import Linkage, LinkageProposal, Standing
from tests import factories as f
from tests.kizuna.conftest import TwoGoals
from tests.plan_portal.admin_world import client_as

pytestmark = pytest.mark.django_db
LIST = "/admin/kizuna/linkage/"


@pytest.fixture
def shakyo() -> Client:
    return client_as("社協")


def listed(client: Client, query: str) -> list[Linkage]:
    return list(client.get(LIST + query).context["cl"].queryset)


@pytest.fixture
def standings() -> dict[str, Linkage]:
    known = {
        "none": f.LinkageFactory(summary=""),
        "agreed": f.LinkageFactory(agreed=True),
        "ended": f.LinkageFactory(state="ended"),
    }
    for state in ("writing", "waiting", "returned"):
        known[state] = f.LinkageFactory(summary="")
        LinkageProposal.objects.create(linkage=known[state], state=state)
    known["agreed again"] = f.LinkageFactory(agreed=True)
    LinkageProposal.objects.create(linkage=known["agreed again"], state="waiting")
    known["ended again"] = f.LinkageFactory(state="ended")
    LinkageProposal.objects.create(linkage=known["ended again"], state="writing")
    known["asked by shakyo"] = f.LinkageFactory(agreed=True, end_asked_by="shakyo")
    known["asked by city"] = f.LinkageFactory(agreed=True, end_asked_by="city")
    return known


def test_the_filter_by_standing_finds_what_the_column_says(standings: dict, shakyo: Client) -> None:
    for standing in Standing:
        expected = {linkage for linkage in Linkage.objects.select_related("proposal") if linkage.standing == standing}
        assert set(listed(shakyo, f"?standing={standing.value}")) == expected, standing
    assert "見つかりません" not in shakyo.get(f"{LIST}?standing=none").content.decode()
    assert shakyo.get(f"{LIST}?standing=nonsense").status_code == 302
    assert standings["agreed again"] in listed(shakyo, "?standing=agreed")


def test_the_filter_by_turn_finds_what_the_column_says(standings: dict, shakyo: Client) -> None:
    for organisation in ("city", "shakyo"):
        expected = {linkage for linkage in Linkage.objects.select_related("proposal") if linkage.turn == organisation}
        assert set(listed(shakyo, f"?waiting={organisation}")) == expected
    assert standings["asked by shakyo"] in listed(shakyo, "?waiting=city")


def test_columns(shakyo: Client) -> None:
    f.LinkagePairFactory(linkage__agreed=True, linkage__since=2026)
    f.LinkageFactory(sample=True, agreed=True)
    html = shakyo.get(LIST).content.decode()
    for text in (
        "1組",
        "令和8年度",
        '<td class="field-standing">合意済</td>',
        '<td class="field-turn">なし</td>',
        '<td class="field-sample_mark">見本</td>',
    ):
        assert text in html


def test_other_filters(shakyo: Client) -> None:
    pair = f.LinkagePairFactory(linkage__agreed=True)
    sample = f.LinkageFactory(sample=True, agreed=True)
    assert listed(shakyo, "?is_sample__exact=1") == [sample]
    for query in (
        f"?kizuna_goal__id__exact={pair.linkage.kizuna_goal_id}",
        f"?goal__id__exact={pair.linkage.goal_id}",
        f"?pairs__item__id__exact={pair.item_id}",
        f"?pairs__initiative__id__exact={pair.initiative_id}",
        f"?q={pair.linkage.summary}",
    ):
        assert listed(shakyo, query) == [pair.linkage]


def test_the_list_costs_as_many_queries_however_long_it_is(shakyo: Client, django_assert_max_num_queries) -> None:
    for _ in range(20):
        LinkageProposal.objects.create(linkage=f.LinkageFactory(summary=""))
    with django_assert_max_num_queries(18):
        shakyo.get(LIST)


@pytest.mark.parametrize("role", ["社協", "市・承認", "admin"])
def test_django_s_own_forms_are_closed(role: str, two: TwoGoals) -> None:
    two.take("start", "propose", "agree", summary="合意した文")
    client, key = two.client(role), two.linkage.pk
    before = Linkage.objects.values().get()
    html = client.get(LIST).content.decode()
    assert "addlink" not in html.split('id="content"')[1]
    if role == "社協":
        assert client.get(f"{LIST}add/").url == reverse("admin:kizuna_linkage_matrix")
    else:
        assert client.get(f"{LIST}add/").status_code == 403
    client.post(f"{LIST}add/", {"goal": two.goal.pk, "kizuna_goal": two.kizuna_goal.pk, "summary": "文"})
    for method in (client.get, client.post):
        response = method(f"{LIST}{key}/delete/", {"post": "yes"})
        assert response.status_code == 403
        assert "連携は消せません。" in response.content.decode()
    client.post(two.address(), {"summary": "別の文", "state": "ended", "_save": ""})
    client.post(two.address(), {"summary": "別の文", "_continue": ""})
    assert Linkage.objects.values().get() == before
    assert not LinkageProposal.objects.exists()
