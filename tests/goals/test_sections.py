import pytest

from goals.sections import section_tree
from tests.factories import PlanFactory, PlanSectionFactory
from tests.plan_portal.crawler import read

pytestmark = pytest.mark.django_db


def test_sections_stand_in_a_tree_by_one_query(django_assert_num_queries):
    plan = PlanFactory()
    chapter = PlanSectionFactory(plan=plan, position=1, heading="章")
    second = PlanSectionFactory(parent=chapter, position=2, heading="二")
    PlanSectionFactory(parent=chapter, position=1, heading="一")
    PlanSectionFactory(parent=second, position=1, heading="二の一")
    PlanSectionFactory()
    with django_assert_num_queries(1):
        tree = section_tree(plan)
    assert [(node.section.heading, node.level) for node in tree] == [("章", 1)]
    assert [(node.section.heading, node.level) for node in tree[0].children] == [("一", 2), ("二", 2)]
    assert [node.section.heading for node in tree[0].children[1].children] == ["二の一"]


def test_a_plan_with_several_chapters_is_readable(client):
    plan = PlanFactory(municipality="登別市")
    for position in (1, 2):
        chapter = PlanSectionFactory(plan=plan, position=position, heading=f"第{position}の章")
        PlanSectionFactory(parent=chapter, position=1, heading=f"節{position}")
    page = read(client, "/plan/")
    contents, *chapters, about, _, _, _ = page.headings[1:]
    assert (page.headings[0], contents, about) == ("h1", "h2", "h2")
    assert chapters == ["h2", "h3", "h2", "h3"]
    assert [heading in page.text for heading in ("第1の章", "節1", "第2の章", "節2")] == [True] * 4


def test_a_plan_without_text_says_so(client):
    PlanFactory(municipality="登別市")
    assert "本文は、まだ登録されていません。" in client.get("/plan/").content.decode()
