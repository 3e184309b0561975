"""That nothing but kizuna/actions.py changes what two organisations agree on."""

import ast
from collections.abc import Iterator

import pytest

from tests.test_architecture import imports, production, tree

MODELS = {"Linkage", "LinkagePair", "LinkageProposal", "LinkageStep"}
CONSENTED = {"state", "summary", "since", "partners", "agreed_on", "ended_on", "end_asked_by", "pairs"}
WRITERS = {
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "update",
    "add",
    "set",
    "remove",
}
THEIRS = {"linkages", "pairs", "linkage_pairs", "proposal", "steps"}
ONLY = "kizuna/actions.py"


def names(node: ast.AST) -> set[str]:
    """All names and attributes in an expression."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} | {
        one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)
    }


def writes(source: ast.Module) -> Iterator[str]:
    """Where a linkage, its pairs, its proposal or its log are written."""
    for node in ast.walk(source):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in CONSENTED:
            if not isinstance(node.value, ast.Name) or node.value.id != "self":
                yield f"{node.lineno}: .{node.attr} ="
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in MODELS and CONSENTED & {k.arg for k in node.keywords}:
                yield f"{node.lineno}: {called.id}(…)"
            if isinstance(called, ast.Attribute) and called.attr in WRITERS and names(called.value) & (MODELS | THEIRS):
                yield f"{node.lineno}: {called.attr}(…)"


def knows_linkages(name: str) -> bool:
    return any(dotted.rpartition(".")[2] in MODELS | {"linkage"} for dotted in imports(name))


def test_only_the_actions_write_a_linkage():
    looked_at = [name for name in production() if knows_linkages(name)]
    assert {ONLY, "plan_portal/content/sample_loader.py", "plan_portal/search/sources.py"} <= set(looked_at)
    found = {name: list(writes(tree(name))) for name in looked_at}
    assert len(found.pop(ONLY)) > 8
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "bad"),
    [
        ("linkage.state = 'agreed'", True),
        ("a.linkage.summary, b = 1, 2", True),
        ("linkage.end_asked_by: str = ''", True),
        ("Linkage(goal=goal, state='agreed')", True),
        ("Linkage.objects.filter(pk=1).update(state='agreed')", True),
        ("goal.linkages.create(goal=goal)", True),
        ("LinkagePair.objects.bulk_create(rows)", True),
        ("Linkage(goal=goal, kizuna_goal=other)", False),
        ("self.state = 1", False),
        ("if linkage.state == 'agreed': pass", False),
        ("plan.name = linkage.summary", False),
    ],
)
def test_writing_is_read_right(source, bad):
    assert bool(list(writes(ast.parse(source)))) is bad
