import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.figure.drawing import draw
from kizuna.figure.graph import Graph, Link
from kizuna.figure.layout import lay_out
from kizuna.figure.palette import CITY_IDEAL, FADED, GOAL_COLOURS, INK, KIZUNA, PAPER
from kizuna.figure.shapes import Box
from kizuna.figure.xml_text import legal
from tests.kizuna.figure.real_plan import CITY, all_links, real_graph
from tests.kizuna.figure.strategies import graphs

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.encode())  # noqa: S314 (our own drawing)


def without_spaces(text: str) -> str:
    return "".join(legal(text).split())


def drawn_text(element: ElementTree.Element) -> str:
    return without_spaces("".join(text.text or "" for text in element.iter(f"{SVG}text")))


def boxes_in_drawing_order(graph: Graph) -> Iterator[Box]:
    layout = lay_out(graph)
    yield from layout.ideals
    for band in layout.bands:
        yield from (band.goal, *band.parts)


def expected_texts(graph: Graph) -> Iterator[str]:
    yield from ("".join(side.ideal) for side in (graph.city, graph.kizuna))
    for side in (graph.city, graph.kizuna):
        for goal in side.goals:
            yield f"{goal.number}{goal.title}{goal.subtitle}"
            yield from (part.mark + part.title for part in goal.parts)


@settings(deadline=None, max_examples=60)
@given(graphs(), st.booleans(), st.none() | st.integers(0, 120), st.none() | st.integers(0, 120))
def test_any_plan_is_drawn_whole_and_well_formed(
    graph: Graph, standalone: bool, goal: int | None, kizuna_goal: int | None
) -> None:
    svg = draw(graph, standalone=standalone, stressed_goal=goal, stressed_kizuna=kizuna_goal)
    root = parsed(svg)
    links = list(root.iter(f"{SVG}a"))
    assert [drawn_text(link) for link in links] == [without_spaces(text) for text in expected_texts(graph)]
    assert [without_spaces(link.findtext(f"{SVG}title", "")) for link in links] == [
        without_spaces(box.name) for box in boxes_in_drawing_order(graph)
    ]
    assert draw(lay_out(graph), standalone=standalone, stressed_goal=goal, stressed_kizuna=kizuna_goal) == svg
    check_policy(root, svg)


def check_policy(root: ElementTree.Element, svg: str) -> None:
    """Nothing that `default-src 'none'` forbids, and nothing but the elements that we know."""
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "g", "a", "rect", "path", "text")
    }
    assert not any(name == "style" or name.startswith("on") for element in root.iter() for name in element.attrib)
    assert "<?xml-stylesheet" not in svg


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "\"' onload='x",
        "]]>",
        "<!--",
        "&lt;",
        "a\x00\x1b[0m\ufffe\uffff\ud800b",
        "<![CDATA[",
    ],
)
def test_hostile_text_is_only_text(hostile: str) -> None:
    goal = replace(CITY.goals[0], title=hostile, url=hostile)
    graph = replace(real_graph(), city=replace(CITY, name=hostile, ideal=(hostile,), goals=(goal, *CITY.goals[1:])))
    svg = draw(replace(graph, label=hostile, caption=hostile), id_prefix=hostile)
    root = parsed(svg)
    check_policy(root, svg)
    link = next(link for link in root.iter(f"{SVG}a") if link.get("class") == "f-box" and "1" in drawn_text(link)[:1])
    assert link.get("href") == legal(hostile)
    assert drawn_text(link) == "1" + without_spaces(hostile)


def test_the_same_data_gives_the_same_bytes() -> None:
    shuffled = real_graph(tuple(reversed(real_graph().links)))
    assert draw(shuffled) == draw(real_graph())


def root_of(graph: Graph, **options: int | bool) -> ElementTree.Element:
    return parsed(draw(graph, **options))  # type: ignore[arg-type]


def by_class(root: ElementTree.Element, css_class: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if css_class in element.get("class", "").split()]


def test_proposed_lines_are_dashed_and_say_so() -> None:
    root = root_of(real_graph((Link(1, 1), Link(2, 3, agreed=False))))
    agreed, proposed = by_class(root, "f-line")
    assert not by_class(agreed, "f-stroke")[0].get("stroke-dasharray")
    assert by_class(proposed, "f-stroke")[0].get("stroke-dasharray")
    assert "確認待ち" in proposed.findtext(f"{SVG}title", "")
    assert "連携" in drawn_text(by_class(root, "f-legend")[0])
    assert "確認待ち" in drawn_text(by_class(root, "f-legend")[0])


def test_samples_are_called_samples() -> None:
    root = root_of(real_graph())
    assert all("（見本）" in line.findtext(f"{SVG}title", "") for line in by_class(root, "f-line"))
    assert "（見本）" in drawn_text(by_class(root, "f-legend")[0])
    assert "見本" not in draw(real_graph(all_links()))


def test_no_links_is_said_in_the_picture_and_in_its_description() -> None:
    root = root_of(real_graph(()))
    assert "連携の線は確認待ちです" in drawn_text(root)
    assert "連携の線は確認待ちです" in root.findtext(f"{SVG}desc", "")
    assert not by_class(root, "f-line")


def test_a_stressed_goal_stands_out_with_what_it_is_linked_to() -> None:
    root = root_of(real_graph((Link(3, 3), Link(3, 5), Link(1, 3))), stressed_goal=3)
    clear = [band.get("class") for band in by_class(root, "f-band") if "f-off" not in band.get("class", "")]
    assert clear == ["f-band f-c3", "f-band f-k3", "f-band f-k5"]
    lines = by_class(root, "f-line")
    assert ["f-off" in line.get("class", "") for line in lines] == [True, False, False]
    faded_width, clear_width = (by_class(line, "f-stroke")[0].get("stroke-width", "") for line in lines[:2])
    assert float(faded_width) < float(clear_width)


def test_a_stressed_kizuna_goal_and_both() -> None:
    graph = real_graph((Link(3, 3), Link(3, 5), Link(1, 3)))
    faded_goals, faded_kizuna_goals, faded_lines = 5, 4, 1
    faded = draw(graph, stressed_kizuna=3).count("f-off")
    assert faded == faded_goals + faded_kizuna_goals + faded_lines
    both = root_of(graph, stressed_goal=3, stressed_kizuna=3)
    assert [line.get("class") for line in by_class(both, "f-line")][-1] == "f-line f-l3 f-r3"


def test_a_number_that_no_goal_has_stresses_nothing() -> None:
    assert draw(real_graph(), stressed_goal=99, stressed_kizuna=-1) == draw(real_graph())


def test_a_goal_without_links_stands_out_alone() -> None:
    root = root_of(real_graph(()), stressed_goal=2)
    assert len([band for band in by_class(root, "f-band") if "f-off" not in band.get("class", "")]) == 1


def test_a_file_of_its_own_has_a_declaration_and_a_ground() -> None:
    svg = draw(real_graph(), standalone=True)
    assert svg.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
    assert svg.count("f-paper") == 1
    assert "f-paper" not in draw(real_graph())


def test_ids_take_the_prefix() -> None:
    svg = draw(real_graph(), id_prefix="small")
    assert re.findall(r' id="([^"]+)"', svg) == ["small-title", "small-desc"]
    assert 'aria-labelledby="small-title small-desc"' in svg


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [*GOAL_COLOURS, KIZUNA, CITY_IDEAL, FADED])
def test_all_text_can_be_read_on_its_ground(colours: tuple[str, str]) -> None:
    dark, tint = colours
    assert min(contrast(dark, tint), contrast(dark, PAPER), contrast(INK, tint)) >= 4.5
