from dataclasses import replace
from html.parser import HTMLParser

from kizuna.figure.graph import Goal, Graph, Link, Side
from kizuna.figure.miniature import HEIGHT, miniature
from kizuna.figure.reading import as_table, choices, in_words


def side(name, numbers):
    goals = tuple(Goal(number, f"{name}<目標>&{number}", f"/{name}/{number}/", ()) for number in numbers)
    return Side(f"{name}（組織）", ("理念",), "基本目標", "取組", "基本理念", "/", goals)


GRAPH = Graph("図１", "関係", side("市", (1, 2, 8)), side("社", (1, 2)), (Link(1, 2), Link(1, 1), Link(8, 2)))


class Text(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.rows = [[]]
        self.feed(html)

    def handle_starttag(self, tag, _attributes):
        if tag in {"tr", "li"}:
            self.rows.append([])

    def handle_data(self, data):
        self.rows[-1].append(data)


def texts(html):
    return ["".join(row) for row in Text(html).rows if row]


def test_the_words_name_every_link_and_every_goal_without():
    assert texts(in_words(GRAPH)) == [
        "1市<目標>&1",
        "社1 社<目標>&1",
        "社2 社<目標>&2",
        "2市<目標>&2連携 確認待ち",
        "8市<目標>&8",
        "社2 社<目標>&2",
    ]


def test_the_table_has_a_cell_for_every_pair():
    assert texts(as_table(GRAPH)) == [
        "基本目標1 社<目標>&12 社<目標>&2",
        "1市<目標>&1連携連携",
        "2市<目標>&2－登録なし－登録なし",
        "8市<目標>&8－登録なし連携",
    ]


def test_the_choices_lead_to_every_goal_and_mark_the_present_one():
    city, kizuna = choices(GRAPH, stressed_goal=2)
    assert texts(city) == ["すべて", "1市<目標>&1", "2市<目標>&2", "8市<目標>&8"]
    assert texts(kizuna) == ["1社<目標>&1", "2社<目標>&2"]
    assert (city + kizuna).count("aria-current") == 1
    assert '<a href="?goal=2" aria-current="true">' in city
    assert '<a href="?kizuna=1" aria-current="true">' in choices(GRAPH, stressed_kizuna=1)[1]
    assert '<a href="." aria-current="true">' in choices(GRAPH)[0]


def test_every_text_is_escaped():
    for html in (in_words(GRAPH), as_table(GRAPH), *choices(GRAPH)):
        assert "<目標>" not in html
        assert "&lt;" in html


def test_the_eighth_goal_has_the_first_colour():
    assert 'data-goal="1"><span class="num">8</span>' in in_words(GRAPH)


def test_the_miniature_has_a_line_for_every_link_with_its_own_ends():
    lines = miniature(GRAPH)
    assert len(lines) == len(GRAPH.links)
    assert len({line.path for line in lines}) == len(lines)
    for line in lines:
        starts, ends = float(line.path.split(" ")[1].split("C")[0]), float(line.path.rsplit(" ", 1)[1])
        assert 0 < starts < HEIGHT
        assert 0 < ends < HEIGHT


def test_no_links_no_lines():
    assert miniature(Graph("図１", "関係", side("市", (1,)), side("社", ()))) == []


def test_what_waits_for_the_city_says_so_in_words_and_in_the_table():
    waiting = replace(GRAPH, links=(Link(1, 1), Link(1, 2, agreed=False)))
    assert texts(in_words(waiting))[1:3] == ["社1 社<目標>&1", "社2 社<目標>&2 確認待ち"]
    assert texts(as_table(waiting))[1].endswith("連携確認待ち")
