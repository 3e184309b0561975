"""What the tables hold, and that no field of a model is forgotten."""

import pytest

from goals.models import BasicGoal, Plan
from initiatives.models import Department, Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan, Linkage, LinkagePair
from plan_portal.content import load_plan, load_sample
from plan_portal.open_data.tables import TABLES
from sdgs.models import GoalSdgLink, Sdg, SdgIcon
from tests import factories as f

pytestmark = pytest.mark.django_db
MODELS = (
    Plan,
    BasicGoal,
    Initiative,
    Department,
    KizunaPlan,
    KizunaGoal,
    KizunaItem,
    Linkage,
    LinkagePair,
    GoalSdgLink,
    Sdg,
    SdgIcon,
)
# field → why it is in no table. "*": of every model.
NOT_PUBLISHED = {
    "*.id": "a number of this database alone",
    "*.search_text": "a folded copy",
    "*.title_ruby": "readings are help for people, never data",
    "plan.introduction": "an excerpt of the running text",
    "plan.figure_number": "about the picture",
    "plan.figure_caption": "about the picture",
    "plan.state": "only what is 現行 is published",
    "basicgoal.plan": "as plan, municipality, ideal",
    "department.valid_from": "of the office",
    "department.valid_to": "of the office",
    "department.replaces": "of the office",
    "kizunaplan.city_plan": "the same for all rows",
    "kizunaplan.key": "of the office",
    "kizunaplan.introduction": "an excerpt of the running text",
    "kizunaplan.goal_label": "a word of the page",
    "kizunaplan.item_label": "a word of the page",
    "kizunaplan.state": "only what is 現行 is published",
    "linkage.state": "only what is agreed is published",
    "linkage.ended_on": "what ended is no part of the figure; the pages of its goals tell of it",
    "linkage.end_asked_by": "a matter between the two organisations",
    "sdg.colour": "a matter of looks",
    "sdgicon.sdg": "icons are pictures of the United Nations, which the city may show, not give",
    "sdgicon.image": "as sdgicon.sdg",
    "sdgicon.media_type": "about the picture",
    "sdgicon.width": "about the picture",
    "sdgicon.height": "about the picture",
    "sdgicon.digest": "about the picture",
    "sdgicon.conditions_confirmed": "of the office",
}


def test_no_field_of_a_model_is_forgotten():
    published = {field for table in TABLES.values() for column in table.columns for field in column.fields}
    fields = {f"{model._meta.model_name}.{field.name}" for model in MODELS for field in model._meta.concrete_fields}
    left_out = {field for field in fields if field in NOT_PUBLISHED or f"*.{field.partition('.')[2]}" in NOT_PUBLISHED}
    assert published - fields == set()
    assert fields - published == left_out
    assert {name for name in NOT_PUBLISHED if not name.startswith("*")} <= fields


def test_names_and_labels_are_unique_and_japanese():
    for table in TABLES.values():
        assert len({column.key for column in table.columns}) == len(table.columns)
        assert len({column.label for column in table.columns}) == len(table.columns)
        assert set(table.key) <= {column.key for column in table.columns}


def test_the_printed_plan_as_tables():
    load_plan()
    plan = Plan.objects.get()
    rows = {name: table.rows(plan) for name, table in TABLES.items()}
    assert {name: len(found) for name, found in rows.items()} == {
        "goals": 7,
        "initiatives": 20,
        "kizuna-items": 15,
        "linkages": 0,
        "sdg-links": 0,
    }
    goal = rows["goals"][6]
    assert (goal["number"], goal["title"], goal["period_start"]) == (7, "安全で安心して暮らせるまちづくり", None)
    last = rows["initiatives"][-1]
    assert (last["goal"], last["number"], last["embodied_plan"], last["department"]) == (
        7,
        4,
        "登別市再犯防止推進計画",
        None,
    )
    assert [row["placement"] for row in rows["kizuna-items"]] == ["確認済"] * 3 + ["確認待ち"] * 12
    assert rows["kizuna-items"][0]["goal_subtitle"] == "～福祉の意識と関心を高める取り組み～"


def test_a_linkage_stands_once_for_each_pair_and_once_without():
    linkage = f.LinkageFactory(agreed=True, since=2026)
    plan = linkage.goal.plan
    (row,) = TABLES["linkages"].rows(plan)
    assert (row["since"], row["since_label"], row["initiative"], row["item_title"]) == (
        2026,
        "令和8年度（2026年度）",
        None,
        None,
    )
    initiatives = f.InitiativeFactory.create_batch(2, goal=linkage.goal)
    item = f.KizunaItemFactory(goal=linkage.kizuna_goal)
    for initiative in initiatives:
        f.LinkagePairFactory(linkage=linkage, initiative=initiative, item=item)
    assert [row["initiative"] for row in TABLES["linkages"].rows(plan)] == [one.number for one in initiatives]


def test_nothing_proposed_and_nothing_of_another_plan():
    proposed = f.LinkageFactory(summary="まだ提案の文")
    f.LinkageFactory(agreed=True)  # of a plan of its own
    assert TABLES["linkages"].rows(proposed.goal.plan) == []


def test_samples_say_so():
    load_plan()
    load_sample()
    plan = Plan.objects.get()
    assert {row["is_sample"] for row in TABLES["linkages"].rows(plan)} == {True}
    assert {row["department_is_sample"] for row in TABLES["initiatives"].rows(plan)} == {True, None}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_asks_at_most_twice_however_long_it_is(name, django_assert_max_num_queries):
    load_plan()
    load_sample()
    with django_assert_max_num_queries(3):
        TABLES[name].rows(Plan.objects.get())
