"""The printed chapter: the source with its lines joined, and the same text put together from the database."""

import csv
import re
from itertools import chain
from pathlib import Path

from django.conf import settings

from goals.models import Plan, PlanSection
from initiatives.models import Initiative
from kizuna.models import KizunaGoal, KizunaItem, KizunaPlan
from plan_portal.foundation.numerals import full_stop

SOURCES = Path(settings.BASE_DIR) / "fixtures" / "source"
SOURCE_TEXT = (SOURCES / "plan-chapter-4.txt").read_text(encoding="utf-8")
SECTIONS = ["c4", "s1", "s2", "s3", "s3-1", "s3-2", "s3-3", "s3-4", "s4", "s4-figure", "s4-sdgs"]

# What stands in the source and in no field of the database: the headings of the tables' columns.
GOALS_TABLE_HEAD = "基本目標 主な取り組み分野"
CITY_COLUMNS = "基 本 目 標 目標達成のための取組基本理念"
LAST_KIZUNA_COLUMN = " 基本理念"  # before it stand the labels of goals and items, letter by letter


def joined(text: str) -> str:
    """The lines put together: no line feeds, no space where a page begins, one space between two ASCII words."""
    whole = ""
    for line in text.split("\n"):
        whole = beginning_of_next(whole, line) + line.lstrip(" ")
    return whole


def beginning_of_next(whole: str, line: str) -> str:
    """What is joined already, ready to take the next line."""
    between = whole[-1:] + line[:1]
    return whole + " " if len(between) == 2 and between.isascii() and between.isalpha() else whole


def line_borders(text: str) -> set[int]:
    """The places in the joined text where a line of the source begins or ends."""
    borders, whole = {0}, ""
    for line in text.split("\n"):
        whole = beginning_of_next(whole, line)
        borders.add(len(whole))
        whole += line.lstrip(" ")
        borders.add(len(whole))
    return borders


def rows_of(name: str) -> list[dict[str, str]]:
    with (SOURCES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


SOURCE = joined(SOURCE_TEXT)


def titled_rows(plan: Plan) -> list:
    """Goals, initiatives, kizuna goals and kizuna items in the order of the figure: the 47 titles."""
    return [
        *plan.goals.in_plan_order(),
        *Initiative.objects.in_plan_order(),
        *KizunaGoal.objects.in_plan_order(),
        *KizunaItem.objects.in_plan_order(),
    ]


def sentences(text: str) -> list[str]:
    return [part + "。" for part in text.replace("\n", "").split("。")[:-1]]


def spaced(label: str) -> str:
    """基 本 計 画, as the columns of the figure are headed."""
    return " ".join(label)


def body(section: PlanSection) -> str:
    return "".join(section.paragraphs)


def columns_of_ideal() -> list[str]:
    """The city's ideal is printed upright: a character a line, an empty line between its two columns."""
    block = re.search(r"^『\n.*?^』$", SOURCE_TEXT, re.MULTILINE | re.DOTALL)
    return [column.replace("\n", "") for column in block[0].split("\n\n")]


def running_text(sections) -> list[str]:
    """The source up to the goals' table, from the database. 第４章 is printed at the foot of its page's text."""
    c4, s1 = sections["c4"], sections["s1"]
    to_roles = (sections[slug] for slug in ("s2", "s3", "s3-1", "s3-2", "s3-3", "s3-4", "s4"))
    return [
        c4.heading,
        s1.title,
        body(s1),
        c4.number,
        s1.figure_title,
        s1.figure_credit,
        *chain.from_iterable((section.title, body(section)) for section in to_roles),
    ]


def goals_table(plan) -> list[str]:
    """Title, one space, field; the title of goal 5 takes two lines, which left no space before its field."""
    return [
        full_stop(goal.number) + goal.title + ("" if goal.number == 5 else " ") + goal.field
        for goal in plan.goals.in_plan_order()
    ]


def city_side(plan) -> list[str]:
    initiatives = Initiative.objects.for_plan(plan).in_plan_order()
    return [
        *(full_stop(goal.number) + goal.title for goal in plan.goals.in_plan_order()),
        plan.ideal.replace("　", ""),
        *(initiative.mark + initiative.title for initiative in initiatives),
        CITY_COLUMNS,
        f"{plan.name}（{plan.municipality}）",
    ]


def kizuna_side(kizuna_plan) -> list[str]:
    """The column headings stand in the middle, because the first goal and its items are printed above the others."""
    goals = [full_stop(goal.number) + goal.title + goal.subtitle for goal in kizuna_plan.goals.in_plan_order()]
    items = [item.mark + item.title for item in kizuna_plan.items.in_plan_order()]
    return [
        goals[0],
        kizuna_plan.ideal,
        *items[:3],
        spaced(kizuna_plan.goal_label) + spaced(kizuna_plan.item_label) + LAST_KIZUNA_COLUMN,
        *goals[1:],
        *items[3:],
        f"{kizuna_plan.name}（{kizuna_plan.organisation}）",
    ]


def sdg_list(plan) -> list[str]:
    """The eight are printed in two columns, read across: 1 10, 3 11, 4 16, 5 17; a space where both fit one line."""
    names = dict(plan.plan_sdgs.values_list("sdg__number", "sdg__name"))
    order = [(1, " "), (10, ""), (3, ""), (11, ""), (4, " "), (16, ""), (5, ""), (17, "")]
    return [names.pop(number) + space for number, space in order] + list(names.values())


def rebuilt(plan) -> str:
    """The whole source, made from nothing but the database and the headings of the tables' columns."""
    sections = {section.slug: section for section in plan.sections.all()}
    figure, sdgs = sections["s4-figure"], sections["s4-sdgs"]
    return "".join(
        [
            *running_text(sections),
            GOALS_TABLE_HEAD,
            *goals_table(plan),
            figure.title,
            body(figure),
            *city_side(plan),
            *kizuna_side(KizunaPlan.objects.for_plan(plan).get()),
            body(sdgs),
            *sdg_list(plan),
        ]
    )
