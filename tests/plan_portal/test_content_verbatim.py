"""The database after `load_plan` against the printed chapter, character by character.

The extraction broke lines in mid-word and tore the tables apart, but it kept the order of the characters. So lines are
joined (see `joined`), and nothing else is done to the source.
"""

import re

import pytest

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan
from plan_portal.content import load_plan
from plan_portal.content.plan_files import read_entries
from plan_portal.content.plan_loader import PLAN_FIXTURES
from plan_portal.foundation.choices import Confirmation
from plan_portal.foundation.furigana import base_text, check
from plan_portal.foundation.numerals import full_stop
from sdgs.models import GoalSdgLink, Sdg
from tests.plan_portal.printed_chapter import (
    SECTIONS,
    SOURCE,
    SOURCE_TEXT,
    columns_of_ideal,
    joined,
    line_borders,
    rebuilt,
    rows_of,
    sentences,
    spaced,
    titled_rows,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    load_plan()
    return Plan.objects.get()


@pytest.fixture
def sections(plan) -> dict[str, PlanSection]:
    return {section.slug: section for section in plan.sections.all()}


def test_joined_lines():
    assert joined("踏\n\nまえ\n 第４章\nDevelopment\n\nGoals（目標\n)a\n1") == "踏まえ第４章Development Goals（目標)a1"


def test_source_is_the_database_and_column_headings(plan):
    assert rebuilt(plan) == SOURCE


WORDING = [
    *((PlanSection, name) for name in ("number", "heading", "body", "figure_caption", "figure_credit")),
    *((Plan, name) for name in ("municipality", "name", "ideal")),
    *((KizunaPlan, name) for name in ("name", "organisation", "ideal", "goal_label", "item_label")),
    *((KizunaGoal, name) for name in ("title", "subtitle")),
    *((KizunaItem, "title"), (Initiative, "title"), (BasicGoal, "title"), (BasicGoal, "field"), (Sdg, "name")),
]


def test_one_changed_character_is_noticed(plan):
    """The comparison above can fail: for every field with wording, one wrong character is found."""
    for model, field in WORDING:
        row = model.objects.exclude(**{field: ""}).first()
        text = getattr(row, field)
        model.objects.filter(pk=row.pk).update(**{field: f"{text[:-1]}■"})
        assert rebuilt(Plan.objects.get()) != SOURCE, field
        model.objects.filter(pk=row.pk).update(**{field: text})


def test_28_sentences_each_once_and_in_order(plan, sections):
    stored = [sentence for slug in SECTIONS for sentence in sentences(sections[slug].body)]
    places = [SOURCE.find(sentence) for sentence in stored]
    assert len(stored) == SOURCE_TEXT.count("。") == 28
    assert -1 not in places
    assert places == sorted(places)
    assert [SOURCE.count(sentence) for sentence in stored] == [1] * 28


def test_paragraphs_begin_and_end_where_lines_do(sections):
    borders = line_borders(SOURCE_TEXT)
    for section in sections.values():
        for paragraph in section.paragraphs:
            start = SOURCE.index(paragraph)
            assert {start, start + len(paragraph)} <= borders, paragraph


def test_slip_stands_as_printed(sections):
    assert "ＳＤＧｓ（Sustainability Development Goals（持続可能な開発目標）の略称）" in sections["s4-sdgs"].body


def test_sections_stand_as_in_the_book(sections):
    assert set(sections) == set(SECTIONS)
    parents = {slug: section.parent.slug if section.parent else None for slug, section in sections.items()}
    assert parents == {
        "c4": None,
        **dict.fromkeys(("s1", "s2", "s3", "s4"), "c4"),
        **dict.fromkeys(("s3-1", "s3-2", "s3-3", "s3-4"), "s3"),
        **dict.fromkeys(("s4-figure", "s4-sdgs"), "s4"),
    }
    supplements = {slug: section.supplement for slug, section in sections.items() if section.supplement}
    assert supplements == {"s4": "goals", "s4-figure": "relationship", "s4-sdgs": "sdgs"}


def test_ideals(plan):
    assert plan.ideal == "　".join(columns_of_ideal()) == "『温もりある福祉のまち　のぼりべつ』"
    kizuna_ideal = KizunaPlan.objects.get().ideal
    assert kizuna_ideal == "心豊かに「きずな」を紡ぎ護り育てることで、一人ひとりを大切にする共生共存のまちをつくります"
    assert kizuna_ideal in SOURCE


def test_introductions_are_words_of_the_chapter(plan, sections):
    assert plan.introduction in sections["s1"].paragraphs
    assert SOURCE.count(KizunaPlan.objects.get().introduction) == 1


def test_figures(plan, sections):
    assert plan.figure_title == sections["s4-figure"].title
    assert f"{plan.figure_title}両計画の" in SOURCE
    s1 = sections["s1"]
    assert s1.figure_title + s1.figure_credit in SOURCE
    assert s1.figure_alt == ""


def test_titles_are_in_the_figure(plan):
    for goal in plan.goals.all():
        assert SOURCE.count(full_stop(goal.number) + goal.title) == 2, "once in the table, once in the figure"
        assert goal.field in SOURCE
    for initiative in Initiative.objects.all():
        assert initiative.mark + initiative.title in SOURCE
    for item in KizunaItem.objects.all():
        assert item.mark + item.title in SOURCE
    for goal in KizunaGoal.objects.all():
        assert f"{full_stop(goal.number)}{goal.title}{goal.subtitle}" in SOURCE


def test_numbering(plan):
    assert [goal.initiatives.count() for goal in plan.goals.in_plan_order()] == [3, 3, 3, 3, 2, 2, 4]
    assert [goal.items.count() for goal in KizunaGoal.objects.in_plan_order()] == [3, 3, 2, 2, 5]
    assert [item.number for item in KizunaItem.objects.in_plan_order()] == list(range(1, 16))
    assert all(item.plan_id == item.goal.plan_id for item in KizunaItem.objects.select_related("goal"))


def test_plan_within_the_plan(plan):
    named = Initiative.objects.exclude(embodied_plan="").get()
    assert (named.goal.number, named.number, named.embodied_plan) == (7, 4, "登別市再犯防止推進計画")
    assert named.title.endswith(f"（{named.embodied_plan}）")


def test_47_readings(plan):
    wanted = [(row["title"], row["ruby_markup"]) for row in rows_of("furigana-titles.csv")]
    stored = [(row.title, row.title_ruby) for row in titled_rows(plan)]
    assert len(stored) == 47
    assert stored == wanted
    for title, markup in stored:
        assert base_text(markup) == title
        check(markup, title)


def test_readings_spell_the_reading():
    for row in rows_of("furigana-titles.csv"):
        spoken = re.sub(r"\{[^|]+\|([^}]+)\}", r"\1", row["ruby_markup"])
        hiragana = re.sub("[ァ-ヶ]", lambda match: chr(ord(match[0]) - 0x60), spoken)
        assert re.sub("[（）、・]", "", hiragana) == row["reading"]


def test_17_sdgs(plan):
    wanted = [
        (int(row["number"]), row["name_ja"], row["name_en"], row["colour"].upper(), row["in_plan"] == "1")
        for row in rows_of("sdgs.csv")
    ]
    in_plan = set(plan.plan_sdgs.values_list("sdg__number", flat=True))
    stored = [(sdg.number, sdg.name, sdg.name_en, sdg.colour, sdg.number in in_plan) for sdg in Sdg.objects.in_order()]
    assert stored == wanted
    assert len(stored) == 17
    assert in_plan == {1, 3, 4, 5, 10, 11, 16, 17}


def test_what_the_source_does_not_say_is_empty(plan):
    kizuna_plan = KizunaPlan.objects.get()
    assert [plan.period_start, plan.period_end, plan.period] == [None, None, ""]
    assert [kizuna_plan.ordinal, kizuna_plan.period_start, kizuna_plan.period_end] == [None, None, None]
    assert not Initiative.objects.exclude(body="", summary_easy="", department=None).exists()
    assert not plan.goals.exclude(summary_easy="").exists()
    assert not GoalSdgLink.objects.exists()
    waiting = {item.number for item in KizunaItem.objects.filter(placement=Confirmation.WAITING)}
    assert waiting == set(range(4, 16))


# Fields of the fixtures that hold no wording of the plan, and what may stand in them.
NO_WORDING = {
    "slug": set(SECTIONS),
    "state": {"current"},
    "supplement": {"", "goals", "relationship", "sdgs"},
    "placement": {"confirmed", "waiting"},
    "key": {"kizuna"},
}


def may_stand(name: str, value: str) -> bool:
    """Whether the source holds this text of a fixture."""
    if name in ("goal_label", "item_label"):
        return spaced(value) in SOURCE
    return all(paragraph in SOURCE for paragraph in value.replace("　", "").split("\n\n"))


def test_fixtures_hold_nothing_but_the_source():
    sdgs = rows_of("sdgs.csv")
    allowed = {
        **NO_WORDING,
        "title_ruby": {row["ruby_markup"] for row in rows_of("furigana-titles.csv")},
        "colour": {row["colour"].upper() for row in sdgs},
        "name_en": {row["name_en"] for row in sdgs},
    }
    sdg_names = {row["name_ja"] for row in sdgs}
    for entry in read_entries(PLAN_FIXTURES):
        for name, value in entry.fields.items():
            if not isinstance(value, str):
                continue
            choices = sdg_names if (entry.model, name) == (Sdg, "name") else allowed.get(name)
            supported = may_stand(name, value) if choices is None else value in choices
            assert supported, f"{entry.place}: {name}"
