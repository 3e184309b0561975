"""Drafts in the admin: the form, the lists, side by side, the preview, throwing away, taking away."""

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import BasicGoal
from initiatives.models import Initiative
from kizuna.models import KizunaItem
from plan_portal.foundation.admin_conflicts import CONFLICT
from plan_portal.foundation.drafts import rules
from plan_portal.foundation.drafts.content import values_of
from plan_portal.foundation.models import Draft, DraftState, DraftStep, PublishedChange
from tests import factories as f
from tests.foundation.drafts.steps import APPROVER, EDITOR, SHAKYO, asked, save
from tests.plan_portal.admin_world import client_as, fill

pytestmark = pytest.mark.django_db

NOW = object()


def address(page: str, *args: object, model: str = "goals_basicgoal") -> str:
    return reverse(f"admin:{model}_{page}", args=args)


def body(goal: BasicGoal, **differences: object) -> dict[str, Any]:
    values = {name.removesuffix("_id"): value for name, value in values_of(goal).items()}
    return {"edit_version": 0, "reason": "", "message": "", **values, **differences}


def html(response: HttpResponse, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, goal: BasicGoal, button: str = "_save", status: int = 200, **differences: object) -> str:
    """The page that follows."""
    sent = body(goal, **differences) | {button: "1"}
    return html(client.post(address("change", goal.pk), sent, follow=True), status)


def decide(client: Client, draft: Draft, button: str, **given: object) -> HttpResponse:
    sent = {"edit_version": draft.edit_version, "note": "", "comment": "", button: "1"} | given
    return client.post(address("draft_review", draft.pk), sent, follow=True)


class TestTheForm:
    def test_saving_writes_a_draft(self, goal: BasicGoal) -> None:
        page = send(client_as(EDITOR), goal, summary_easy="やさしい文", message="見てください")
        assert f"「{goal}」の下書きを保存しました。公開中の内容は変わっていません。" in page
        draft = Draft.objects.get()
        assert (draft.values["summary_easy"], draft.message) == ("やさしい文", "見てください")
        goal.refresh_from_db()
        assert goal.summary_easy == ""

    def test_the_draft_is_shown_and_marked_beside_the_public_text(self, goal: BasicGoal) -> None:
        BasicGoal.objects.filter(pk=goal.pk).update(summary_easy="公開中の文")
        goal.refresh_from_db()
        page = send(client_as(EDITOR), goal, summary_easy="下書きの文")
        assert "下書きの文</textarea>" in page
        assert page.count("下書きで変更") == 1
        assert "<summary>公開中の文を見る</summary><p>公開中の文</p>" in page
        assert "下書きです。公開中の内容は変わっていません。" in page

    def test_enter_saves_a_draft(self, goal: BasicGoal) -> None:
        page = html(client_as(EDITOR).get(address("change", goal.pk)))
        submits = re.findall(r'<input type="submit"[^>]*name="(\w+)"[^>]*?( class="default")?>', page)
        assert submits == [("_save", ""), ("_ask", ' class="default"')]

    def test_official_wording_is_locked_until_it_is_opened(self, goal: BasicGoal) -> None:
        page = html(client_as(EDITOR).get(address("change", goal.pk)))
        assert f'<p class="st-official">{goal.title}</p>' in page
        page = send(client_as(EDITOR), goal, title="改めた題")
        assert '<p class="st-official">改めた題</p>' not in page
        assert 'value="改めた題"' in page

    def test_asking_saves_and_asks(self, goal: BasicGoal) -> None:
        page = send(client_as(EDITOR), goal, "_ask", summary_easy="文")
        assert f"「{goal}」の承認を依頼しました。公開されるのは、承認者が「公開する」を押してからです。" in page
        assert Draft.objects.get().state == DraftState.WAITING

    def test_a_missing_reason_is_told_at_its_field_and_nothing_is_lost(self, goal: BasicGoal) -> None:
        page = send(client_as(EDITOR), goal, "_ask", title="改めた題", summary_easy="書きかけの文")
        assert f'<a href="#id_reason">改訂の理由：{rules.REASON_MISSING}</a>' in page
        assert "書きかけの文" in page
        assert '<p class="st-official">改めた題' not in page
        assert f'<p class="st-official">{goal.title}' not in page
        assert not Draft.objects.exists()
        assert not DraftStep.objects.exists()

    def test_a_waiting_draft_is_read_only_until_it_is_taken_back(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="承認を待つ文")
        client = client_as(EDITOR)
        page = html(client.get(address("change", goal.pk)))
        assert "承認を待つ文" in page
        assert "textarea" not in page
        version = draft.edit_version
        page = send(client, goal, status=CONFLICT, summary_easy="すりかえる文", edit_version=version)
        assert rules.IS_WAITING in page
        assert "すりかえる文" in page
        assert Draft.objects.get().values["summary_easy"] == "承認を待つ文"
        page = send(client, goal, "_take_back", edit_version=version)
        assert "依頼を取り下げました" in page
        assert "承認を待つ文</textarea>" in page

    def test_the_answer_of_the_approver_stands_above(self, goal: BasicGoal) -> None:
        decide(client_as(APPROVER), asked(goal, summary_easy="文"), "_send_back", comment="短く<してください>")
        page = html(client_as(EDITOR).get(address("change", goal.pk)))
        assert "差し戻されました" in page
        assert "短く&lt;してください&gt;" in page

    def test_readers_read(self, goal: BasicGoal) -> None:
        save(f.UserFactory(role=EDITOR), goal, summary_easy="下書きの文")
        client = client_as(SHAKYO)
        page = html(client.get(address("change", goal.pk)))
        assert 'type="submit" name=' not in page
        assert client.post(address("change", goal.pk), body(goal)).status_code == 403


class TestNewRecords:
    def sent(self, goal: BasicGoal, **given: object) -> dict[str, Any]:
        return {"goal": goal.pk, "number": "5", "title": "新しい取組", "edit_version": 0, **given}

    def test_the_way_from_the_form_to_the_public(self, goal: BasicGoal) -> None:
        editor, model = client_as(EDITOR), "initiatives_initiative"
        page = html(editor.post(address("add", model=model), self.sent(goal), follow=True))
        assert "まだ公開されていません" in page
        draft = Draft.objects.get()
        assert not Initiative.objects.exists()
        listed = html(editor.get(address("changelist", model=model)))
        assert "まだ公開していない、新しい取組" in listed
        edit = address("draft", draft.pk, model=model)
        assert edit in listed
        version = draft.edit_version
        changed = self.sent(goal, title="直した取組", reason="改訂した", edit_version=version, _ask="1")
        html(editor.post(edit, changed, follow=True))
        draft.refresh_from_db()
        review = address("draft_review", draft.pk, model=model)
        sent = {"edit_version": draft.edit_version, "_publish": "1"}
        assert "公開しました。市民のページが新しくなりました。" in html(
            client_as(APPROVER).post(review, sent, follow=True)
        )
        assert Initiative.objects.get().title == "直した取組"
        assert html(Client().get("/goals/4/5/"))
        assert editor.get(edit).status_code == 404

    def test_a_draft_of_a_record_is_written_on_its_own_page(self, goal: BasicGoal) -> None:
        draft = save(f.UserFactory(role=EDITOR), goal, summary_easy="文")
        response = client_as(EDITOR).get(address("draft", draft.pk))
        assert response.headers["Location"] == address("change", goal.pk)

    def test_a_draft_of_another_kind_is_not_found(self, goal: BasicGoal) -> None:
        draft = save(f.UserFactory(role=EDITOR), goal, summary_easy="文")
        for page in ("draft", "draft_review", "draft_preview", "draft_discard"):
            assert client_as(EDITOR).get(address(page, draft.pk, model="goals_plansection")).status_code == 404

    def test_shakyo_writes_its_own(self) -> None:
        goal = f.KizunaGoalFactory()
        sent = {"goal": goal.pk, "number": "7", "title": "あいさつ", "placement": "confirmed", "edit_version": 0}
        html(client_as(SHAKYO).post(address("add", model="kizuna_kizunaitem"), sent, follow=True))
        assert not KizunaItem.objects.exists()
        assert Draft.objects.get().values["placement"] == "confirmed"


class TestTheList:
    def test_drafts_are_marked_in_one_query(self, goal: BasicGoal) -> None:
        goals = [goal, *(f.BasicGoalFactory(plan=goal.plan, number=n) for n in range(5, 9))]
        client = client_as(EDITOR)
        asked(goals[0], summary_easy="文")
        with CaptureQueriesContext(
            connection,
        ) as few:
            assert html(client.get(address("changelist"))).count("st-draft-waiting") == 1
        for other in goals[1:]:
            save(f.UserFactory(role=EDITOR), other, summary_easy="文")
        with CaptureQueriesContext(connection) as many:
            assert html(client.get(address("changelist"))).count("st-draft-writing") == 4
        assert len(many) == len(few)


class TestReview:
    def test_old_and_new_stand_side_by_side(self, goal: BasicGoal) -> None:
        BasicGoal.objects.filter(pk=goal.pk).update(summary_easy="会議を年４回開催します。")
        goal.refresh_from_db()
        page = html(
            client_as(APPROVER).get(address("draft_review", asked(goal, summary_easy="会議を年６回開催します。").pk))
        )
        assert re.search(r"会議を年<del>.*?４.*?</del>回開催します。</td>", page)
        assert re.search(r"会議を年<ins>.*?６.*?</ins>回開催します。</td>", page)
        assert "変わらないところ（5欄）" in page
        assert "「やさしい日本語を変えました」" in page

    def test_sending_back_without_words_keeps_the_page(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        page = html(decide(client_as(APPROVER), draft, "_send_back", note="書きかけの一言"))
        assert rules.COMMENT_MISSING in page
        assert 'value="書きかけの一言"' in page
        assert Draft.objects.get().state == DraftState.WAITING

    def test_sending_back_names_who_is_to_go_on(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        page = html(decide(client_as(APPROVER), draft, "_send_back", comment="短く"))
        assert re.search(r"差し戻しました。職員\d+さんの「きょうの仕事」に載りました。", page)

    def test_the_note_is_public(self, goal: BasicGoal) -> None:
        decide(client_as(APPROVER), asked(goal, summary_easy="文"), "_publish", note="読みやすくしました")
        assert PublishedChange.objects.get().note == "読みやすくしました"

    def test_an_author_sees_no_buttons(self, goal: BasicGoal) -> None:
        client = client_as(APPROVER)
        send(client, goal, "_ask", summary_easy="文")
        draft = Draft.objects.get()
        page = html(client.get(address("draft_review", draft.pk)))
        assert rules.OWN_DRAFT in page
        assert "_publish" not in page
        assert rules.OWN_DRAFT in html(decide(client, draft, "_publish"))
        assert Draft.objects.exists()

    @pytest.mark.parametrize("role", [EDITOR, SHAKYO, "admin"])
    def test_others_read_and_are_told_who_decides(self, goal: BasicGoal, role: str) -> None:
        draft, client = asked(goal, summary_easy="文"), client_as(role)
        page = html(client.get(address("draft_review", draft.pk)))
        assert "決められるのは、市の承認者だけです" in page
        assert "_publish" not in page
        response = decide(client, draft, "_publish")
        assert response.status_code == 403
        assert "決められるのは、市の承認者だけです" in response.content.decode()

    def test_what_was_not_seen_is_not_published(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        assert rules.STALE_AT_PUBLISHING in html(decide(client_as(APPROVER), draft, "_publish", edit_version="x"))

    def test_a_plan_that_nobody_sees_yet(self) -> None:
        goal = f.BasicGoalFactory(plan=f.PlanFactory(preparing=True))
        page = html(decide(client_as(APPROVER), asked(goal, summary_easy="文"), "_publish"))
        assert "計画が「現行」になると、市民に見えます" in page


class TestThrowingAway:
    def test_it_is_asked_first(self, goal: BasicGoal) -> None:
        client = client_as(EDITOR)
        draft = save(f.UserFactory(role=EDITOR), goal, summary_easy="いらない文")
        page = address("draft_discard", draft.pk)
        assert "いらない文" in html(client.get(page))
        assert Draft.objects.exists()
        sent = {"edit_version": draft.edit_version}
        assert "下書きを捨てました" in html(client.post(page, sent, follow=True))
        assert not Draft.objects.exists()

    def test_not_by_readers(self, goal: BasicGoal) -> None:
        draft = save(f.UserFactory(role=EDITOR), goal, summary_easy="文")
        for send_it in (client_as(SHAKYO).get, client_as(SHAKYO).post):
            assert send_it(address("draft_discard", draft.pk)).status_code == 403

    def test_not_while_it_waits(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        sent = {"edit_version": draft.edit_version}
        page = html(client_as(EDITOR).post(address("draft_discard", draft.pk), sent, follow=True))
        assert rules.IS_WAITING in page


class TestTakingAway:
    def test_two_people_on_the_pages(self, goal: BasicGoal) -> None:
        first, second = client_as(APPROVER), client_as(APPROVER)
        page = address("delete", goal.pk)
        assert rules.REASON_MISSING_REMOVAL in html(first.post(page, {"reason": " "}))
        assert "取り下げの承認を依頼しました" in html(first.post(page, {"reason": "統合した"}, follow=True))
        draft = Draft.objects.get()
        assert "取り下げの承認待ち" in html(first.get(address("change", goal.pk)))
        assert "取り下げました" in html(decide(second, draft, "_publish"))
        assert not BasicGoal.objects.exists()

    def test_what_is_in_use_is_told_before_anything_is_written(self, goal: BasicGoal) -> None:
        initiative = f.InitiativeFactory(goal=goal)
        page = html(client_as(APPROVER).get(address("delete", goal.pk)))
        assert f"「{initiative}」に使われているので、取り下げられません" in page
        assert "<textarea" not in page


def test_a_draft_that_is_there_is_not_written_over_by_an_old_version(goal: BasicGoal) -> None:
    goal.field = "今の分野"
    goal.save()
    client = client_as(EDITOR)
    send(client, goal, field="書きかけの分野")
    version = goal.history.earliest("history_id").history_id
    page = html(fill(client, address("simple_history", goal.pk, version), follow=True))
    assert rules.HAS_DRAFT in page
    assert Draft.objects.get().values["field"] == "書きかけの分野"
