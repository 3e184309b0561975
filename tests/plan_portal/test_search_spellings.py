"""300 spellings of the plan's own words (spellings.csv): each finds the page where the words stand, on the first page of results.

None is written so in the plan: what is found, is found by folding.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from goals.models import Plan
from plan_portal.content import load_plan
from plan_portal.search.results import find
from plan_portal.search.views import PER_PAGE
from tests.constraints import our_models

pytestmark = pytest.mark.django_db
with Path(__file__).with_name("spellings.csv").open(encoding="utf-8", newline="") as file:
    SPELLINGS = list(csv.DictReader(file))


@pytest.fixture
def plan():
    load_plan()
    return Plan.objects.get()


def test_there_are_300_spellings_of_five_kinds():
    assert len({(row["typed"], row["address"]) for row in SPELLINGS}) == len(SPELLINGS) == 300
    kinds = Counter(row["kind"] for row in SPELLINGS)
    assert set(kinds) == {"全角・半角", "ひらがな・カタカナ", "長音", "旧字", "数字"}
    assert min(kinds.values()) >= 50


def test_none_is_written_so_in_the_plan(plan):
    written = "\n".join(
        text
        for model in our_models()
        for row in model.objects.values_list(
            *(field.name for field in model._meta.concrete_fields if field.name != "search_text")
        )
        for text in row
        if isinstance(text, str)
    )
    assert "包括的な支援体制の構築" in written
    assert [row["typed"] for row in SPELLINGS if row["typed"] in written] == []


def test_every_spelling_finds_its_page(plan, counts):
    lost = [
        row
        for row in SPELLINGS
        if row["address"] not in [result.url for result in find(plan, row["typed"]).results[:PER_PAGE]]
    ]
    counts["spellings found"] += len(SPELLINGS) - len(lost)
    assert lost == []


def test_the_page_shows_what_is_found_and_marks_it(client, plan):
    """Every tenth spelling, as a citizen sees it."""
    for row in SPELLINGS[::10]:
        page = client.get("/search/", {"q": row["typed"]}).content.decode()
        assert f'<a href="{row["address"]}">' in page, row
        if row["kind"] != "数字":  # numbers may stand in the label alone
            assert "<mark>" in page, row
