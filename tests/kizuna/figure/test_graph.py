from dataclasses import replace

import pytest

from kizuna.figure.graph import Goal, Graph, Link, Part, Side
from tests.kizuna.figure.real_plan import CITY, KIZUNA, real_graph


def numbers(goals: tuple[Goal, ...]) -> list[int]:
    return [goal.number for goal in goals]


def test_links_are_sorted_whatever_order_they_came_in() -> None:
    graph = real_graph((Link(7, 1), Link(1, 5), Link(1, 2)))
    assert [(link.goal, link.kizuna_goal) for link in graph.links] == [(1, 2), (1, 5), (7, 1)]


def test_the_same_links_in_another_order_make_the_same_graph() -> None:
    assert real_graph((Link(7, 1), Link(1, 5))) == real_graph((Link(1, 5), Link(7, 1)))


def test_linked_goals_are_found_from_either_side() -> None:
    graph = real_graph((Link(1, 4), Link(1, 2), Link(3, 2)))
    assert numbers(graph.linked_kizuna_goals(1)) == [2, 4]
    assert numbers(graph.linked_goals(2)) == [1, 3]
    assert graph.linked_kizuna_goals(7) == ()
    assert graph.linked_goals(99) == ()


def test_rows_are_a_table_of_seven_by_five() -> None:
    rows = real_graph((Link(3, 5),)).rows()
    assert numbers(tuple(row.goal for row in rows)) == [1, 2, 3, 4, 5, 6, 7]
    assert {len(row.links) for row in rows} == {5}
    assert [link for row in rows for link in row.links if link] == [rows[2].links[4]]


def test_agreed_only_drops_proposals() -> None:
    graph = real_graph((Link(1, 1), Link(2, 2, agreed=False)))
    assert graph.has_waiting
    assert graph.agreed_only() == real_graph((Link(1, 1),))
    assert not graph.agreed_only().has_waiting


def test_samples_are_known() -> None:
    assert real_graph().has_sample
    assert not real_graph((Link(1, 1),)).has_sample


def test_unconfirmed_places_are_known() -> None:
    assert real_graph().has_unconfirmed_placement
    assert KIZUNA.goals[0].unconfirmed_parts == ()
    assert [part.mark for part in KIZUNA.goals[1].unconfirmed_parts] == ["④", "⑤", "⑥"]


@pytest.mark.parametrize("link", [Link(8, 1), Link(1, 6), Link(0, 0)])
def test_a_link_to_no_goal_is_refused(link: Link) -> None:
    with pytest.raises(ValueError, match="does not have"):
        real_graph((link,))


def test_a_pair_linked_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="more than once"):
        real_graph((Link(1, 1), Link(1, 1, agreed=False)))


def test_a_number_used_twice_on_a_side_is_refused() -> None:
    with pytest.raises(ValueError, match="same number"):
        Graph("図４１", "", replace(CITY, goals=(CITY.goals[0], CITY.goals[0])), KIZUNA)


def test_numbers_may_have_gaps() -> None:
    goals = tuple(Goal(number, "題", "/", ()) for number in (12, 30))
    side = Side("計画", (), "基本目標", "取組", "基本理念", "/", goals)
    graph = Graph("図３８", "", side, side, (Link(30, 12),))
    assert numbers(graph.linked_kizuna_goals(30)) == [12]


def test_a_part_that_is_a_plan_has_a_short_title() -> None:
    part = CITY.goals[6].parts[3]
    assert part.short_title == "再犯防止等の推進"
    assert Part("(1)", "推進", "/", own_plan="別の計画").short_title == "推進"


def test_the_short_name_leaves_out_the_organisation() -> None:
    assert KIZUNA.short_name == "きずな計画"
    assert replace(KIZUNA, name="（社協）").short_name == "（社協）"
