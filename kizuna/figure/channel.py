"""The channel between the two plans: the lines, the numbers at their ends, and what they mean."""

from collections.abc import Iterable, Mapping, Sequence

from kizuna.figure.graph import Graph, Link
from kizuna.figure.measure import BADGE, END_STEP, END_STEP_MOST, ENDS_MARGIN, LEAD
from kizuna.figure.shapes import ASCENT, TEXT, Badge, Band, Connector, Legend, Rectangle, Sample, Text
from plan_portal.foundation.phrases import cells, wrap

BADGE_GAP = 5.0  # before the badge and after it
BADGE_PAD = 4.0
SAMPLE = 26.0  # length of a line in the legend: three dashes
LEGEND_GAP = 10.0
FRAME_PAD = 10.0
NO_LINKS = "連携の線は確認待ちです"


def connectors(
    links: Sequence[Link], city_bands: Sequence[Band], kizuna_bands: Sequence[Band]
) -> tuple[Connector, ...]:
    """A line for each link. On both sides the ends stand in the order of the other side, so fewer lines cross."""
    city = {band.number: (order, band) for order, band in enumerate(city_bands)}
    kizuna = {band.number: (order, band) for order, band in enumerate(kizuna_bands)}
    city_ends: dict[int, list[int]] = {number: [] for number in city}
    kizuna_ends: dict[int, list[int]] = {number: [] for number in kizuna}
    for link in links:
        city_ends[link.goal].append(link.kizuna_goal)
        kizuna_ends[link.kizuna_goal].append(link.goal)
    city_y = {number: _ends(city[number][1], far, kizuna) for number, far in city_ends.items()}
    kizuna_y = {number: _ends(kizuna[number][1], far, city) for number, far in kizuna_ends.items()}
    return tuple(
        _connector(
            link,
            city[link.goal][1],
            kizuna[link.kizuna_goal][1],
            city_y[link.goal][link.kizuna_goal],
            kizuna_y[link.kizuna_goal][link.goal],
        )
        for link in links
    )


def _ends(band: Band, far_goals: Sequence[int], far_bands: Mapping[int, tuple[int, Band]]) -> dict[int, float]:
    """For each goal at the far ends the y of the near end: evenly about the middle of this band's goal."""
    place, count = band.goal.place, len(far_goals)
    step = max(END_STEP, min(END_STEP_MOST, (place.h - 2 * ENDS_MARGIN) / max(1, count)))
    first = place.y + place.h / 2 - (count - 1) / 2 * step
    in_order = sorted(far_goals, key=lambda number: far_bands[number][0])
    return {number: first + index * step for index, number in enumerate(in_order)}


def _connector(link: Link, city: Band, kizuna: Band, y1: float, y2: float) -> Connector:
    x1, x2 = city.goal.place.right, kizuna.goal.place.x
    city_badge = _badge(str(link.kizuna_goal), x1 + BADGE_GAP, y1)
    kizuna_badge = _badge(str(link.goal), x2 - BADGE_GAP, y2, leftwards=True)
    marks = ("" if link.agreed else "（確認待ち）") + ("（見本）" if link.sample else "")
    return Connector(
        link,
        f"{city.goal.name} と {kizuna.goal.name}{marks}",
        x1,
        y1,
        city_badge.place.right + BADGE_GAP,
        kizuna_badge.place.x - BADGE_GAP,
        x2,
        y2,
        city_badge,
        kizuna_badge,
    )


def _badge(number: str, x: float, y: float, *, leftwards: bool = False) -> Badge:
    width = max(BADGE, cells(number) * TEXT + 2 * BADGE_PAD)
    place = Rectangle(x - width if leftwards else x, y - BADGE / 2, width, BADGE)
    baseline = y + (ASCENT - 0.5) * TEXT
    return Badge(place, Text(place.centre_x, baseline, number, cells(number), anchor="middle", bold=True))


def legend(graph: Graph, channel: Rectangle) -> Legend:
    """Only what is in the picture: a dashed sample where a link is proposed, 見本 where one is."""
    if not graph.links:
        return _no_links(channel)
    title = "連携の線（見本）" if graph.has_sample else "連携の線"
    entries = [("連携", False), ("確認待ち", True)] if graph.has_waiting else [("連携", False)]
    rows = (_baseline(2), _baseline(2 + LEAD), _baseline(2 + 2 * LEAD))
    width = sum(SAMPLE + 6 + cells(word) * TEXT for word, _ in entries) + LEGEND_GAP * (len(entries) - 1)
    x = channel.centre_x - width / 2
    texts = [_middle(channel, rows[0], title, bold=True), _middle(channel, rows[2], "数字は相手の番号")]
    samples = []
    for word, dashed in entries:
        samples.append(Sample(x, x + SAMPLE, rows[1] - 0.36 * TEXT, dashed))
        texts.append(Text(x + SAMPLE + 6, rows[1], word, cells(word)))
        x += SAMPLE + 6 + cells(word) * TEXT + LEGEND_GAP
    return Legend(tuple(texts), tuple(samples))


def _no_links(channel: Rectangle) -> Legend:
    lines = wrap(NO_LINKS, (channel.w - 4 * FRAME_PAD) / TEXT)
    width = max(map(cells, lines)) * TEXT + 2 * FRAME_PAD
    height = len(lines) * LEAD + 2 * FRAME_PAD
    frame = Rectangle(channel.centre_x - width / 2, channel.y + (channel.h - height) / 2, width, height)
    return Legend(tuple(_stacked(channel, frame.y + FRAME_PAD, lines)), (), frame)


def _stacked(channel: Rectangle, y: float, lines: Iterable[str]) -> Iterable[Text]:
    return (_middle(channel, _baseline(y + LEAD * index), line, bold=True) for index, line in enumerate(lines))


def _middle(channel: Rectangle, y: float, line: str, *, bold: bool = False) -> Text:
    return Text(channel.centre_x, y, line, cells(line), anchor="middle", bold=bold)


def _baseline(top: float) -> float:
    """Of a line of text in the row that begins at top."""
    return top + (LEAD - TEXT) / 2 + ASCENT * TEXT
