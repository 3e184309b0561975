"""きずな計画, its goals and items in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

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
