from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings

from kizuna.figure.graph import Graph, Link
from kizuna.figure.layout import lay_out
from kizuna.figure.measure import TARGET
from kizuna.figure.shapes import Layout, Rectangle, Text
from tests.kizuna.figure.real_plan import CITY, all_links, real_graph
from tests.kizuna.figure.strategies import graphs

A_LITTLE = 0.01
A3_USABLE_MM = (400.0, 277.0)
POINTS_PER_MM = 72 / 25.4

PLANS = {"no line": real_graph(()), "13 lines": real_graph(), "35 lines": real_graph(all_links())}
real_plans = pytest.mark.parametrize("graph", PLANS.values(), ids=PLANS.keys())


def inside(inner: Rectangle | Text, outer: Rectangle) -> bool:
    left, right, top, bottom = (
        (inner.left, inner.right, inner.top, inner.bottom)
        if isinstance(inner, Text)
        else (inner.x, inner.right, inner.y, inner.bottom)
    )
    return (
        left >= outer.x - A_LITTLE
        and right <= outer.right + A_LITTLE
        and top >= outer.y - A_LITTLE
        and bottom <= outer.bottom + A_LITTLE
    )


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return (
        one.x < other.right - A_LITTLE
        and other.x < one.right - A_LITTLE
        and one.y < other.bottom - A_LITTLE
        and other.y < one.bottom - A_LITTLE
    )


def check_places(layout: Layout) -> None:
    whole = Rectangle(0, 0, layout.width, layout.height)
    boxes = [box for band in layout.bands for box in (band.goal, *band.parts)] + list(layout.ideals)
    places = [box.place for box in boxes] + [header.place for header in layout.headers]
    assert not [pair for pair in combinations(places, 2) if overlap(*pair)]
    assert all(inside(place, whole) for place in places)
    for band in layout.bands:
        assert all(inside(box.place, band.place) for box in (band.goal, *band.parts))
        assert all(inside(text, band.place) for text in band.note)
        assert not any(overlap(as_rectangle(text), box.place) for text in band.note for box in (band.goal, *band.parts))
    grounds = [band.place for band in layout.bands] + [layout.channel] + [box.place for box in layout.ideals]
    assert not [pair for pair in combinations(grounds, 2) if overlap(*pair)]


def as_rectangle(text: Text) -> Rectangle:
    return Rectangle(text.left, text.top, text.right - text.left, text.bottom - text.top)


def check_texts(layout: Layout) -> None:
    boxes = [box for band in layout.bands for box in (band.goal, *band.parts)] + list(layout.ideals)
    for box in boxes:
        assert all(inside(text, box.place) for text in box.texts), box.name
        assert not any(overlap(as_rectangle(mark), as_rectangle(text)) for mark in box.mark for text in box.title)
        title = [as_rectangle(text) for text in (*box.title, *box.subtitle)]
        assert box.kind == "ideal" or not any(overlap(*pair) for pair in pairwise(title))
    for header in layout.headers:
        assert all(inside(text, header.place) for text in header.texts)
    over_columns = Rectangle(0, 0, layout.width, layout.channel.y)
    assert all(inside(text, over_columns) for text in layout.labels)
    assert not any(overlap(as_rectangle(text), header.place) for text in layout.labels for header in layout.headers)
    legend_place = layout.legend.frame or Rectangle(layout.channel.x, 0, layout.channel.w, layout.channel.y)
    assert all(inside(text, legend_place) for text in layout.legend.texts)
    assert all(text.size >= 16 for box in boxes for text in box.texts)


def check_lines(layout: Layout) -> None:
    city = {band.number: band.goal.place for band in layout.bands if band.side == "city"}
    kizuna = {band.number: band.goal.place for band in layout.bands if band.side == "kizuna"}
    assert [line.link for line in layout.lines] == list(layout.graph.links)
    for line in layout.lines:
        near, far = city[line.link.goal], kizuna[line.link.kizuna_goal]
        assert line.x1 == near.right
        assert line.x2 == far.x
        assert near.y <= line.y1 <= near.bottom
        assert far.y <= line.y2 <= far.bottom
        assert line.bend1 < line.bend2
        for badge in (line.city_badge, line.kizuna_badge):
            assert inside(badge.place, layout.channel)
            assert inside(badge.text, badge.place)
    badges = [badge.place for line in layout.lines for badge in (line.city_badge, line.kizuna_badge)]
    assert not [pair for pair in combinations(badges, 2) if overlap(*pair)]


@settings(deadline=None, max_examples=80)
@given(graphs())
def test_any_plan_stands_in_its_place(graph: Graph) -> None:
    layout = lay_out(graph)
    check_places(layout)
    check_texts(layout)
    check_lines(layout)


@real_plans
def test_the_printed_plan_stands_in_its_place(graph: Graph) -> None:
    layout = lay_out(graph)
    check_places(layout)
    check_texts(layout)
    check_lines(layout)


@real_plans
def test_every_box_is_large_enough_for_a_finger(graph: Graph) -> None:
    boxes = [box for band in lay_out(graph).bands for box in (band.goal, *band.parts)]
    assert len(boxes) == 47
    assert min(min(box.place.h, box.place.w) for box in boxes) >= TARGET


@real_plans
def test_the_picture_fits_the_page_and_a_landscape_sheet(graph: Graph) -> None:
    layout = lay_out(graph)
    assert layout.width == 1232
    assert 1.1 <= layout.width / layout.height <= 1.45


@real_plans
def test_all_text_is_at_least_nine_points_on_a3(graph: Graph) -> None:
    layout = lay_out(graph)
    millimetres = min(A3_USABLE_MM[0] / layout.width, A3_USABLE_MM[1] / layout.height)
    sizes = [text.size for band in layout.bands for box in (band.goal, *band.parts) for text in box.texts]
    assert len(sizes) > 47
    assert min(sizes) * millimetres * POINTS_PER_MM >= 9


def lines_of(layout: Layout, mark: str, goal: int) -> list[str]:
    boxes = [box for band in layout.bands for box in band.parts if box.goal == goal and box.mark[0].value == mark]
    return [text.value for text in boxes[0].title]


def test_a_part_that_is_a_plan_has_its_name_on_its_own_line() -> None:
    assert lines_of(lay_out(real_graph()), "(4)", 7) == ["再犯防止等の推進", "（登別市再犯防止推進計画）"]


def test_titles_break_between_phrases() -> None:
    layout = lay_out(real_graph())
    assert lines_of(layout, "(2)", 6) == ["男女があらゆる分野に", "参画することができる社会の実現"]
    goals = {band.goal.name: [text.value for text in band.goal.title] for band in layout.bands}
    assert goals["基本目標4 やさしさに満ちたまちづくり"] == ["やさしさに", "満ちたまちづくり"]


def test_goals_and_parts_are_named_in_full() -> None:
    names = [box.name for band in lay_out(real_graph()).bands for box in (band.goal, *band.parts)]
    assert "基本目標1 共に支え合うまちづくり" in names
    assert "きずな計画 基本目標2 きずなを護り強める" in names
    assert "取組 1-(2) 包括的な支援体制の構築" in names
    assert "基本計画 ⑦ 孤立させない地域づくりの推進" in names


def test_lines_name_both_ends_and_their_state() -> None:
    layout = lay_out(real_graph((Link(1, 2, agreed=False, sample=True),)))
    assert layout.lines[0].name == (
        "基本目標1 共に支え合うまちづくり と きずな計画 基本目標2 きずなを護り強める（確認待ち）（見本）"
    )


def test_groups_with_unconfirmed_parts_say_so() -> None:
    notes = ["".join(text.value for text in band.note) for band in lay_out(real_graph()).bands]
    assert [note for note in notes if note] == [
        "④～⑥の所属は確認待ち",
        "⑦・⑧の所属は確認待ち",
        "⑨・⑩の所属は確認待ち",
        "⑪～⑮の所属は確認待ち",
    ]


def test_a_gap_among_unconfirmed_parts_is_not_written_as_a_range() -> None:
    graph = real_graph()
    goal = graph.kizuna.goals[4]
    parts = tuple(replace(part, placement_confirmed=part.mark == "⑬") for part in goal.parts)
    kizuna = replace(graph.kizuna, goals=(*graph.kizuna.goals[:4], replace(goal, parts=parts)))
    note = lay_out(replace(graph, kizuna=kizuna)).bands[-1].note
    assert "".join(text.value for text in note) == "⑪・⑫・⑭・⑮の所属は確認待ち"


def test_ends_stand_in_the_order_of_the_other_side() -> None:
    layout = lay_out(real_graph(all_links()))
    for goal in layout.graph.city.goals:
        mine = [line for line in layout.lines if line.link.goal == goal.number]
        assert all(one.y1 < other.y1 for one, other in pairwise(mine))
    for across in layout.graph.kizuna.goals:
        mine = [line for line in layout.lines if line.link.kizuna_goal == across.number]
        assert all(one.y2 < other.y2 for one, other in pairwise(mine))


def test_a_long_ideal_takes_more_columns_and_widens_its_box() -> None:
    graph = real_graph()
    long_side = replace(CITY, ideal=("温もりある福祉のまち" * 12,))
    short, long = lay_out(graph), lay_out(replace(graph, city=long_side))
    assert long.ideals[0].place.w > short.ideals[0].place.w
    assert long.width > short.width
    check_texts(long)
    check_places(long)


def test_vertical_writing_turns_brackets_and_leaves_a_gap_for_a_space() -> None:
    glyphs = lay_out(real_graph()).ideals[0].title
    assert [text.value for text in glyphs if text.turned] == ["『", "』"]
    places = {text.value: text.y for text in glyphs}
    steps = places["の"] - places["ち"], places["ぼ"] - places["の"]
    assert steps[0] == pytest.approx(2 * steps[1])


def test_without_lines_the_picture_says_so() -> None:
    legend = lay_out(real_graph(())).legend
    assert "".join(text.value for text in legend.texts) == "連携の線は確認待ちです"
    assert legend.frame
