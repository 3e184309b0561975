import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from goals.models import BasicGoal, Plan, PlanSection
from plan_portal.foundation.choices import EditionState
from tests.factories import BasicGoalFactory, PlanFactory, PlanSectionFactory

pytestmark = pytest.mark.django_db


def same_slug():
    section = PlanSectionFactory()
    return PlanSectionFactory.build(plan=section.plan, slug=section.slug)


def same_position():
    section = PlanSectionFactory(parent=PlanSectionFactory())
    return PlanSectionFactory.build(parent=section.parent, position=section.position)


def same_chapter_position():
    section = PlanSectionFactory()
    return PlanSectionFactory.build(plan=section.plan, position=section.position)


def own_parent():
    section = PlanSectionFactory()
    section.parent = section
    return section


def section_with(**fields):
    return PlanSectionFactory.build(plan=PlanFactory(), **fields)


def second_current():
    return PlanFactory.build(municipality=PlanFactory().municipality, ordinal=4)


def same_ordinal():
    return PlanFactory.build(municipality=PlanFactory().municipality, ended=True)


def same_goal_number():
    goal = BasicGoalFactory()
    return BasicGoalFactory.build(plan=goal.plan, number=goal.number)


CONSTRAINTS = {
    "plan_one_per_ordinal": same_ordinal,
    "plan_one_current_per_municipality": second_current,
    "plan_period_in_order": lambda: PlanFactory.build(period_start=2026, period_end=2025),
    "plan_figure_whole": lambda: PlanFactory.build(figure_caption=""),
    "plan_state_known": lambda: PlanFactory.build(state="unknown"),
    "plan_ordinal_from_1": lambda: PlanFactory.build(ordinal=0),
    "plan_municipality_given": lambda: PlanFactory.build(municipality=""),
    "plan_name_given": lambda: PlanFactory.build(name=""),
    "plan_ideal_given": lambda: PlanFactory.build(ideal=""),
    "plan_section_one_per_slug": same_slug,
    "plan_section_one_per_position": same_position,
    "plan_section_one_chapter_per_position": same_chapter_position,
    "plan_section_figure_whole": lambda: section_with(figure_number=40),
    "plan_section_supplement_known": lambda: section_with(supplement="unknown"),
    "plan_section_not_own_parent": own_parent,
    "plan_section_position_from_1": lambda: section_with(position=0),
    "plan_section_heading_given": lambda: section_with(heading=""),
    "plan_section_slug_given": lambda: section_with(slug=""),
    "basic_goal_one_per_number": same_goal_number,
    "basic_goal_number_from_1": lambda: BasicGoalFactory.build(plan=PlanFactory(), number=1000),
    "basic_goal_title_given": lambda: BasicGoalFactory.build(plan=PlanFactory(), title="", title_ruby=""),
}


def test_figure_caption_without_number_is_refused():
    with pytest.raises(ValidationError, match="両方書くか、両方空に"):
        PlanFactory.build(figure_number=None).full_clean()
    with pytest.raises(ValidationError, match="両方書くか、両方空に"):
        section_with(figure_caption="地域共生社会のイメージ").full_clean()


@pytest.mark.parametrize(("start", "end"), [(None, None), (2026, None), (None, 2030), (2026, 2026), (2026, 2030)])
def test_plan_period_may_be_unknown_or_one_year(start, end):
    PlanFactory(period_start=start, period_end=end).full_clean()


def test_plan_next_edition_may_be_prepared_beside_the_current_one():
    plan = PlanFactory()
    PlanFactory(municipality=plan.municipality, ordinal=4, preparing=True).full_clean()
    PlanFactory(municipality=plan.municipality, ordinal=2, ended=True).full_clean()
    assert list(Plan.objects.current()) == [plan]
    assert [row.ordinal for row in Plan.objects.in_order()] == [2, 3, 4]


def test_plan_words():
    plan = PlanFactory(name="登別市地域福祉計画", period_start=2026, period_end=2030)
    assert str(plan) == plan.full_name == "第３期 登別市地域福祉計画"
    assert plan.figure_label == "図４１"
    assert plan.figure_title == "図４１ 登別市地域福祉計画・きずな計画の関係性"
    assert plan.period == "令和8年度（2026年度）から令和12年度（2030年度）まで"


def test_plan_without_figure_and_period():
    plan = PlanFactory(figure_number=None, figure_caption="", period_start=2026)
    assert plan.figure_label == plan.figure_title == "関係図"
    assert plan.period == ""


def test_plan_state_labels():
    assert PlanFactory().get_state_display() == "現行"
    assert EditionState.labels == ["準備中", "現行", "終了"]


def test_plan_with_content_cannot_be_deleted():
    goal = BasicGoalFactory()
    with pytest.raises(ProtectedError):
        goal.plan.delete()


@pytest.mark.parametrize(
    ("number", "heading", "title"),
    [
        ("１", "基本理念・方針", "１ 基本理念・方針"),
        ("（１）", "市民の役割", "（１）市民の役割"),
        ("", "ＳＤＧｓ", "ＳＤＧｓ"),
        ("図４１", "関係性", "図４１ 関係性"),
    ],
)
def test_section_title(number, heading, title):
    section = PlanSection(number=number, heading=heading)
    assert str(section) == section.title == title


def test_section_paragraphs():
    section = PlanSection(body="一\n続き\r\n\r\n二\n\n\n\n三\n")
    assert section.paragraphs == ["一\n続き", "二", "三"]
    assert PlanSection(body="").paragraphs == []


def test_section_figure_title():
    assert PlanSection().figure_title == ""
    assert PlanSection(figure_number=40, figure_caption="イメージ").figure_title == "図４０ イメージ"


def test_section_below_its_own_child_is_refused():
    top = PlanSectionFactory()
    middle = PlanSectionFactory(parent=top)
    bottom = PlanSectionFactory(parent=middle)
    for row in (top, middle, bottom):
        row.full_clean()
    top.parent = bottom
    with pytest.raises(ValidationError, match="この節の下にある節を、上の見出しにはできません。"):
        top.full_clean()


def test_section_below_another_plan_is_refused():
    section = PlanSectionFactory.build(plan=PlanFactory(), parent=PlanSectionFactory())
    with pytest.raises(ValidationError, match="同じ計画の中から"):
        section.full_clean()


def test_goal_cannot_move_to_another_plan():
    goal = BasicGoalFactory()
    goal.full_clean()
    goal.plan = PlanFactory()
    with pytest.raises(ValidationError, match="別の計画へ移すことはできません"):
        goal.full_clean()


@pytest.mark.parametrize("ruby", ["{目標|もくひょう}", "目標9のまちづくり", "{目標|mokuhyou}9のまちづくり", "{目標"])
def test_goal_reading_must_fit_the_title(ruby):
    goal = BasicGoalFactory.build(plan=PlanFactory(), title="目標9のまちづくり", title_ruby=ruby)
    with pytest.raises(ValidationError) as error:
        goal.full_clean()
    assert set(error.value.message_dict) == {"title_ruby"}


def test_goal_reading_may_be_unknown():
    BasicGoalFactory(title_ruby="").full_clean()


def test_goal_search_text_follows_every_save():
    goal = BasicGoalFactory(title="のびやかな人生", field="高齢者福祉", title_ruby="")
    assert goal.search_text == "のびやかな人生 高齢者福祉"
    goal.field = "ボランティア"
    goal.save(update_fields=["field"])
    assert BasicGoal.objects.get().search_text == "のびやかな人生 ぼらんていあ"


def test_goal_words():
    goal = BasicGoalFactory(number=4, title="やさしさに満ちたまちづくり", title_ruby="")
    assert str(goal) == "基本目標4 やさしさに満ちたまちづくり"
    assert list(BasicGoal.objects.for_plan(goal.plan).in_plan_order()) == [goal]
