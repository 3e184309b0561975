"""The figure in small, for the first page: only the goals of both plans and the lines between them. Pure."""

from dataclasses import dataclass

from kizuna.figure.graph import Graph, Side
from kizuna.figure.palette import goal_colours

HEIGHT = 700
_SPREAD = 14
_USED = 0.8  # of a goal's row, at most, by the ends of its lines


@dataclass(frozen=True, slots=True)
class MiniatureLine:
    """A line as an SVG path in a box of 100 × HEIGHT, in the colour of its city goal."""

    path: str
    colour: str


def miniature(graph: Graph) -> list[MiniatureLine]:
    """One line a link."""
    return [
        MiniatureLine(f"M0 {y1:g}C50 {y1:g} 50 {y2:g} 100 {y2:g}", goal_colours("city", goal).dark)
        for (goal, _), (y1, y2) in line_ends(graph, HEIGHT, _SPREAD).items()
    ]


def line_ends(graph: Graph, height: float, spread: float) -> dict[tuple[int, int], list[float]]:
    """For the numbers of the two goals of each link how far down, of `height`, its line leaves and arrives.

    The ends on a goal stand `spread` apart, nearer where many share its row, in the order of the goals at their other ends.
    """
    ends = {(link.goal, link.kizuna_goal): [0.0, 0.0] for link in graph.links}
    for side, own, far in ((graph.city, 0, 1), (graph.kizuna, 1, 0)):
        for number, centre in row_centres(side, height).items():
            here = sorted((pair for pair in ends if pair[own] == number), key=lambda pair: pair[far])
            step = min(spread, _USED * height / len(side.goals) / max(1, len(here)))
            for place, pair in enumerate(here):
                ends[pair][own] = centre + (place - (len(here) - 1) / 2) * step
    return ends


def row_centres(side: Side, height: float) -> dict[int, float]:
    """For the number of each goal of a side the middle of its row, all rows being as high."""
    row = height / max(1, len(side.goals))
    return {goal.number: round(row * (place + 0.5), 1) for place, goal in enumerate(side.goals)}
