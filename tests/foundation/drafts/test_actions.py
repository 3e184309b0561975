"""Writing, asking, taking away, discarding: who may, what is written, and that a refused step writes nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser

from goals.models import BasicGoal
from initiatives.models import Initiative
from plan_portal.foundation.drafts import actions, rules
from plan_portal.foundation.drafts.content import values_of
from plan_portal.foundation.drafts.publishing import publish
from plan_portal.foundation.models import Draft, DraftState, DraftStep, PublishedChange
from tests import factories as f
from tests.foundation.drafts.steps import APPROVER, EDITOR, SHAKYO, approve, ask, asked, refused, save

pytestmark = pytest.mark.django_db


class TestSaving:
    def test_the_public_row_stays_as_it_is(self, goal: BasicGoal) -> None:
        before = values_of(goal)
        draft = save(f.UserFactory(role=EDITOR), goal, summary_easy="やさしい文", message="伝言", reason="理由")
        goal.refresh_from_db()
        assert values_of(goal) == before
        assert draft.base == before
        assert draft.values == before | {"summary_easy": "やさしい文"}
        assert (draft.state, draft.reason, draft.message) == (DraftState.WRITING, "理由", "伝言")

    def test_each_saving_is_a_step_with_what_was_written(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        draft = save(editor, goal, summary_easy="一")
        draft = save(editor, goal, summary_easy="二")
        steps = list(draft.steps)
        assert [step.values["summary_easy"] for step in steps] == ["二", "一"]
        assert {(step.person_id, step.organisation, step.name) for step in steps} == {(editor.pk, "city", str(goal))}
        assert Draft.objects.count() == 1

    def test_what_is_as_public_needs_no_draft(self, goal: BasicGoal) -> None:
        refused(
            actions.save_draft,
            rules.NOTHING_CHANGED,
            user=f.UserFactory(role=EDITOR),
            target=goal,
            values=values_of(goal),
        )

    def test_a_page_that_is_out_of_date_is_refused(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        save(editor, goal, summary_easy="一")
        refused(actions.save_draft, rules.STALE, user=editor, target=goal, values={"summary_easy": "二"})

    def test_a_page_from_before_a_publication_is_refused(self, goal: BasicGoal) -> None:
        approve(asked(goal, summary_easy="公開された文"))
        editor = f.UserFactory(role=EDITOR)
        refused(actions.save_draft, rules.STALE, user=editor, target=goal, values={"summary_easy": "前の文から"})

    def test_a_waiting_draft_is_only_read(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="一")
        refused(
            actions.save_draft,
            rules.IS_WAITING,
            user=f.UserFactory(role=EDITOR),
            target=goal,
            values={"summary_easy": "二"},
            edit_version=draft.edit_version,
        )

    @pytest.mark.parametrize("role", [SHAKYO, ""])
    def test_only_those_who_may_change_the_record(self, goal: BasicGoal, role: str) -> None:
        stranger = f.UserFactory(role=role, is_staff=True)
        refused(actions.save_draft, rules.NOT_EDITOR, user=stranger, target=goal, values={"field": "x"})

    def test_an_account_that_was_closed_meanwhile(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        type(editor).objects.filter(pk=editor.pk).update(is_active=False)
        for user in (editor, AnonymousUser()):
            refused(actions.save_draft, rules.NOT_EDITOR, user=user, target=goal, values={"field": "x"})

    def test_a_field_that_the_draft_leaves_alone_follows_the_public_text(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        save(editor, goal, summary_easy="下書き")
        BasicGoal.objects.filter(pk=goal.pk).update(field="新しい分野")
        draft = save(editor, goal, summary_easy="下書き二")
        assert draft.base["field"] == draft.values["field"] == "新しい分野"

    def test_a_new_record_is_a_draft_only(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        draft = save(editor, Initiative, goal_id=goal.pk, number=5, title="新しい取組")
        draft = save(editor, Initiative, draft, title="直した取組")
        assert not Initiative.objects.exists()
        assert (draft.object_id, draft.values["title"], draft.values["number"]) == (None, "直した取組", 5)
        assert draft.steps[0].name == "取組4-(5) 直した取組"


class TestAsking:
    def test_asking_is_written_down(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        draft = ask(editor, save(editor, goal, summary_easy="文", message="見てください"))
        assert (draft.state, draft.asked_by_id) == (DraftState.WAITING, editor.pk)
        assert draft.asked_at is not None
        assert (draft.steps[0].step, draft.steps[0].comment) == (DraftStep.Step.ASKED, "見てください")

    @pytest.mark.parametrize("reason", ["", " \n　"])
    def test_official_wording_needs_a_reason(self, goal: BasicGoal, reason: str) -> None:
        editor = f.UserFactory(role=EDITOR)
        draft = save(editor, goal, title="改めた題", reason=reason)
        refused(actions.ask_approval, rules.REASON_MISSING, user=editor, draft=draft, edit_version=draft.edit_version)
        save(editor, goal, title="改めた題", reason="会議で決めた")
        assert ask(editor, draft).state == DraftState.WAITING

    def test_so_does_a_new_record(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        draft = save(editor, Initiative, goal_id=goal.pk, number=5, title="新しい取組")
        refused(
            actions.ask_approval, rules.REASON_MISSING_NEW, user=editor, draft=draft, edit_version=draft.edit_version
        )

    def test_nothing_to_approve(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        save(editor, goal, summary_easy="文")
        draft = save(editor, goal, summary_easy="")
        refused(actions.ask_approval, rules.NOTHING_CHANGED, user=editor, draft=draft, edit_version=draft.edit_version)

    def test_what_the_model_forbids(self, goal: BasicGoal) -> None:
        f.BasicGoalFactory(plan=goal.plan, number=5)
        editor = f.UserFactory(role=EDITOR)
        draft = save(editor, goal, number=5, reason="理由")
        refused(actions.ask_approval, "もうあります", user=editor, draft=draft, edit_version=draft.edit_version)

    def test_twice(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        editor = f.UserFactory(role=EDITOR)
        refused(actions.ask_approval, rules.IS_WAITING, user=editor, draft=draft, edit_version=draft.edit_version)

    def test_it_can_be_taken_back_and_written_on(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        editor = f.UserFactory(role=EDITOR)
        refused(actions.take_back, rules.STALE, user=editor, draft=draft, edit_version=0)
        draft = actions.take_back(user=editor, draft=draft, edit_version=draft.edit_version)
        assert draft.state == DraftState.WRITING
        refused(actions.take_back, rules.NOT_WAITING, user=editor, draft=draft, edit_version=draft.edit_version)
        assert save(editor, goal, summary_easy="別の文").values["summary_easy"] == "別の文"


class TestRemoval:
    def test_two_people_take_a_record_away(self, goal: BasicGoal) -> None:
        first, second = f.UserFactory(role=APPROVER), f.UserFactory(role=APPROVER)
        draft = actions.ask_removal(user=first, record=goal, reason="統合した")
        assert BasicGoal.objects.filter(pk=goal.pk).exists()
        assert draft.state == DraftState.WAITING
        refused(publish, rules.OWN_DRAFT, user=first, draft=draft, edit_version=draft.edit_version)
        assert publish(user=second, draft=draft, edit_version=draft.edit_version) is None
        assert not BasicGoal.objects.filter(pk=goal.pk).exists()
        change = PublishedChange.objects.get()
        assert (change.title, change.summary, change.url) == (str(goal), "取り下げました", "")
        record = BasicGoal.history.filter(id=goal.pk).latest("history_id")
        assert (record.history_type, record.history_user_id) == ("-", second.pk)

    def test_what_may_not_be_asked(self, goal: BasicGoal) -> None:
        approver = f.UserFactory(role=APPROVER)
        remove = actions.ask_removal
        refused(remove, rules.REASON_MISSING_REMOVAL, user=approver, record=goal, reason=" ")
        refused(remove, rules.NOT_EDITOR, user=f.UserFactory(role=EDITOR), record=goal, reason="統合した")
        f.InitiativeFactory(goal=goal)
        refused(remove, "に使われているので、取り下げられません", user=approver, record=goal, reason="統合した")

    def test_a_record_with_a_draft_is_not_taken_away(self, goal: BasicGoal) -> None:
        draft = save(f.UserFactory(role=EDITOR), goal, summary_easy="文")
        approver = f.UserFactory(role=APPROVER)
        refused(
            actions.ask_removal,
            rules.HAS_DRAFT,
            user=approver,
            record=goal,
            reason="統合した",
            edit_version=draft.edit_version,
        )

    def test_nor_is_one_written_on_that_is_to_go(self, goal: BasicGoal) -> None:
        approver = f.UserFactory(role=APPROVER)
        draft = actions.ask_removal(user=approver, record=goal, reason="統合した")
        refused(
            actions.save_draft,
            rules.IS_REMOVAL,
            user=approver,
            target=goal,
            values={"field": "x"},
            edit_version=draft.edit_version,
        )

    def test_what_came_to_hang_on_it_holds_it(self, goal: BasicGoal) -> None:
        draft = actions.ask_removal(user=f.UserFactory(role=APPROVER), record=goal, reason="統合した")
        f.InitiativeFactory(goal=goal)
        user = f.UserFactory(role=APPROVER)
        refused(
            publish, "に使われているので、取り下げられません", user=user, draft=draft, edit_version=draft.edit_version
        )

    def test_a_refused_one_can_be_asked_again_or_discarded(self, goal: BasicGoal) -> None:
        asker, decider = f.UserFactory(role=APPROVER), f.UserFactory(role=APPROVER)
        draft = actions.ask_removal(user=asker, record=goal, reason="統合した")
        actions.send_back(user=decider, draft=draft, comment="まだです", edit_version=draft.edit_version)
        draft = actions.ask_removal(user=asker, record=goal, reason="決まった", edit_version=draft.edit_version)
        draft = actions.take_back(user=asker, draft=draft, edit_version=draft.edit_version)
        actions.discard(user=asker, draft=draft, edit_version=draft.edit_version)
        assert not Draft.objects.exists()
        assert BasicGoal.objects.get() == goal


class TestDiscarding:
    def test_it_goes_and_its_steps_stay(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        draft = save(editor, goal, summary_easy="書きかけ")
        pk = draft.pk
        actions.discard(user=editor, draft=draft, edit_version=draft.edit_version)
        assert not Draft.objects.exists()
        steps = DraftStep.objects.filter(draft_id=pk)
        assert [step.step for step in steps] == ["discarded", "saved"]
        assert steps[0].values["summary_easy"] == "書きかけ"

    def test_what_may_not_be_discarded(self, goal: BasicGoal) -> None:
        editor = f.UserFactory(role=EDITOR)
        draft = save(editor, goal, summary_easy="文")
        refused(actions.discard, rules.STALE, user=editor, draft=draft, edit_version=0)
        shakyo = f.UserFactory(role=SHAKYO)
        refused(actions.discard, rules.NOT_EDITOR, user=shakyo, draft=draft, edit_version=draft.edit_version)
        ask(editor, draft)
        refused(actions.discard, rules.IS_WAITING, user=editor, draft=draft, edit_version=draft.edit_version)
        approve(draft)
        refused(actions.discard, rules.GONE, user=editor, draft=draft, edit_version=0)
