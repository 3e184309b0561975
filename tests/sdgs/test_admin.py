"""The ＳＤＧｓ in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from plan_portal.foundation.choices import Confirmation
from tests import factories as f
from tests.plan_portal.admin_world import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return client_as("市・編集")


def listed(client: Client, name: str, query: str = "") -> list:
    return list(client.get(reverse(f"admin:sdgs_{name}_changelist") + query).context["cl"].queryset)


class TestSdg:
    def test_counts_link_to_the_filtered_lists(self, editor: Client) -> None:
        sdg = f.SdgFactory(number=3)
        f.PlanSdgFactory(sdg=sdg)
        f.GoalSdgLinkFactory.create_batch(2, sdg=sdg)
        html = editor.get(reverse("admin:sdgs_sdg_changelist")).content.decode()
        for target, count in (("plansdg", 1), ("goalsdglink", 2)):
            url = reverse(f"admin:sdgs_{target}_changelist") + f"?sdg__id__exact={sdg.pk}"
            assert f'<a href="{url}">{count}件</a>' in html
            assert editor.get(url).context["cl"].result_count == count

    def test_public_page_while_there_is_a_current_plan(self, editor: Client) -> None:
        sdg = f.SdgFactory(number=3)
        address = reverse("admin:sdgs_sdg_change", args=[sdg.pk])
        assert "公開ページを見る" not in editor.get(address).content.decode()
        f.PlanFactory()
        assert f'href="{reverse("sdgs:detail", args=[3])}" class="viewsitelink"' in editor.get(address).content.decode()

    @pytest.mark.parametrize("term", ["3", "③", "ごーる3"])
    def test_search_by_number_and_name(self, term: str, editor: Client) -> None:
        sdg, _ = f.SdgFactory(number=3), f.SdgFactory(number=4)
        assert listed(editor, "sdg", f"?q={term}") == [sdg]

    def test_only_the_administrator_changes_them(self) -> None:
        sdg = f.SdgFactory(number=3, name="すべての人に健康と福祉を")
        address = reverse("admin:sdgs_sdg_change", args=[sdg.pk])
        body = {"number": "3", "name": "別の名前", "name_en": "Goal 3", "colour": "#4C9F38"}
        assert client_as("市・承認").post(address, body).status_code == 403
        client_as("admin").post(address, body)
        sdg.refresh_from_db()
        assert sdg.name == "別の名前"


class TestPlanSdg:
    def test_filter_by_plan_and_search_by_name(self, editor: Client) -> None:
        named, other = f.PlanSdgFactory(sdg__number=1), f.PlanSdgFactory(sdg__number=2)
        assert listed(editor, "plansdg", f"?plan__id__exact={named.plan_id}") == [named]
        assert listed(editor, "plansdg", "?q=ｺﾞｰﾙ2") == [other]


class TestGoalSdgLink:
    def test_waiting_confirmation_and_sample_filters(self, editor: Client) -> None:
        waiting = f.GoalSdgLinkFactory(sdg__number=1)
        confirmed = f.GoalSdgLinkFactory(sdg__number=2, confirmation=Confirmation.CONFIRMED, reason="")
        sample = f.GoalSdgLinkFactory(sdg__number=3, sample=True, confirmation=Confirmation.CONFIRMED)
        assert listed(editor, "goalsdglink", "?waiting=confirmation") == [waiting]
        assert listed(editor, "goalsdglink", "?waiting=reason") == [confirmed]
        assert listed(editor, "goalsdglink", "?confirmation__exact=waiting") == [waiting]
        assert listed(editor, "goalsdglink", "?is_sample__exact=1") == [sample]
        assert listed(editor, "goalsdglink", f"?goal__id__exact={sample.goal_id}") == [sample]

    def test_sample_column(self, editor: Client) -> None:
        f.GoalSdgLinkFactory(sample=True)
        html = editor.get(reverse("admin:sdgs_goalsdglink_changelist")).content.decode()
        assert '<td class="field-sample_mark">見本</td>' in html

    def test_long_reasons_are_cut_in_the_list(self, editor: Client) -> None:
        f.GoalSdgLinkFactory(reason="あ" * 100)
        html = editor.get(reverse("admin:sdgs_goalsdglink_changelist")).content.decode()
        assert "あ" * 40 + "…" in html
        assert "あ" * 41 not in html
