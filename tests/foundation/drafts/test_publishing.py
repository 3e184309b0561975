"""Publishing and sending back: who may, what changes, what citizens are told."""

import pytest
from django.contrib.auth.models import Group

from goals.models import BasicGoal
from initiatives.models import Initiative
from kizuna.models import KizunaItem
from plan_portal.foundation.drafts import actions, rules
from plan_portal.foundation.drafts.content import values_of
from plan_portal.foundation.drafts.publishing import publish
from plan_portal.foundation.models import Draft, DraftState, DraftStep, PublishedChange
from tests import factories as f
from tests.foundation.drafts.steps import APPROVER, EDITOR, SHAKYO, approve, ask, asked, refused, save

pytestmark = pytest.mark.django_db


class TestDeciding:
    def test_publishing_changes_the_row_and_nothing_else(self, goal: BasicGoal) -> None:
        before, author = values_of(goal), f.UserFactory(role=EDITOR, last_name="見本", first_name="花子")
        approver = f.UserFactory(role=APPROVER)
        draft = ask(author, save(author, goal, title="改めた題", summary_easy="文", reason="会議で決めた"))
        published = publish(user=approver, draft=draft, note="読みやすくしました", edit_version=draft.edit_version)
        goal.refresh_from_db()
        assert published == goal
        assert values_of(goal) == before | {"title": "改めた題", "summary_easy": "文"}
        assert goal.search_text
        assert not Draft.objects.exists()
        record = goal.history.latest("history_id")
        assert (record.history_user_id, record.history_organisation) == (approver.pk, "city")
        assert record.history_change_reason == "会議で決めた（下書き：見本 花子）"

    def test_citizens_are_told(self, goal: BasicGoal) -> None:
        before = goal.title
        approve(asked(goal, title="改めた題", summary_easy="文", reason="会議で決めた"))
        change = PublishedChange.objects.get()
        assert (change.by, change.title, change.url) == ("city", "基本目標4 改めた題", "/goals/4/")
        assert (change.summary, change.note) == ("基本目標、やさしい日本語を変えました", "会議で決めた")
        assert change.changes == [
            {"field": "基本目標", "before": before, "after": "改めた題"},
            {"field": "やさしい日本語", "before": "", "after": "文"},
        ]

    def test_the_note_of_the_approver_comes_before_the_reason(self, goal: BasicGoal) -> None:
        approve(asked(goal, title="改めた題", reason="会議で決めた"), note="一言")
        assert PublishedChange.objects.get().note == "一言"

    def test_nobody_is_told_of_what_nobody_sees(self) -> None:
        approve(asked(f.BasicGoalFactory(plan=f.PlanFactory(preparing=True)), summary_easy="文"))
        assert not PublishedChange.objects.exists()

    def test_a_new_record_appears(self, goal: BasicGoal) -> None:
        draft = asked(Initiative, goal_id=goal.pk, number=5, title="新しい取組", reason="改訂", department_id=None)
        published = approve(draft)
        assert published == Initiative.objects.get()
        assert str(published) == "取組4-(5) 新しい取組"
        change = PublishedChange.objects.get()
        assert (change.summary, change.url) == ("新しく載せました", "/goals/4/5/")
        assert {"field": "取組", "before": "", "after": "新しい取組"} in change.changes

    def test_the_plan_of_a_new_item_follows_its_goal(self) -> None:
        goal = f.KizunaGoalFactory()
        draft = asked(KizunaItem, SHAKYO, goal_id=goal.pk, number=7, title="あいさつ", reason="改訂")
        assert approve(draft, SHAKYO).plan == goal.plan

    def test_authors_may_not(self, goal: BasicGoal) -> None:
        approver, other = f.UserFactory(role=APPROVER), f.UserFactory(role=APPROVER)
        draft = ask(approver, save(other, goal, summary_easy="文"))
        for user in (approver, other):
            version = draft.edit_version
            refused(publish, rules.OWN_DRAFT, user=user, draft=draft, edit_version=version)
            refused(actions.send_back, rules.OWN_DRAFT, user=user, draft=draft, comment="x", edit_version=version)
        approve(draft)

    @pytest.mark.parametrize("role", [EDITOR, SHAKYO, "", "admin"])
    def test_only_approvers_of_the_owner_may(self, goal: BasicGoal, role: str) -> None:
        user = f.UserFactory(role=role if role != "admin" else "", is_staff=True, is_superuser=role == "admin")
        draft = asked(goal, summary_easy="文")
        for step, extra in ((publish, {}), (actions.send_back, {"comment": "x"})):
            refused(step, "市の承認者だけ", user=user, draft=draft, edit_version=draft.edit_version, **extra)

    def test_the_city_does_not_decide_for_shakyo(self) -> None:
        draft = asked(f.KizunaGoalFactory(), SHAKYO, subtitle="～改めた副題～", reason="改訂")
        user = f.UserFactory(role=APPROVER)
        refused(publish, "社協の職員だけ", user=user, draft=draft, edit_version=draft.edit_version)
        approve(draft, SHAKYO)

    def test_groups_of_both_decide_nothing(self, goal: BasicGoal) -> None:
        both = f.UserFactory(role=APPROVER)
        both.groups.add(Group.objects.get(name=SHAKYO))
        draft = asked(goal, summary_easy="文")
        refused(publish, "市の承認者だけ", user=both, draft=draft, edit_version=draft.edit_version)

    def test_only_what_waits(self, goal: BasicGoal) -> None:
        draft = save(f.UserFactory(role=EDITOR), goal, summary_easy="文")
        user = f.UserFactory(role=APPROVER)
        refused(publish, rules.NOT_WAITING, user=user, draft=draft, edit_version=draft.edit_version)

    def test_only_what_was_seen(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        seen, editor = draft.edit_version, f.UserFactory(role=EDITOR)
        actions.take_back(user=editor, draft=draft, edit_version=seen)
        save(editor, goal, summary_easy="すりかえた文")
        ask(editor, draft)
        user = f.UserFactory(role=APPROVER)
        refused(publish, rules.STALE_AT_PUBLISHING, user=user, draft=draft, edit_version=seen)

    def test_sending_back_needs_words(self, goal: BasicGoal) -> None:
        draft, approver = asked(goal, summary_easy="文"), f.UserFactory(role=APPROVER)
        version = draft.edit_version
        refused(
            actions.send_back, rules.COMMENT_MISSING, user=approver, draft=draft, comment="　", edit_version=version
        )
        draft = actions.send_back(user=approver, draft=draft, comment="短く", edit_version=version)
        assert draft.state == DraftState.RETURNED
        assert (draft.steps[0].step, draft.steps[0].comment) == (DraftStep.Step.RETURNED, "短く")
        editor = f.UserFactory(role=EDITOR)
        save(editor, goal, summary_easy="短文")
        approve(ask(editor, draft))

    def test_a_field_that_changed_meanwhile_is_not_overwritten(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        BasicGoal.objects.filter(pk=goal.pk).update(summary_easy="ほかの道で変わった文")
        user = f.UserFactory(role=APPROVER)
        refused(
            publish,
            "「やさしい日本語」は、下書きを始めたあとに変わりました",
            user=user,
            draft=draft,
            edit_version=draft.edit_version,
        )

    def test_another_field_that_changed_meanwhile_is_kept(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        BasicGoal.objects.filter(pk=goal.pk).update(field="ほかの道で変わった分野")
        published = approve(draft)
        assert (published.field, published.summary_easy) == ("ほかの道で変わった分野", "文")

    def test_rules_of_the_model_hold_at_the_last_moment(self, goal: BasicGoal) -> None:
        draft = asked(goal, number=6, reason="改訂")
        f.BasicGoalFactory(plan=goal.plan, number=6)
        user = f.UserFactory(role=APPROVER)
        refused(publish, "もうあります", user=user, draft=draft, edit_version=draft.edit_version)

    def test_a_parent_that_is_gone(self, goal: BasicGoal) -> None:
        department = f.DepartmentFactory()
        draft = asked(f.InitiativeFactory(goal=goal), department_id=department.pk)
        department.delete()
        user = f.UserFactory(role=APPROVER)
        refused(publish, "この内容では公開できません", user=user, draft=draft, edit_version=draft.edit_version)
        draft = asked(KizunaItem, SHAKYO, goal_id=f.KizunaGoalFactory().pk, number=7, title="題", reason="改訂")
        goal_of_item = draft.values["goal_id"]
        KizunaItem._meta.get_field("goal").related_model.objects.filter(pk=goal_of_item).delete()
        user = f.UserFactory(role=SHAKYO)
        refused(publish, "もうないもの", user=user, draft=draft, edit_version=draft.edit_version)

    def test_a_record_that_is_gone(self, goal: BasicGoal) -> None:
        draft = asked(goal, summary_easy="文")
        BasicGoal.objects.filter(pk=goal.pk).delete()
        refused(
            publish, rules.RECORD_GONE, user=f.UserFactory(role=APPROVER), draft=draft, edit_version=draft.edit_version
        )
