"""The picture that is shown where a page is shared."""

from io import BytesIO
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from PIL import Image

from kizuna.figure.graph import Graph, Link
from kizuna.figure.palette import GOAL_COLOURS
from kizuna.figure.preview import HEIGHT, WIDTH, lay_out_preview, preview_png
from tests.kizuna.figure.real_plan import SAMPLE_PAIRS, all_links, real_graph
from tests.kizuna.figure.strategies import graphs

AGREED = tuple(Link(goal, across) for goal, across in SAMPLE_PAIRS)
PLANS = {"no line": real_graph(()), "13 lines": real_graph(AGREED), "35 lines": real_graph(all_links())}
real_plans = pytest.mark.parametrize("graph", PLANS.values(), ids=PLANS.keys())
MOST_BYTES = 60_000
BESIDE_THE_CITY, BESIDE_KIZUNA = 399, WIDTH - 400


def picture(graph: Graph) -> Image.Image:
    return Image.open(BytesIO(preview_png(graph))).convert("RGB")


def lines_across(image: Image.Image, x: int) -> int:
    """How many times a column of pixels goes from paper into ink, above the place of 見本."""
    dark = [sum(image.getpixel((x, y))) < 500 for y in range(HEIGHT - 56)]
    return sum(not above and here for above, here in pairwise(dark))


@real_plans
def test_a_line_is_drawn_for_every_link_from_goal_to_goal(graph):
    assert lines_across(picture(graph), BESIDE_THE_CITY) == len(graph.links)
    assert lines_across(picture(graph), BESIDE_KIZUNA) == len(graph.links)


@real_plans
def test_every_line_leaves_its_goal_and_arrives_at_its_goal(graph):
    preview = lay_out_preview(graph)
    goals = [bar for bar in preview.bars if bar.number]
    city, kizuna = goals[: len(graph.city.goals)], goals[len(graph.city.goals) :]
    assert len(preview.curves) == len(graph.links)
    for link, curve in zip(graph.links, preview.curves, strict=True):
        (x1, y1), (x2, y2) = curve.points[0], curve.points[-1]
        left, right = city[link.goal - 1].box, kizuna[link.kizuna_goal - 1].box
        assert (x1, x2) == (left[2], right[0])
        assert left[1] < y1 < left[3]
        assert right[1] < y2 < right[3]
        assert curve.colour == GOAL_COLOURS[link.goal - 1].dark
        assert all(near < far for (near, _), (far, _) in pairwise(curve.points))


@real_plans
def test_both_plans_stand_whole_and_apart(graph):
    bars = lay_out_preview(graph).bars
    assert [bar.number for bar in bars if bar.number] == [*"1234567", *"12345"]
    assert sum(not bar.number for bar in bars) == 20 + 15
    for one, other in combinations([bar.box for bar in bars], 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@real_plans
def test_it_is_small_and_always_the_same(graph):
    first = preview_png(graph)
    preview_png.cache_clear()
    assert preview_png(graph) == first
    assert len(first) < MOST_BYTES
    assert picture(graph).size == (WIDTH, HEIGHT)


def test_it_is_drawn_once_for_the_same_graph():
    preview_png.cache_clear()
    preview_png(real_graph())
    preview_png(real_graph())
    assert (preview_png.cache_info().misses, preview_png.cache_info().hits) == (1, 1)


def test_samples_are_marked():
    foot = (500, HEIGHT - 56, 700, HEIGHT)
    paper = [(255, 255)] * 3
    assert picture(real_graph(AGREED)).crop(foot).getextrema() == tuple(paper)
    marked = picture(real_graph()).crop(foot)
    assert marked.getextrema() != tuple(paper)
    assert lines_across(picture(real_graph()), BESIDE_THE_CITY) == len(SAMPLE_PAIRS)


@settings(max_examples=100)
@given(graphs())
def test_any_plan_stays_within_the_picture(graph: Graph) -> None:
    preview = lay_out_preview(graph)
    assert len(preview.curves) == len(graph.links)
    for left, top, right, bottom in (bar.box for bar in preview.bars):
        assert 0 <= left < right <= WIDTH
        assert 0 <= top < bottom <= HEIGHT
    for curve in preview.curves:
        assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in curve.points)


@settings(max_examples=8)
@given(graphs())
def test_any_plan_can_be_drawn(graph: Graph) -> None:
    assert preview_png(graph).startswith(b"\x89PNG")
