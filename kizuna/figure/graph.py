"""What 図４１ joins: two plans side by side, and the lines between their 基本目標. Pure data, standard library only.

The city's side (登別市地域福祉計画) runs 基本理念 → 基本目標 → 取組, 社協's side (きずな計画) 基本理念 → 基本目標 → 基本計画.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Part:
    """取組 of the city (mark "(1)") or 基本計画 of 社協 (mark "①").

    own_plan: the plan that the part itself is (登別市再犯防止推進計画), where its title ends with （own_plan）.
    """

    mark: str
    title: str
    url: str
    own_plan: str = ""
    placement_confirmed: bool = True

    @property
    def short_title(self) -> str:
        """The title without the （own_plan） at its end."""
        return self.title.removesuffix(f"（{self.own_plan}）") if self.own_plan else self.title


@dataclass(frozen=True, slots=True)
class Goal:
    """基本目標 of either plan; subtitle: the ～…～ of 社協's goals; field: 分野, the city's short word for it."""

    number: int
    title: str
    url: str
    parts: tuple[Part, ...]
    subtitle: str = ""
    field: str = ""

    @property
    def unconfirmed_parts(self) -> tuple[Part, ...]:
        """The parts whose 所属 (place under this goal) is 確認待ち."""
        return tuple(part for part in self.parts if not part.placement_confirmed)


@dataclass(frozen=True, slots=True)
class Side:
    """One plan. ideal: the lines of the 基本理念; the labels head the three columns; url: where the 基本理念 is read."""

    name: str
    ideal: tuple[str, ...]
    goal_label: str
    part_label: str
    ideal_label: str
    url: str
    goals: tuple[Goal, ...]

    @property
    def short_name(self) -> str:
        """The name without the organisation in brackets: きずな計画（社協） → きずな計画."""
        return self.name.partition("（")[0] or self.name


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """連携 of a city goal with a kizuna goal, both by number.

    agreed: both organisations have said so; else proposed, 確認待ち. sample: 見本, not real.
    """

    goal: int
    kizuna_goal: int
    agreed: bool = True
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table beside the figure: a city goal, and for each kizuna goal in order the link or None."""

    goal: Goal
    links: tuple[Link | None, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The figure's content. label: 図４１, another number in the next edition.

    Raises ValueError for a goal number that stands twice on a side, a pair that is linked twice, a link to no goal.
    """

    label: str
    caption: str
    city: Side
    kizuna: Side
    links: tuple[Link, ...] = ()

    def __post_init__(self) -> None:
        city_numbers = _unique_numbers(self.city)
        kizuna_numbers = _unique_numbers(self.kizuna)
        for link in self.links:
            if link.goal not in city_numbers or link.kizuna_goal not in kizuna_numbers:
                raise ValueError(f"{link} names a goal that the figure does not have.")
        repeated = [pair for pair, count in Counter((x.goal, x.kizuna_goal) for x in self.links).items() if count > 1]
        if repeated:
            raise ValueError(f"Goals linked more than once: {repeated}.")
        object.__setattr__(self, "links", tuple(sorted(self.links)))

    @property
    def has_sample(self) -> bool:
        return any(link.sample for link in self.links)

    @property
    def has_waiting(self) -> bool:
        """Whether a proposed link is among the links."""
        return not all(link.agreed for link in self.links)

    @property
    def has_unconfirmed_placement(self) -> bool:
        return any(goal.unconfirmed_parts for side in (self.city, self.kizuna) for goal in side.goals)

    def agreed_only(self) -> Graph:
        """What the public may see."""
        return replace(self, links=tuple(link for link in self.links if link.agreed))

    def linked_kizuna_goals(self, goal_number: int) -> tuple[Goal, ...]:
        """The kizuna goals that the city goal is linked with, in the order of the きずな計画."""
        numbers = {link.kizuna_goal for link in self.links if link.goal == goal_number}
        return tuple(goal for goal in self.kizuna.goals if goal.number in numbers)

    def linked_goals(self, kizuna_number: int) -> tuple[Goal, ...]:
        """The city goals that the kizuna goal is linked with, in the order of the city's plan."""
        numbers = {link.goal for link in self.links if link.kizuna_goal == kizuna_number}
        return tuple(goal for goal in self.city.goals if goal.number in numbers)

    def rows(self) -> tuple[Row, ...]:
        """The figure as a table: city goals down, kizuna goals across."""
        by_pair = {(link.goal, link.kizuna_goal): link for link in self.links}
        return tuple(
            Row(goal, tuple(by_pair.get((goal.number, across.number)) for across in self.kizuna.goals))
            for goal in self.city.goals
        )


def _unique_numbers(side: Side) -> set[int]:
    numbers = {goal.number for goal in side.goals}
    if len(numbers) < len(side.goals):
        raise ValueError(f"{side.name}: two goals have the same number.")
    return numbers
