"""きずな計画 and the 連携 in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from kizuna.models import Linkage, LinkagePair
from plan_portal.foundation.choices import Confirmation
from tests import factories as f
from tests.plan_portal.admin_world import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def shakyo() -> Client:
    return client_as("社協")


def listed(client: Client, name: str, query: str = "") -> list:
    return list(client.get(reverse(f"admin:kizuna_{name}_changelist") + query).context["cl"].queryset)


def page(client: Client, address: str, *args: object) -> str:
    return client.get(reverse(f"admin:kizuna_{address}", args=args)).content.decode()


class TestKizunaPlan:
    def test_counts_link_to_the_filtered_lists(self, shakyo: Client) -> None:
        item = f.KizunaItemFactory()
        f.KizunaItemFactory(goal=item.goal)
        html = page(shakyo, "kizunaplan_changelist")
        for target, count in (("kizunagoal", 1), ("kizunaitem", 2)):
            url = reverse(f"admin:kizuna_{target}_changelist") + f"?plan__id__exact={item.plan_id}"
            assert f'<a href="{url}">{count}件</a>' in html
            assert shakyo.get(url).context["cl"].result_count == count

    def test_public_page_needs_both_plans_to_be_current(self, shakyo: Client) -> None:
        public = f.KizunaPlanFactory()
        waiting = f.KizunaPlanFactory(state="preparing")
        beside_waiting = f.KizunaPlanFactory(city_plan=f.PlanFactory(preparing=True))
        assert f'href="{reverse("kizuna:plan")}" class="viewsitelink"' in page(shakyo, "kizunaplan_change", public.pk)
        for plan in (waiting, beside_waiting):
            assert "公開ページを見る" not in page(shakyo, "kizunaplan_change", plan.pk)

    def test_waiting_filters(self, shakyo: Client) -> None:
        known = f.KizunaPlanFactory(ordinal=4)
        unknown = f.KizunaPlanFactory(period_start=2026, period_end=2030)
        assert listed(shakyo, "kizunaplan", "?waiting=ordinal") == [unknown]
        assert listed(shakyo, "kizunaplan", "?waiting=period") == [known]


class TestKizunaGoalAndItem:
    def test_counts_link_to_the_filtered_lists(self, shakyo: Client) -> None:
        pair = f.LinkagePairFactory()
        goal = pair.item.goal
        html = page(shakyo, "kizunagoal_changelist")
        for target, query in (("kizunaitem", "goal"), ("linkage", "kizuna_goal")):
            url = reverse(f"admin:kizuna_{target}_changelist") + f"?{query}__id__exact={goal.pk}"
            assert f'<a href="{url}">1件</a>' in html
            assert shakyo.get(url).context["cl"].result_count == 1
        url = reverse("admin:kizuna_linkage_changelist") + f"?pairs__item__id__exact={pair.item_id}"
        assert f'<a href="{url}">1件</a>' in page(shakyo, "kizunaitem_changelist")
        assert shakyo.get(url).context["cl"].result_count == 1

    def test_placement_filters(self, shakyo: Client) -> None:
        waiting = f.KizunaItemFactory()
        f.KizunaItemFactory(placement=Confirmation.CONFIRMED)
        assert listed(shakyo, "kizunaitem", "?waiting=placement") == [waiting]
        assert listed(shakyo, "kizunaitem", "?placement__exact=waiting") == [waiting]

    @pytest.mark.parametrize("term", ["⑦", "7", "ｷｽﾞﾅ ﾐﾏﾓﾘ"])
    def test_search(self, term: str, shakyo: Client) -> None:
        item = f.KizunaItemFactory(number=7, title="きずな みまもり", title_ruby="")
        f.KizunaItemFactory(number=8, title="ほか", title_ruby="")
        assert listed(shakyo, "kizunaitem", f"?q={term}") == [item]

    def test_public_pages(self, shakyo: Client) -> None:
        item = f.KizunaItemFactory(number=7, goal__number=2)
        assert reverse("kizuna:item", args=[7]) in page(shakyo, "kizunaitem_change", item.pk)
        assert reverse("kizuna:goal", args=[2]) in page(shakyo, "kizunagoal_change", item.goal_id)
        hidden = f.KizunaItemFactory(goal__plan__city_plan=f.PlanFactory(preparing=True))
        assert "公開ページを見る" not in page(shakyo, "kizunaitem_change", hidden.pk)
        assert "公開ページを見る" not in page(shakyo, "kizunagoal_change", hidden.goal_id)


def linkage_body(linkage: Linkage, *rows: dict[str, object], initial: int = 0) -> dict[str, object]:
    body: dict[str, object] = {"summary": linkage.summary, "state": linkage.state}
    body |= {"pairs-TOTAL_FORMS": len(rows), "pairs-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        body |= {f"pairs-{number}-{name}": value for name, value in row.items()}
    return body


class TestLinkage:
    @pytest.fixture
    def linkage(self) -> Linkage:
        return f.LinkageFactory()

    @pytest.fixture
    def ends(self, linkage: Linkage) -> dict[str, int]:
        initiative = f.InitiativeFactory(goal=linkage.goal)
        return {"initiative": initiative.pk, "item": f.KizunaItemFactory(goal=linkage.kizuna_goal).pk}

    def post(self, client: Client, linkage: Linkage, *rows: dict[str, object], initial: int = 0):
        address = reverse("admin:kizuna_linkage_change", args=[linkage.pk])
        return client.post(address, linkage_body(linkage, *rows, initial=initial))

    def test_first_the_ends_then_the_pairs(self, shakyo: Client) -> None:
        goal = f.BasicGoalFactory()
        kizuna_goal = f.KizunaGoalFactory(plan=f.KizunaPlanFactory(city_plan=goal.plan))
        html = page(shakyo, "linkage_add")
        assert "はじめに、結ぶ2つの基本目標を選んで保存してください" in html
        assert "pairs-TOTAL_FORMS" not in html
        body = {"goal": goal.pk, "kizuna_goal": kizuna_goal.pk, "state": "proposed", "summary": "文"}
        response = shakyo.post(reverse("admin:kizuna_linkage_add"), body)
        linkage = Linkage.objects.get()
        assert response.url == reverse("admin:kizuna_linkage_change", args=[linkage.pk])
        assert "pairs-TOTAL_FORMS" in page(shakyo, "linkage_change", linkage.pk)

    def test_choices_are_those_of_the_two_ends(self, shakyo: Client, linkage: Linkage, ends: dict) -> None:
        f.InitiativeFactory(goal=f.BasicGoalFactory(plan=linkage.goal.plan))
        f.KizunaItemFactory(goal=f.KizunaGoalFactory(plan=linkage.kizuna_goal.plan))
        response = shakyo.get(reverse("admin:kizuna_linkage_change", args=[linkage.pk]))
        form = response.context["inline_admin_formsets"][0].formset.empty_form
        assert 'for="id_pairs-0-initiative"' in response.content.decode()
        assert [choice.pk for choice in form.fields["initiative"].queryset] == [ends["initiative"]]
        assert [choice.pk for choice in form.fields["item"].queryset] == [ends["item"]]

    def test_a_pair_is_saved_with_history_and_shown_there(self, shakyo: Client, linkage: Linkage, ends: dict) -> None:
        self.post(shakyo, linkage, ends)
        pair = LinkagePair.objects.get()
        assert pair.history.count() == 1
        row = {"id": pair.pk, **ends, "DELETE": "on"}
        self.post(shakyo, linkage, row, initial=1)
        assert not LinkagePair.objects.exists()
        assert [record.history_type for record in LinkagePair.history.filter(id=pair.pk)] == ["-", "+"]
        html = page(shakyo, "linkage_history", linkage.pk)
        assert "連携の組の記録" in html
        assert str(pair.initiative) in html
        assert "削除" in html

    def test_a_pair_of_other_goals_is_refused(self, shakyo: Client, linkage: Linkage, ends: dict) -> None:
        for name, stranger in (("initiative", f.InitiativeFactory()), ("item", f.KizunaItemFactory())):
            response = self.post(shakyo, linkage, ends | {name: stranger.pk})
            assert response.status_code == 200
            assert name in response.context["inline_admin_formsets"][0].formset.errors[0]
        assert not LinkagePair.objects.exists()

    def test_the_same_pair_twice_is_refused_by_name(self, shakyo: Client, linkage: Linkage, ends: dict) -> None:
        response = self.post(shakyo, linkage, ends, ends)
        assert "同じ組が2回あります" in response.content.decode()
        assert not LinkagePair.objects.exists()

    def test_a_pair_that_is_already_there_is_refused(self, shakyo: Client, linkage: Linkage, ends: dict) -> None:
        self.post(shakyo, linkage, ends)
        response = self.post(shakyo, linkage, ends)
        assert "この組は、もう入っています" in response.content.decode()
        assert LinkagePair.objects.count() == 1

    def test_the_ends_do_not_change(self, shakyo: Client, linkage: Linkage) -> None:
        other = f.BasicGoalFactory(plan=linkage.goal.plan)
        address = reverse("admin:kizuna_linkage_change", args=[linkage.pk])
        shakyo.post(address, linkage_body(linkage) | {"goal": other.pk, "summary": "直した文"})
        before = linkage.goal_id
        linkage.refresh_from_db()
        assert (linkage.goal_id, linkage.summary) == (before, "直した文")

    def test_the_same_ends_twice_are_refused_in_words(self, shakyo: Client, linkage: Linkage) -> None:
        body = {"goal": linkage.goal_id, "kizuna_goal": linkage.kizuna_goal_id, "state": "proposed"}
        response = shakyo.post(reverse("admin:kizuna_linkage_add"), body)
        assert "この組み合わせの連携は、もうあります" in response.content.decode()

    def test_only_a_proposed_linkage_is_deleted(self, shakyo: Client, linkage: Linkage) -> None:
        agreed = f.LinkageFactory(agreed=True)
        assert "deletelink" not in page(shakyo, "linkage_change", agreed.pk)
        address = reverse("admin:kizuna_linkage_delete", args=[agreed.pk])
        assert shakyo.post(address, {"post": "yes"}).status_code == 403
        assert Linkage.objects.count() == 2
        shakyo.post(reverse("admin:kizuna_linkage_delete", args=[linkage.pk]), {"post": "yes"})
        assert list(Linkage.objects.all()) == [agreed]

    def test_deleting_a_linkage_writes_the_history_of_its_pairs(self, shakyo: Client) -> None:
        pair = f.LinkagePairFactory()
        key = pair.pk
        shakyo.post(reverse("admin:kizuna_linkage_delete", args=[pair.linkage_id]), {"post": "yes"})
        assert LinkagePair.history.filter(id=key).first().history_type == "-"

    def test_filters_and_columns(self, shakyo: Client) -> None:
        pair = f.LinkagePairFactory(linkage__agreed=True, linkage__since=2026)
        bare = f.LinkageFactory(summary="")
        sample = f.LinkageFactory(sample=True, agreed=True)
        assert listed(shakyo, "linkage", "?waiting=proposed") == [bare]
        assert listed(shakyo, "linkage", "?state__exact=proposed") == [bare]
        assert set(listed(shakyo, "linkage", "?waiting=pairs")) == {bare, sample}
        assert listed(shakyo, "linkage", "?waiting=summary") == [bare]
        assert listed(shakyo, "linkage", "?is_sample__exact=1") == [sample]
        assert listed(shakyo, "linkage", f"?kizuna_goal__id__exact={pair.linkage.kizuna_goal_id}") == [pair.linkage]
        html = page(shakyo, "linkage_changelist")
        for text in ("1組", "0組", "令和8年度", "合意済", '<td class="field-sample_mark">見本</td>'):
            assert text in html

    def test_the_city_reads_everything(self, linkage: Linkage) -> None:
        html = page(client_as("市・編集"), "linkage_change", linkage.pk)
        assert linkage.summary in html
        assert "_save" not in html
