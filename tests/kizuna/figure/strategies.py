"""Random plans for the figure: up to 40 × 40 goals and 200 parts, with titles that nobody would print."""

from random import Random

from hypothesis import strategies as st

from kizuna.figure.graph import Goal, Graph, Link, Part, Side

LETTERS = (
    "福祉地域支援体制充実推進障者児護々"
    "のがをにはでことまちづくりあうっゃょぁ"
    "ボランティアセンターュッヵ"
    "ﾎﾞﾗﾝﾃｨｱ｡｢｣ABCWMxyz0189 \u3000-_/"
    "、。，．・：；？！（）「」『』【】～ー…①⑮㊿％"
    "\t\n\x00\x07\x1b\x85\ud800\udfff\ufffe\uffff\u200b\u202e"
)
PIECES = (
    *LETTERS,
    "👨‍👩‍👧‍👦",
    "👍🏽",
    "🇯🇵",
    "か\u3099",
    "葛\U000e0100",
    "❤\ufe0f",
    "é",
    "<script>",
    "]]>",
    "&amp;",
    "\"'",
)

titles = st.lists(st.sampled_from(PIECES), min_size=1, max_size=80).map(lambda pieces: "".join(pieces)[:80])
ideals = st.lists(titles, max_size=4).map(tuple)


@st.composite
def sides(draw: st.DrawFn, kind: str) -> Side:
    random = Random(draw(st.integers(0, 2**32)))  # noqa: S311 (plans, not secrets)
    pool = draw(st.lists(titles, min_size=1, max_size=12))
    numbers = sorted(random.sample(range(120), draw(st.integers(0, 40))))
    parts_left = draw(st.integers(0, 100))
    goals = []
    for number in numbers:
        count = min(parts_left, random.choice((0, 1, 2, 3, 3, 7, 20)))
        parts_left -= count
        parts = tuple(_part(kind, index, random, pool) for index in range(1, count + 1))
        subtitle = random.choice(pool) if kind == "kizuna" else ""
        goals.append(Goal(number, random.choice(pool), f"/{kind}/{number}/?a=1&b=<2>", parts, subtitle))
    name, goal_label, part_label, ideal_label = (random.choice(pool) for _ in range(4))
    return Side(name, draw(ideals), goal_label, part_label, ideal_label, f"/{kind}/", tuple(goals))


def _part(kind: str, index: int, random: Random, pool: list[str]) -> Part:
    title, own_plan = random.choice(pool), ""
    if random.random() < 0.1:
        own_plan = random.choice(pool)
        title += f"（{own_plan}）"
    mark = f"({index})" if kind == "city" else chr(0x2460 + index % 20)
    return Part(mark, title, f"/{kind}/part/{index}/", own_plan, random.random() < 0.7)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    city, kizuna = draw(sides("city")), draw(sides("kizuna"))
    random = Random(draw(st.integers(0, 2**32)))  # noqa: S311 (plans, not secrets)
    pairs = [(goal.number, across.number) for goal in city.goals for across in kizuna.goals]
    chosen = random.sample(pairs, min(len(pairs), draw(st.integers(0, 60))))
    links = tuple(Link(goal, across, random.random() < 0.7, random.random() < 0.3) for goal, across in chosen)
    return Graph(draw(titles), draw(titles), city, kizuna, links)
