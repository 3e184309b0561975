"""The city's plan in the admin: columns, filters, links to lists and to the public page."""

import pytest
from django.test import Client
from django.urls import reverse

from goals.models import Plan, PlanSection
from tests import factories as f
from tests.plan_portal.admin_world import client_as, fill, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return client_as("市・編集")


def listed(client: Client, name: str, query: str = "") -> list:
    return list(client.get(reverse(f"admin:goals_{name}_changelist") + query).context["cl"].queryset)


def page(client: Client, address: str, *args: object) -> str:
    return client.get(reverse(f"admin:goals_{address}", args=args)).content.decode()


class TestPlan:
    def test_columns_and_counts_link_to_the_filtered_lists(self, editor: Client) -> None:
        plan = f.PlanFactory(period_start=2026, period_end=2030)
        f.BasicGoalFactory.create_batch(2, plan=plan)
        f.PlanSectionFactory(plan=plan)
        f.PlanSdgFactory(plan=plan)
        html = page(editor, "plan_changelist")
        assert plan.full_name in html
        assert "令和8年度（2026年度）から令和12年度（2030年度）まで" in html
        for target, count in (("goals_basicgoal", 2), ("goals_plansection", 1), ("sdgs_plansdg", 1)):
            url = reverse(f"admin:{target}_changelist") + f"?plan__id__exact={plan.pk}"
            assert f'<a href="{url}">{count}件</a>' in html
            assert editor.get(url).context["cl"].result_count == count

    def test_waiting_filter_finds_an_unknown_period(self, editor: Client) -> None:
        unknown = f.PlanFactory(period_start=2026)
        f.PlanFactory(period_start=2026, period_end=2030)
        assert listed(editor, "plan", "?waiting=period") == [unknown]
        assert "確認待ち" in page(editor, "plan_changelist")

    def test_only_the_current_plan_has_a_public_page(self, editor: Client) -> None:
        current, preparing = f.PlanFactory(), f.PlanFactory(preparing=True)
        assert f'<a href="{reverse("goals:plan")}" class="viewsitelink">公開ページを見る</a>' in page(
            editor, "plan_change", current.pk
        )
        assert "公開ページを見る" not in page(editor, "plan_change", preparing.pk)

    def test_fiscal_years_are_written_as_people_write_them(self) -> None:
        body = {"municipality": "登別市", "ordinal": "3", "name": "計画", "ideal": "理念", "state": "preparing"}
        approver = client_as("市・承認")
        response = approver.post(reverse("admin:goals_plan_add"), body | {"period_start": "平成32"})
        assert "令和2" in response.content.decode()
        approver.post(reverse("admin:goals_plan_add"), body | {"period_start": "令和8", "period_end": "R12"})
        plan = Plan.objects.get()
        assert (plan.period_start, plan.period_end) == (2026, 2030)

    def test_year_field_is_not_a_number_field(self) -> None:
        assert 'type="number"' not in page(client_as("市・承認"), "plan_add")

    def test_a_second_current_plan_is_refused_in_words(self) -> None:
        plan = f.PlanFactory(municipality="登別市")
        body = {"municipality": "登別市", "ordinal": "4", "name": "計画", "ideal": "理念", "state": "current"}
        response = client_as("市・承認").post(reverse("admin:goals_plan_add"), body)
        assert "もう現行の計画があります" in response.content.decode()
        assert list(Plan.objects.all()) == [plan]


class TestPlanSection:
    def test_filter_finds_figures_without_a_description(self, editor: Client) -> None:
        missing = f.PlanSectionFactory(figure_number=40, figure_caption="図")
        f.PlanSectionFactory(figure_number=41, figure_caption="図", figure_alt="説明")
        f.PlanSectionFactory()
        assert listed(editor, "plansection", "?waiting=figure_alt") == [missing]

    def test_public_page_is_the_place_in_the_text(self, editor: Client) -> None:
        section = f.PlanSectionFactory(slug="s1-1")
        hidden = f.PlanSectionFactory(plan=f.PlanFactory(preparing=True))
        assert f'href="{reverse("goals:plan")}#s1-1" class="viewsitelink"' in page(
            editor, "plansection_change", section.pk
        )
        assert "公開ページを見る" not in page(editor, "plansection_change", hidden.pk)

    def test_parent_of_another_plan_is_refused_in_words(self, editor: Client) -> None:
        section, stranger = f.PlanSectionFactory(), f.PlanSectionFactory()
        body = {"plan": section.plan_id, "parent": stranger.pk, "position": "1", "slug": "x", "heading": "見出し"}
        response = editor.post(reverse("admin:goals_plansection_add"), body)
        assert "同じ計画の中から選んでください" in response.content.decode()
        assert PlanSection.objects.count() == 2

    def test_search_reads_the_body(self, editor: Client) -> None:
        section = f.PlanSectionFactory(body="ボランティアの人たち")
        f.PlanSectionFactory()
        assert listed(editor, "plansection", "?q=ﾎﾞﾗﾝﾃｨｱ") == [section]


class TestBasicGoal:
    def test_counts_link_to_the_filtered_lists(self, editor: Client) -> None:
        goal = f.BasicGoalFactory()
        f.InitiativeFactory.create_batch(3, goal=goal)
        f.GoalSdgLinkFactory.create_batch(2, goal=goal)
        f.LinkageFactory(goal=goal)
        html = page(editor, "basicgoal_changelist")
        for target, count in (("initiatives_initiative", 3), ("sdgs_goalsdglink", 2), ("kizuna_linkage", 1)):
            url = reverse(f"admin:{target}_changelist") + f"?goal__id__exact={goal.pk}"
            assert f'<a href="{url}">{count}件</a>' in html
            assert editor.get(url).context["cl"].result_count == count

    def test_nothing_to_count_is_no_link(self, editor: Client) -> None:
        f.BasicGoalFactory()
        assert '<td class="field-initiative_count">0件</td>' in page(editor, "basicgoal_changelist")

    def test_filters(self, editor: Client) -> None:
        goal, other = f.BasicGoalFactory(field="", summary_easy="文"), f.BasicGoalFactory(title_ruby="")
        assert listed(editor, "basicgoal", "?waiting=field") == [goal]
        assert listed(editor, "basicgoal", "?waiting=summary_easy") == [other]
        assert listed(editor, "basicgoal", "?waiting=title_ruby") == [other]
        assert listed(editor, "basicgoal", f"?plan__id__exact={other.plan_id}") == [other]

    def test_public_page(self, editor: Client) -> None:
        goal = f.BasicGoalFactory(number=4)
        hidden = f.BasicGoalFactory(plan=f.PlanFactory(preparing=True))
        assert f'href="{reverse("goals:detail", args=[4])}" class="viewsitelink"' in page(
            editor, "basicgoal_change", goal.pk
        )
        assert "公開ページを見る" not in page(editor, "basicgoal_change", hidden.pk)

    def test_furigana_errors_stand_at_the_field(self, editor: Client) -> None:
        body = {"plan": f.PlanFactory().pk, "number": "1", "title": "健康を守る", "title_ruby": "{健康|けんこう}を守る"}
        response = editor.post(reverse("admin:goals_basicgoal_add"), body)
        assert "「守」に読みがありません" in str(response.context["adminform"].form.errors["title_ruby"])

    def test_a_goal_in_use_is_not_deleted_and_the_page_says_why(self) -> None:
        initiative = f.InitiativeFactory()
        address = reverse("admin:goals_basicgoal_delete", args=[initiative.goal_id])
        response = client_as("市・承認").post(address, {"post": "yes", "edit_version": seen(initiative.goal)})
        assert initiative.title in response.content.decode()
        assert type(initiative.goal).objects.filter(pk=initiative.goal_id).exists()


class TestReadingOfATitle:
    @pytest.fixture(autouse=True)
    def _words(self) -> None:
        f.ReadingFactory(word="地域", ruby="{地域|ちいき}")
        f.ReadingFactory(word="福祉", ruby="{福祉|ふくし}")

    def test_the_form_of_a_title_without_reading_suggests_one(self, editor: Client) -> None:
        goal = f.BasicGoalFactory(title="地域福祉の<b>まち</b>づくり", title_ruby="")
        html = page(editor, "basicgoal_change", goal.pk)
        assert "読みの辞書からの案：{地域|ちいき}{福祉|ふくし}の&lt;b&gt;まち&lt;/b&gt;づくり" in html

    def test_a_refused_reading_comes_back_with_what_was_wrong_and_a_suggestion(self, editor: Client) -> None:
        goal = f.BasicGoalFactory(title="地域福祉", title_ruby="")
        form = {"plan": goal.plan.pk, "number": 1, "title": "地域福祉", "field": "", "summary_easy": ""}
        url = reverse("admin:goals_basicgoal_change", args=[goal.pk])
        html = fill(editor, url, form | {"title_ruby": "{地域|ちいき}福祉"}).content.decode()
        assert "「福祉」に読みがありません。" in html
        assert "読みの辞書からの案：{地域|ちいき}{福祉|ふくし}（確かめてから使ってください）" in html
        assert 'value="{地域|ちいき}福祉"' in html
        goal.refresh_from_db()
        assert goal.title_ruby == ""
