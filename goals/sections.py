"""The running text as a tree, read in one query."""

from collections import defaultdict
from dataclasses import dataclass

from goals.models import Plan, PlanSection


@dataclass(frozen=True, slots=True)
class SectionNode:
    """本文の節 with those below it. `level` is that of its heading: a lone chapter is 1, the page's own h1."""

    section: PlanSection
    level: int
    children: tuple["SectionNode", ...]


def section_tree(plan: Plan) -> tuple[SectionNode, ...]:
    """The chapters of `plan` in order, each with its sections below it. One query."""
    below: dict[int | None, list[PlanSection]] = defaultdict(list)
    for section in PlanSection.objects.for_plan(plan).order_by("position", "pk"):
        below[section.parent_id].append(section)

    def nodes(parent_id: int | None, level: int) -> tuple[SectionNode, ...]:
        return tuple(SectionNode(s, level, nodes(s.pk, level + 1)) for s in below[parent_id])

    return nodes(None, 1 if len(below[None]) == 1 else 2)
