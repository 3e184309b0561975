"""Nothing on a public page that the source does not support, outside 見本 and 確認待ち.

What pages say comes from two places: the records, which test_content_verbatim holds against the source, and the fixed words of
templates and code, which must be about the portal and never about a city.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from goals.models import BasicGoal, Plan, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan
from plan_portal.content import load_plan
from plan_portal.open_data.tables import TABLES
from sdgs.models import Sdg
from tests.plan_portal.crawler import crawl

TEMPLATES = [
    path
    for path in sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
    if path.parent.name not in {"admin", "simple_history"} and "admin" not in path.parts
]
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
ABOUT_A_CITY = re.compile(r"登別|のぼりべつ|室蘭|北海道|\d{2,4}-\d{2,4}-\d{4}|(?:平成|令和)[0-9０-９元]+年|グループ")


def fixed_words(template: Path) -> list[str]:
    """The words that a template itself says."""
    return [piece.strip() for piece in TAGS.split(template.read_text(encoding="utf-8")) if piece.strip()]


def test_templates_state_no_fact_about_a_city():
    assert len(TEMPLATES) > 30
    said = {
        str(path.relative_to(settings.BASE_DIR)): found
        for path in TEMPLATES
        if (found := [words for words in fixed_words(path) if ABOUT_A_CITY.search(words)])
    }
    assert said == {}


def official_strings() -> list[str]:
    """Every text of a record that a page may show."""
    plan, kizuna = Plan.objects.get(), KizunaPlan.objects.get()
    strings = [plan.full_name, plan.name, plan.edition, plan.municipality, plan.ideal, plan.introduction]
    strings += [plan.figure_title, plan.figure_label, plan.figure_caption, *re.split(r"(?<=\s)", plan.ideal)]
    strings += [
        kizuna.name,
        kizuna.organisation,
        kizuna.ideal,
        kizuna.introduction,
        *re.split(r"(?<=、)", kizuna.ideal),
    ]
    strings += [kizuna.goal_label, kizuna.item_label]
    for section in PlanSection.objects.all():
        strings += [section.title, section.number, section.heading, *section.paragraphs]
        strings += [section.figure_title, section.figure_credit]
    for goal in BasicGoal.objects.all():
        strings += [goal.title, goal.field, goal.field.partition("、")[0] + "ほか"]
    for model in (Initiative, KizunaItem, KizunaGoal):
        strings += [record.title for record in model.objects.all()]
    strings += [initiative.embodied_plan for initiative in Initiative.objects.all()]
    strings += [initiative.title.partition("（")[0] for initiative in Initiative.objects.all()]
    strings += [goal.subtitle for goal in KizunaGoal.objects.all()]
    strings += [name for sdg in Sdg.objects.all() for name in (sdg.name, sdg.name_en)]
    return strings


# Words that Python code says on pages: labels of forms, kinds of results, the figure's own words.
CODE_WORDS = [
    *(
        "基本目標",
        "分野",
        "担当",
        "ことば",
        "すべて",
        "さがすことば",
        "検索",
        "計画の本文",
        "登録なし",
        "目標達成のための取組",
    ),
    *(
        "きずな計画と連携しているもの",
        "この条件でさがす",
        "PDFで保存する（印刷用）",
        "ひらがなとカタカナ、全角と半角、「ー」のあるなしは、区別しません。",
    ),
    "左は登別市地域福祉計画（登別市）の取組と基本目標、右はきずな計画（社協）の基本目標と基本計画。",
]


def column_words() -> list[str]:
    """How the tables of open data are described."""
    words = [text for table in TABLES.values() for text in (table.title, table.description)]
    columns = [column for table in TABLES.values() for column in table.columns]
    return words + [text for column in columns for text in (column.label, column.description, column.key)]


OWN_ADDRESS = re.compile(r"http://testserver/\S*")  # at the foot of the page, for paper
NOT_WORDS = re.compile(r"[\s0-9０-９①-⑳()（）「」『』・、。，．：:；～〜…－―\-/／|｜›×※+%<>=\"'.,]+")


@pytest.mark.django_db
def test_pages_say_nothing_but_records_and_fixed_words(client, counts):
    load_plan()
    words = {piece for path in TEMPLATES for words in fixed_words(path) for piece in NOT_WORDS.split(words)}
    words |= {piece for text in official_strings() for piece in NOT_WORDS.split(text)}
    words |= {piece for text in [*CODE_WORDS, *column_words()] for piece in NOT_WORDS.split(text)}
    known = sorted((word for word in words if word), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, known)))
    strange: dict[str, str] = {}
    pieces = 0
    for page in crawl(client).values():
        if "?q=" in page.url:  # what is found is torn by <mark>; it stands whole on its own page
            continue
        for text in page.texts:
            for piece in filter(None, NOT_WORDS.split(OWN_ADDRESS.sub("", text))):
                pieces += 1
                if pattern.sub("", piece):
                    strange.setdefault(piece, page.url)
    counts["text pieces held against the source"] += pieces
    assert strange == {}
