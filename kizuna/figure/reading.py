"""The figure for those who read rather than look: the same graph as a list in words and as a table, and the choice of what to
stress. Pure HTML, escaped.

Written in Python like the drawing, because a template takes longer for the table than everything else on the page.
"""

from html import escape

from kizuna.figure.graph import Goal, Graph, Link
from kizuna.figure.palette import colour_number
from plan_portal.foundation.phrases import breakable
from plan_portal.foundation.text import first_of_list

_MARK = '<span class="mark mark--wait">確認待ち</span>'
_WAITING = f'<p class="words__none">連携 {_MARK}</p>'
_NO_LINK = '<td><span class="soft" aria-hidden="true">－</span><span class="sr">登録なし</span></td>'
_LINK = "<td>連携</td>"


def in_words(graph: Graph) -> str:
    """An ordered list: each city goal with the kizuna goals that it is linked with."""
    name = escape(graph.kizuna.short_name)
    waiting = {(link.goal, link.kizuna_goal) for link in graph.links if not link.agreed}
    items = []
    for goal in graph.city.goals:
        others = "".join(
            f'<li><a class="phrase" href="{escape(other.url)}">{name}{other.number} {breakable(other.title)}</a>'
            f"{' ' + _MARK if (goal.number, other.number) in waiting else ''}</li>"
            for other in graph.linked_kizuna_goals(goal.number)
        )
        linked = f"<ul>{others}</ul>" if others else _WAITING
        title = f'<a href="{escape(goal.url)}">{breakable(goal.title)}</a>'
        items.append(f"<li>{_named(goal, title)}{linked}</li>")
    return f'<ol class="words">{"".join(items)}</ol>'


def as_table(graph: Graph) -> str:
    """The head and body of a table: city goals down, kizuna goals across."""
    head = "".join(
        f'<th scope="col" class="phrase">{goal.number} {breakable(goal.title)}</th>' for goal in graph.kizuna.goals
    )
    rows = "".join(
        f'<tr><th scope="row">{_named(row.goal, breakable(row.goal.title))}</th>{"".join(map(_cell, row.links))}</tr>'
        for row in graph.rows()
    )
    corner = escape(graph.city.goal_label)
    return f'<thead><tr><th scope="col">{corner}</th>{head}</tr></thead><tbody>{rows}</tbody>'


def choices(graph: Graph, *, stressed_goal: int | None = None, stressed_kizuna: int | None = None) -> tuple[str, str]:
    """List items that lead to the figure with one goal stressed: those of the city's plan, those of the きずな計画."""
    nothing = stressed_goal is None and stressed_kizuna is None
    city = [f'<li><a href="."{_current(nothing)}>すべて</a></li>']
    city += [
        f'<li data-goal="{colour_number(goal.number)}"><a href="?goal={goal.number}"{_current(goal.number == stressed_goal)}>'
        f'<span class="num">{goal.number}</span><span>{escape(first_of_list(goal.field or goal.title))}</span></a></li>'
        for goal in graph.city.goals
    ]
    kizuna = [
        f'<li data-kizuna><a href="?kizuna={goal.number}"{_current(goal.number == stressed_kizuna)}>'
        f'<span class="num">{goal.number}</span><span>{escape(goal.title)}</span></a></li>'
        for goal in graph.kizuna.goals
    ]
    return "".join(city), "".join(kizuna)


def _current(stressed: bool) -> str:
    return ' aria-current="true"' if stressed else ""


def _cell(link: Link | None) -> str:
    if link is None:
        return _NO_LINK
    return _LINK if link.agreed else f"<td>{_MARK}</td>"


def _named(goal: Goal, title: str) -> str:
    return (
        f'<span class="named phrase" data-goal="{colour_number(goal.number)}">'
        f'<span class="num">{goal.number}</span><span>{title}</span></span>'
    )
