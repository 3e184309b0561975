"""The preview: the public page with the draft in it, for staff, leaving nothing behind."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import BasicGoal, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem
from plan_portal.foundation.models import Draft, PublishedChange
from tests import factories as f
from tests.foundation.drafts.steps import EDITOR, SHAKYO, ask, asked, save
from tests.plan_portal.admin_world import client_as

pytestmark = pytest.mark.django_db


def preview(client: Client, draft: Draft) -> object:
    model = draft.content_type
    return client.get(reverse(f"admin:{model.app_label}_{model.model}_draft_preview", args=[draft.pk]))


def records() -> list:
    models = (BasicGoal, PlanSection, Initiative, KizunaGoal, KizunaItem, PublishedChange)
    history = [model.history.model for model in models if hasattr(model, "history")]
    return [list(model.objects.order_by("pk").values()) for model in (*models, *history)]


def test_the_page_with_the_draft_in_it(goal: BasicGoal) -> None:
    draft = save(f.UserFactory(role=EDITOR), goal, summary_easy="下書きの文です。")
    before = records()
    response = preview(client_as(EDITOR), draft)
    page = response.content.decode()
    assert "下書きの文です。" in page
    assert "プレビュー：まだ公開していません" in page
    assert "/static/css/pages/preview.css" in page
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "さん" not in page  # the page of a citizen: nobody is logged in there
    assert records() == before
    public = Client().get(goal.get_absolute_url())
    assert "下書き" not in public.content.decode()
    assert "preview" not in public.content.decode()


@pytest.mark.parametrize("make", ["section", "new initiative", "kizuna goal", "new item"])
def test_every_kind_has_one(goal: BasicGoal, make: str) -> None:
    kizuna_plan = f.KizunaPlanFactory(city_plan=goal.plan)
    kizuna_goal = f.KizunaGoalFactory(plan=kizuna_plan, number=1, title_ruby="")
    city, shakyo = f.UserFactory(role=EDITOR), f.UserFactory(role=SHAKYO)
    if make == "section":
        draft = save(city, f.PlanSectionFactory(plan=goal.plan), body="カナリアの文。")
    elif make == "new initiative":
        draft = save(city, Initiative, goal_id=goal.pk, number=5, title="カナリアの文。")
    elif make == "kizuna goal":
        draft = save(shakyo, kizuna_goal, title="カナリアの文。")
    else:
        draft = save(shakyo, KizunaItem, goal_id=kizuna_goal.pk, number=7, title="カナリアの文。")
    before = records()
    page = preview(client_as("admin"), draft).content.decode().replace("<wbr>", "")
    assert "カナリアの文。" in page
    assert "プレビュー：" in page
    assert records() == before


def test_it_leads_to_the_place_in_the_text(goal: BasicGoal) -> None:
    section = f.PlanSectionFactory(plan=goal.plan, slug="s3-1")
    draft = save(f.UserFactory(role=EDITOR), section, body="別の文")
    page = client_as(EDITOR).get(reverse("admin:goals_plansection_change", args=[section.pk])).content.decode()
    assert f"/drafts/{draft.pk}/preview/#s3-1" in page


def test_without_a_public_page_there_is_a_message() -> None:
    hidden = f.BasicGoalFactory(plan=f.PlanFactory(preparing=True))
    draft = save(f.UserFactory(role=EDITOR), hidden, summary_easy="文")
    assert "市民のページがありません" in preview(client_as(EDITOR), draft).content.decode()


def test_what_could_not_be_published_is_told(goal: BasicGoal) -> None:
    draft = save(f.UserFactory(role=EDITOR), goal, number=6)
    f.BasicGoalFactory(plan=goal.plan, number=6)
    assert "もうあります" in preview(client_as(EDITOR), draft).content.decode()


def test_only_staff_who_may_see_the_record_and_only_by_get(goal: BasicGoal) -> None:
    draft = asked(goal, summary_easy="文")
    address = reverse("admin:goals_basicgoal_draft_preview", args=[draft.pk])
    assert Client().get(address).status_code == 302
    assert client_as("no group").get(address).status_code == 403
    assert client_as(EDITOR).post(address).status_code == 403


def test_nothing_stays_in_the_process(goal: BasicGoal) -> None:
    """After a preview every public page is what it was before, also where SQL, readings and pictures are kept in memory."""
    addresses = ["/", "/goals/", goal.get_absolute_url(), "/plan/", "/search/?q=下書き"]
    citizen, furigana = Client(), Client()
    furigana.cookies["furigana"] = "1"
    before = [client.get(url).content for client in (citizen, furigana) for url in addresses]
    editor = f.UserFactory(role=EDITOR)
    draft = ask(editor, save(editor, goal, title="下書きの題", title_ruby="{下書|したが}きの{題|だい}", reason="改訂"))
    client = client_as(EDITOR)
    client.cookies["furigana"] = "1"
    assert "下書きの題" in preview(client, draft).content.decode().replace("<wbr>", "")
    assert [client.get(url).content for client in (citizen, furigana) for url in addresses] == before


def test_it_writes_and_undoes_in_one_transaction(goal: BasicGoal) -> None:
    draft = save(f.UserFactory(role=EDITOR), goal, summary_easy="文")
    client = client_as(EDITOR)
    with CaptureQueriesContext(connection) as queries:
        preview(client, draft)
    last = [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "ROLLBACK", "INSERT"))][-1]
    assert last.startswith("ROLLBACK")
