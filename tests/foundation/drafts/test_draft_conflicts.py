"""Two people at one draft: nobody's text is lost."""

import re

import pytest

from goals.models import BasicGoal
from plan_portal.foundation.admin_conflicts import CONFLICT
from plan_portal.foundation.drafts.content import values_of
from plan_portal.foundation.models import Draft
from tests import factories as f
from tests.foundation.drafts.steps import EDITOR, approve, asked, save
from tests.foundation.drafts.test_admin_drafts import address, body, html, send
from tests.plan_portal.admin_world import client_as

pytestmark = pytest.mark.django_db


def test_what_somebody_else_saved_is_merged_and_not_overwritten(goal: BasicGoal) -> None:
    client, other = client_as(EDITOR), f.UserFactory(role=EDITOR, last_name="見本", first_name="次郎")
    save(other, goal, summary_easy="先に書いた文", field="先に書いた分野")
    page = send(client, goal, status=CONFLICT, summary_easy="あとから書いた文")
    for words in (
        "見本 次郎さん",
        "先に書いた",
        "あとから書いた文",
        "選ぶところ　やさしい日本語",
        "先に書いた分野",
    ):
        assert words in page
    assert Draft.objects.get().values["summary_easy"] == "先に書いた文"

    shown = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    shown |= {"choice-summary_easy": "merged", "merged-summary_easy": "合わせて書いた文", "_save": "1"}
    html(client.post(address("change", goal.pk), shown, follow=True))
    values = Draft.objects.get().values
    assert (values["summary_easy"], values["field"]) == ("合わせて書いた文", "先に書いた分野")


def test_what_was_opened_before_a_draft_was_begun_and_published_is_not_overwritten(goal: BasicGoal) -> None:
    before = goal.summary_easy
    approve(asked(goal, summary_easy="先に公開された文"))
    page = send(client_as(EDITOR), goal, status=CONFLICT, summary_easy="あとから書いた文")
    assert "先に公開された文" in page
    assert "選ぶところ　やさしい日本語" in page
    assert before == ""
    assert not Draft.objects.exists()


def test_two_people_at_the_draft_of_a_new_record(goal: BasicGoal) -> None:
    draft = save(f.UserFactory(role=EDITOR), BasicGoal, **values_of(goal) | {"number": 8, "summary_easy": "はじめの文"})
    opened = draft.edit_version
    save(f.UserFactory(role=EDITOR), BasicGoal, draft, summary_easy="先に書いた文")
    sent = body(goal, number=8, summary_easy="あとから書いた文", edit_version=opened)
    page = html(client_as(EDITOR).post(address("draft", draft.pk), sent), CONFLICT)
    for words in ("はじめの文", "先に書いた", "あとから書いた"):
        assert words in page
