from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from initiatives.models import Department, Initiative
from tests.factories import BasicGoalFactory, DepartmentFactory, InitiativeFactory, LinkagePairFactory, PlanFactory

pytestmark = pytest.mark.django_db

APRIL, MARCH = date(2026, 4, 1), date(2027, 3, 31)


def same_name_and_day():
    department = DepartmentFactory(valid_from=APRIL)
    return DepartmentFactory.build(name=department.name, valid_from=APRIL)


def second_undated():
    return DepartmentFactory.build(name=DepartmentFactory().name)


def own_past():
    department = DepartmentFactory()
    department.replaces = department
    return department


def same_number():
    initiative = InitiativeFactory()
    return InitiativeFactory.build(goal=initiative.goal, number=initiative.number)


CONSTRAINTS = {
    "department_one_per_name_and_day": same_name_and_day,
    "department_one_undated_per_name": second_undated,
    "department_days_in_order": lambda: DepartmentFactory.build(valid_from=MARCH, valid_to=APRIL),
    "department_not_own_past": own_past,
    "department_sample_named": lambda: DepartmentFactory.build(is_sample=True),
    "department_name_given": lambda: DepartmentFactory.build(name=""),
    "initiative_one_per_number": same_number,
    "initiative_number_from_1": lambda: InitiativeFactory.build(goal=BasicGoalFactory(), number=0),
    "initiative_title_given": lambda: InitiativeFactory.build(goal=BasicGoalFactory(), title="", title_ruby=""),
}


def test_department_name_may_return_at_another_day():
    first = DepartmentFactory(name="福祉グループ", valid_from=APRIL)
    second = DepartmentFactory(name="福祉グループ", valid_from=MARCH)
    undated = DepartmentFactory(name="福祉グループ")
    for row in (first, second, undated):
        row.full_clean()
    assert set(Department.objects.in_order()) == {first, second, undated}


def test_department_open_ended_days():
    DepartmentFactory(valid_to=MARCH).full_clean()
    DepartmentFactory(valid_from=APRIL, valid_to=APRIL).full_clean()


def test_department_renamed_in_a_ring_is_refused():
    old = DepartmentFactory()
    middle = DepartmentFactory(replaces=old)
    new = DepartmentFactory(replaces=middle)
    new.full_clean()
    assert middle.replaced_by == new
    old.replaces = new
    with pytest.raises(ValidationError, match="輪になっています"):
        old.full_clean()


def test_department_is_replaced_once():
    old = DepartmentFactory()
    DepartmentFactory(replaces=old)
    with pytest.raises(IntegrityError), transaction.atomic():
        DepartmentFactory(replaces=old)


@pytest.mark.parametrize("phone", ["0143-85-0000", "0143850000"])
def test_department_phone(phone):
    DepartmentFactory(phone=phone).full_clean()


@pytest.mark.parametrize("phone", ["０１４３－８５－００００", "内線123", "-0143-85-00", "0143"])
def test_department_phone_refused(phone):
    with pytest.raises(ValidationError, match="数字と - で書いてください"):
        DepartmentFactory.build(phone=phone).full_clean()


def test_department_in_use_cannot_be_deleted():
    initiative = InitiativeFactory(department=DepartmentFactory())
    with pytest.raises(ProtectedError):
        initiative.department.delete()


def test_initiative_numbers_start_anew_under_each_goal():
    plan = PlanFactory()
    rows = [
        InitiativeFactory(goal=BasicGoalFactory(plan=plan, number=goal), number=number)
        for goal, number in ((2, 1), (1, 1))
    ]
    rows[0].full_clean()
    assert list(Initiative.objects.for_plan(plan).in_plan_order()) == rows[::-1]


def test_initiative_words():
    initiative = InitiativeFactory(goal__number=7, number=4, title="再犯防止等の推進", title_ruby="")
    assert str(initiative) == "取組7-(4) 再犯防止等の推進"
    assert (initiative.mark, initiative.label) == ("(4)", "取組7-(4)")
    assert Initiative(body="一\n\n二").paragraphs == ["一", "二"]


def test_initiative_reading_must_fit_the_title():
    with pytest.raises(ValidationError) as error:
        InitiativeFactory.build(goal=BasicGoalFactory(), title_ruby="{防災|ぼうさい}").full_clean()
    assert set(error.value.message_dict) == {"title_ruby"}


def test_initiative_in_a_pair_cannot_leave_its_goal():
    initiative = LinkagePairFactory().initiative
    initiative.full_clean()
    initiative.goal = BasicGoalFactory(plan=initiative.goal.plan)
    with pytest.raises(ValidationError, match="連携の組に入っています"):
        initiative.full_clean()


def test_initiative_without_pairs_may_move():
    initiative = InitiativeFactory()
    initiative.goal = BasicGoalFactory(plan=initiative.goal.plan)
    initiative.full_clean()


def test_initiative_search_text():
    initiative = InitiativeFactory(title="ﾎﾞﾗﾝﾃｨｱ", title_ruby="", body="本文", summary_easy="やさしい 文")
    assert initiative.search_text == "ぼらんていあ 本文 やさしい文"
