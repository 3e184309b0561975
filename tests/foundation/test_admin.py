"""The shared base of the admin, tried on real models: search, forms, history and its guard."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from goals.models import BasicGoal
from initiatives.models import Initiative
from kizuna.models import KizunaItem
from plan_portal.foundation.admin import CHOOSE, PlainTextField
from plan_portal.foundation.models import Draft
from sdgs.models import GoalSdgLink
from tests import factories as f
from tests.plan_portal.admin_world import client_as, fill

pytestmark = pytest.mark.django_db


def goal_body(goal: BasicGoal, **differences: str) -> dict[str, str]:
    return {
        "plan": goal.plan_id,
        "number": goal.number,
        "title": goal.title,
        "title_ruby": goal.title_ruby,
        "field": goal.field,
        "summary_easy": goal.summary_easy,
    } | differences


def versions(goal: BasicGoal) -> list:
    return list(goal.history.order_by("history_date", "history_id"))


def url(page: str, *args: object) -> str:
    return reverse(f"admin:goals_basicgoal_{page}", args=args)


@pytest.fixture
def goal() -> BasicGoal:
    """One whose field was 前の分野 first."""
    goal = f.BasicGoalFactory(number=1, field="前の分野")
    goal.field = "今の分野"
    goal.save()
    return goal


class TestSearch:
    @pytest.mark.parametrize("term", ["ボランティア", "ﾎﾞﾗﾝﾃｨｱ", "ぼらんてぃあ", "ぼら 育てる", "ﾎﾞﾗ　そだて"])
    def test_spelling_does_not_matter(self, term: str) -> None:
        goal = f.BasicGoalFactory(title="ボランティアを育てる", title_ruby="", field="そだて")
        f.BasicGoalFactory()
        response = client_as("市・編集").get(url("changelist"), {"q": term})
        assert list(response.context["cl"].queryset) == [goal]

    def test_all_words_must_be_there(self) -> None:
        f.BasicGoalFactory(title="ボランティアを育てる", title_ruby="")
        response = client_as("市・編集").get(url("changelist"), {"q": "ボランティア 防災"})
        assert not response.context["cl"].queryset.exists()

    @pytest.mark.parametrize("term", ["7", "７", "⑦", "(7)", "基本目標7"])
    def test_a_number_finds_its_record(self, term: str) -> None:
        plan = f.PlanFactory()
        goals = [
            f.BasicGoalFactory(plan=plan, number=n, title=f"名{'あ' * n}", title_ruby="", field="") for n in (6, 7)
        ]
        response = client_as("市・編集").get(url("changelist"), {"q": term})
        assert list(response.context["cl"].queryset) == goals[1:]

    @pytest.mark.parametrize("term", ["ふくしぐるーぷ", "ﾌｸｼｸﾞﾙｰﾌﾟ"])
    def test_rows_without_a_folded_column_are_folded_too(self, term: str) -> None:
        department = f.DepartmentFactory(name="フクシグループ")
        f.DepartmentFactory()
        response = client_as("市・編集").get(reverse("admin:initiatives_department_changelist"), {"q": term})
        assert list(response.context["cl"].queryset) == [department]

    @pytest.mark.parametrize(
        "term", ["ぼらんてぃあせんたあ"[:-1], "ボランティア・センター", "ﾎﾞﾗﾝﾃｨｱ ・ ｾﾝﾀｰ", "ボランティアセンタ"]
    )
    def test_signs_and_long_vowels_do_not_matter(self, term: str) -> None:
        goal = f.BasicGoalFactory(title="ボランティアセンター", title_ruby="")
        f.BasicGoalFactory(plan=goal.plan)
        response = client_as("市・編集").get(url("changelist"), {"q": term})
        assert list(response.context["cl"].queryset) == [goal]

    @pytest.mark.parametrize("term", ["ー", "・", "%", "（）"])
    def test_signs_alone_find_nothing(self, term: str) -> None:
        f.BasicGoalFactory()
        response = client_as("市・編集").get(url("changelist"), {"q": term})
        assert not response.context["cl"].queryset.exists()

    @pytest.mark.parametrize("term", ["障害", "障碍者"])
    def test_words_are_found_as_others_write_them(self, term: str) -> None:
        goal = f.BasicGoalFactory(title="障がい者への理解", title_ruby="")
        f.BasicGoalFactory(plan=goal.plan)
        plan = f.PlanFactory(ideal="障がい者への理解")
        response = client_as("市・編集").get(url("changelist"), {"q": term})
        assert list(response.context["cl"].queryset) == [goal]
        response = client_as("市・承認").get(reverse("admin:goals_plan_changelist"), {"q": term})
        assert list(response.context["cl"].queryset) == [plan]

    def test_choices_stand_in_plan_order_and_cost_one_query(self, django_assert_num_queries: Any) -> None:
        kizuna_plan = f.KizunaPlanFactory()
        for number in (2, 1):
            f.KizunaGoalFactory(plan=kizuna_plan, number=number, title=f"目標{number}", title_ruby="")
        request = RequestFactory().get("/")
        request.user = f.UserFactory(role="社協")
        form = admin.site._registry[KizunaItem].get_form(request)
        with django_assert_num_queries(1):
            names = [name for _, name in form.base_fields["goal"].choices]
        assert names == [CHOOSE, "きずな計画 基本目標1 目標1", "きずな計画 基本目標2 目標2"]


class TestForms:
    def test_line_ends_and_indents_stay_as_they_are_printed(self) -> None:
        assert PlainTextField(required=False).clean("　一行目\r\n\r\n　二行目") == "　一行目\n\n　二行目"
        assert PlainTextField(required=False).clean(" \r\n　") == ""

    def test_saving_unchanged_changes_nothing(self, goal: BasicGoal) -> None:
        BasicGoal.objects.filter(pk=goal.pk).update(summary_easy="　ひとつめ。\n\nふたつめ。")
        goal.refresh_from_db()
        body = goal_body(goal, summary_easy="　ひとつめ。\r\n\r\nふたつめ。")
        response = fill(client_as("市・編集"), url("change", goal.pk), body)
        assert "変えたところがありません" in response.content.decode()
        assert not Draft.objects.exists()

    def test_full_width_numbers_are_numbers(self, goal: BasicGoal) -> None:
        fill(client_as("市・編集"), url("change", goal.pk), goal_body(goal, number="２"))
        assert Draft.objects.get().values["number"] == 2

    def test_a_taken_number_is_a_message_not_an_error_page(self) -> None:
        item = f.KizunaItemFactory(number=1)
        body = {"goal": item.goal_id, "number": "1", "title": "別", "title_ruby": "", "placement": "waiting"}
        response = client_as("社協").post(reverse("admin:kizuna_kizunaitem_add"), body)
        assert "この番号の基本計画がもうあります" in response.content.decode()
        assert KizunaItem.objects.count() == 1

    def test_a_sample_must_keep_saying_so(self) -> None:
        link = f.GoalSdgLinkFactory(sample=True)
        body = {"goal": link.goal_id, "sdg": link.sdg_id, "reason": "本物らしい理由", "confirmation": "waiting"}
        response = fill(client_as("市・編集"), reverse("admin:sdgs_goalsdglink_change", args=[link.pk]), body)
        assert "「見本」と書いてください" in response.content.decode()
        assert "本物らしい理由" in response.content.decode()
        assert "見本" in GoalSdgLink.objects.get().reason

    def test_the_input_is_kept_when_something_is_wrong(self, goal: BasicGoal) -> None:
        response = fill(
            client_as("市・編集"), url("change", goal.pk), goal_body(goal, title="", field="書きかけの分野")
        )
        assert "書きかけの分野" in response.content.decode()


class TestHistoryGuard:
    @pytest.mark.parametrize("role", ["社協", "no group"])
    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
    def test_who_may_not_change_may_not_revert(self, role: str, method: str, goal: BasicGoal) -> None:
        send = getattr(client_as(role), method)
        crafted = goal_body(goal, field="忍びこませた分野", _save="1", _change_history="1")
        response = send(url("simple_history", goal.pk, versions(goal)[0].history_id), crafted)
        assert response.status_code == 403
        goal.refresh_from_db()
        assert goal.field == "今の分野"
        assert len(versions(goal)) == 2

    def test_viewers_may_look_at_a_version_without_a_button(self, goal: BasicGoal) -> None:
        page = client_as("社協").get(url("simple_history", goal.pk, versions(goal)[0].history_id)).content.decode()
        assert "前の分野" in page
        assert "この内容を下書きにする" not in page

    def test_a_draft_is_made_of_the_stored_version_and_not_of_what_was_sent(self, goal: BasicGoal) -> None:
        client = client_as("市・編集")
        address, title = url("simple_history", goal.pk, versions(goal)[0].history_id), goal.title
        assert "この内容を下書きにする" in client.get(address).content.decode()
        fill(client, address, goal_body(goal, field="忍びこませた分野", title="別の題"))
        draft = Draft.objects.get()
        assert (draft.values["field"], draft.values["title"]) == ("前の分野", title)
        assert draft.steps[0].person_id == User.objects.get(groups__name="市・編集").pk
        goal.refresh_from_db()
        assert goal.field == "今の分野"
        assert len(versions(goal)) == 2

    def test_a_version_that_breaks_a_rule_is_refused_in_words(self, goal: BasicGoal) -> None:
        for number in (5, 1):
            goal.number = number
            goal.save()
        first = versions(goal)[-2]
        f.BasicGoalFactory(plan=goal.plan, number=5)
        response = fill(client_as("市・編集"), url("simple_history", goal.pk, first.history_id), follow=True)
        assert "この内容には戻せません" in response.content.decode()
        assert not Draft.objects.exists()
        goal.refresh_from_db()
        assert goal.field == "今の分野"

    def test_a_version_of_another_record_is_not_found(self, goal: BasicGoal) -> None:
        other = f.BasicGoalFactory()
        response = client_as("admin").post(url("simple_history", other.pk, versions(goal)[0].history_id))
        assert response.status_code == 404


def publish_as(user: User, goal: BasicGoal, **values: str) -> None:
    for name, value in {"field": "新しい分野", **values}.items():
        setattr(goal, name, value)
    goal._history_user = user
    goal.save()


class TestHistoryPage:
    def page(self, goal: BasicGoal, role: str = "市・編集", **query: object) -> str:
        return client_as(role).get(url("history", goal.pk), query).content.decode()

    def test_who_what_and_before_and_after(self, goal: BasicGoal) -> None:
        publish_as(
            f.UserFactory(role="市・承認", last_name="見本", first_name="太郎"), goal, summary_easy="やさしい文。"
        )
        page = self.page(goal)
        assert "見本 太郎" in page
        words = (
            "新しく登録",
            "変更",
            "主な取り組み分野",
            "（空） → やさしい文。",
            "日時",
            "だれが",
            "理由",
            "<del>",
            "<ins>",
        )
        for text in words:
            assert text in page
        assert "/auth/user/" not in page

    def test_an_account_that_is_not_there_is_named_so(self, goal: BasicGoal) -> None:
        goal._history_user = User(pk=10**6)
        goal.save()
        page = self.page(goal)
        assert "（削除された利用者）" in page
        assert "（システム）" in page

    def test_number_of_queries_does_not_grow(self, goal: BasicGoal, django_assert_max_num_queries) -> None:
        user = f.UserFactory(role="市・編集")
        for n in range(30):
            goal.field, goal._history_user = f"分野{n}", user
            goal.save()
        client = client_as("市・編集")
        with django_assert_max_num_queries(12):
            client.get(url("history", goal.pk))

    def test_long_histories_come_in_pages_and_miss_no_change_between_them(self, goal: BasicGoal) -> None:
        for n in range(60):
            goal.field = f"分野{n}番"
            goal.save()
        assert "全部で62件" in self.page(goal)
        oldest_on_first = self.page(goal).rindex("主な取り組み分野")
        assert "番" in self.page(goal)[oldest_on_first:]
        assert "新しく登録" in self.page(goal, p=2)
        assert self.page(goal, p="abc")

    def test_history_outlives_the_record_and_its_parent(self) -> None:
        initiative = f.InitiativeFactory()
        goal, pk = initiative.goal, initiative.pk
        history = reverse("admin:initiatives_initiative_history", args=[pk])
        client = client_as("市・承認")
        initiative.delete()
        page = client.get(history).content.decode()
        assert "この記録は消されました" in page
        assert "削除" in page
        goal.delete()
        response = client.get(history)
        assert response.status_code == 200
        assert "消された取組" in response.content.decode()
        version = Initiative.history.filter(id=pk).earliest("history_date")
        address = reverse("admin:initiatives_initiative_simple_history", args=[pk, version.history_id])
        assert client.get(address).status_code == 200
        assert "この内容には戻せません" in fill(client, address, follow=True).content.decode()

    def test_who_may_add_may_bring_a_deleted_record_back(self) -> None:
        initiative = f.InitiativeFactory(title="消す取組", title_ruby="")
        pk, version = initiative.pk, initiative.history.first().history_id
        address = reverse("admin:initiatives_initiative_simple_history", args=[pk, version])
        initiative.delete()
        assert client_as("社協").post(address).status_code == 403
        fill(client_as("市・編集"), address)
        assert not Initiative.objects.exists()
        assert Draft.objects.of_new(Initiative).get().values["title"] == "消す取組"

    def test_times_are_japanese(self, goal: BasicGoal) -> None:
        moment = timezone.now().replace(year=2026, month=4, day=1, hour=20, minute=5)
        goal._history_date = moment
        goal.save()
        assert "2026年4月2日 05:05" in self.page(goal)
