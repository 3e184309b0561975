"""The figure in small, for the first page: only the goals of both plans and the lines between them. Pure."""

from dataclasses import dataclass

from kizuna.figure.graph import Graph, Side
from kizuna.figure.palette import goal_colours

HEIGHT = 700
_SPREAD = 14


@dataclass(frozen=True, slots=True)
class MiniatureLine:
    """A line as an SVG path in a box of 100 × HEIGHT, in the colour of its city goal."""

    path: str
    colour: str


def miniature(graph: Graph) -> list[MiniatureLine]:
    """One line a link. The ends on a goal stand apart, in the order of the goals at their other ends."""
    ends = {(link.goal, link.kizuna_goal): [0.0, 0.0] for link in graph.links}
    for side, own, far in ((graph.city, 0, 1), (graph.kizuna, 1, 0)):
        for number, centre in _centres(side).items():
            here = sorted((pair for pair in ends if pair[own] == number), key=lambda pair: pair[far])
            for place, pair in enumerate(here):
                ends[pair][own] = centre + (place - (len(here) - 1) / 2) * _SPREAD
    return [
        MiniatureLine(f"M0 {y1:g}C50 {y1:g} 50 {y2:g} 100 {y2:g}", goal_colours("city", goal).dark)
        for (goal, _), (y1, y2) in ends.items()
    ]


def _centres(side: Side) -> dict[int, float]:
    height = HEIGHT / max(1, len(side.goals))
    return {goal.number: round(height * (row + 0.5), 1) for row, goal in enumerate(side.goals)}
