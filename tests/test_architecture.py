"""The walls of the house: which room may import which, and how big a room may get.

A rule that must bend gets an entry in `EXCEPTIONS`, with the reason; an entry that is no longer needed fails too.
"""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("goals", "sdgs", "initiatives", "kizuna", "plan_portal")
FOUNDATION = "plan_portal.foundation"
ROOF = "plan_portal"

# A room → what it may import of the project, besides itself.
MAY_IMPORT = {
    FOUNDATION: set(),
    "goals": {FOUNDATION},
    "sdgs": {FOUNDATION, "goals"},
    "initiatives": {FOUNDATION, "goals"},
    "kizuna": {FOUNDATION, "goals", "sdgs", "initiatives"},
    ROOF: {FOUNDATION, "goals", "sdgs", "initiatives", "kizuna"},
}
FIGURE_BUILDER = "kizuna/figure/builder.py"

# (rule, file or file:function) → why it may.
EXCEPTIONS: dict[tuple[str, str], str] = {}


def files(suffix: str, *folders: str) -> list[str]:
    """Paths in the project, without what was generated or is not ours."""
    found = (path for folder in folders for path in (ROOT / folder).rglob(f"*{suffix}"))
    names = sorted(path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts)
    return [name for name in names if "/migrations/" not in name]


def modules() -> list[str]:
    return files(".py", *APPS, "tests", "bench")


def production() -> list[str]:
    return files(".py", *APPS)


def templates() -> list[str]:
    folders = ["templates", *(f"{app}/templates" for app in APPS)]
    return [name for suffix in (".html", ".svg", ".txt", ".xml") for name in files(suffix, *folders)]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def imports(name: str) -> Iterator[str]:
    """Dotted names that a module imports anywhere in it, also in functions and for type checking."""
    package = name.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            whole = ".".join([*base, *([node.module] if node.module else [])])
            yield whole
            yield from (f"{whole}.{alias.name}" for alias in node.names)


def room(dotted: str) -> str | None:
    """The room that a dotted name lies in; None for what is not ours."""
    if dotted == FOUNDATION or dotted.startswith(f"{FOUNDATION}."):
        return FOUNDATION
    head = dotted.split(".")[0]
    return head if head in APPS else None


def forbidden_imports(name: str) -> set[str]:
    """What the module imports although its room may not."""
    own = room(name.removesuffix(".py").replace("/", "."))
    return {dotted for dotted in imports(name) if room(dotted) not in {None, own, *MAY_IMPORT[own]}}


def module_files(dotted: str) -> Iterator[str]:
    """The files of ours that run when a name is imported: its packages and itself."""
    parts = dotted.split(".") if room(dotted) else []
    for end in range(1, len(parts) + 1):
        stem = "/".join(parts[:end])
        yield from (name for name in (f"{stem}.py", f"{stem}/__init__.py") if (ROOT / name).is_file())


def everything_behind(name: str) -> set[str]:
    """A module and all files of ours that importing it runs."""
    reached, waiting = set(), {name}
    while waiting:
        reached |= waiting
        waiting = {file for one in waiting for dotted in imports(one) for file in module_files(dotted)} - reached
    return reached


def functions(name: str) -> Iterator[tuple[str, int]]:
    """(name, lines) of each function, its decorators not counted."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def check(rule: str, found: dict[str, object]) -> None:
    """Fail for what is found and not excepted, and for an exception that nothing needs."""
    excepted = {place for known, place in EXCEPTIONS if known == rule}
    assert {place: what for place, what in found.items() if place not in excepted} == {}
    assert excepted <= set(found), "these exceptions are no longer needed"


def line_count(name: str) -> int:
    return len((ROOT / name).read_text(encoding="utf-8").splitlines())


def test_there_is_something_to_look_at():
    assert "goals/models/plan.py" in production()
    assert "tests/test_architecture.py" in modules()
    assert "django.db" in set(imports("goals/models/plan.py"))
    assert ("one_of", 7) in set(functions("plan_portal/foundation/models/abstract.py"))


def test_rooms_import_one_way():
    check("imports", {name: bad for name in production() if (bad := forbidden_imports(name))})


@pytest.mark.parametrize(
    ("name", "text", "bad"),
    [
        ("plan_portal/foundation/x.py", "from goals.models import Plan", {"goals.models", "goals.models.Plan"}),
        ("plan_portal/foundation/x.py", "import plan_portal.roles", {"plan_portal.roles"}),
        ("plan_portal/foundation/x.py", "from plan_portal.foundation import text", set()),
        ("goals/x.py", "def f():\n    import kizuna.models", {"kizuna.models"}),
        ("sdgs/x.py", "from initiatives import models", {"initiatives", "initiatives.models"}),
        ("sdgs/x.py", "from goals.models import Plan\nfrom . import views", set()),
        ("goals/models/x.py", "from ...sdgs import models", {"sdgs", "sdgs.models"}),
        ("kizuna/x.py", "from plan_portal.foundation.text import paragraphs", set()),
        ("kizuna/x.py", "from plan_portal import search", {"plan_portal", "plan_portal.search"}),
    ],
)
def test_imports_are_read_right(monkeypatch, name, text, bad):
    monkeypatch.setitem(globals(), "tree", lambda _name: ast.parse(text))
    assert forbidden_imports(name) == bad


def test_production_code_imports_no_tests():
    check("tests", {name: True for name in production() if "tests" in heads(name)})


def test_figure_knows_no_django():
    """graph, layout, drawing and their helpers are pure, also in what they import; only the builder asks the database."""
    pure = [name for name in files(".py", "kizuna/figure") if name != FIGURE_BUILDER]
    assert {"kizuna/figure/graph.py", "kizuna/figure/layout.py", "kizuna/figure/drawing.py"} <= set(pure)
    behind = {name: sorted(file for file in everything_behind(name) if "django" in heads(file)) for name in pure}
    assert everything_behind(FIGURE_BUILDER) >= {FIGURE_BUILDER, "kizuna/models/linkage.py", "goals/models/plan.py"}
    rooms = {name: {room(dotted) for dotted in imports(name)} - {None, FOUNDATION, "kizuna"} for name in pure}
    check("figure", {name: bad for found in (behind, rooms) for name, bad in found.items() if bad})


def heads(name: str) -> set[str]:
    return {dotted.split(".")[0] for dotted in imports(name)}


def test_no_room_for_everything():
    names = {name for name in production() if Path(name).stem in {"utils", "services", "helpers", "signals", "misc"}}
    check("name", dict.fromkeys(names, True))


def test_modules_are_short():
    check("module", {name: lines for name in modules() if (lines := line_count(name)) > 300})


def test_functions_are_short():
    check(
        "function", {f"{name}:{title}": lines for name in modules() for title, lines in functions(name) if lines > 40}
    )


def test_templates_are_short():
    check("template", {name: lines for name in templates() if (lines := line_count(name)) > 120})


INLINE = re.compile(
    r"""\s(style|on[a-z]+)\s*=\s*["']|<style\b|javascript:|<script(?![^>]*\ssrc=)(?! type="application/ld\+json">)""",
    re.IGNORECASE,
)


def test_templates_have_no_inline_style_or_script():
    """`default-src 'none'` would refuse it."""
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in templates()}
    check("inline", {name: found for name, text in texts.items() if (found := [m[0] for m in INLINE.finditer(text)])})


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ('<p style="color:red">', True),
        ("<a onclick='x()'>", True),
        ("<style>p{}</style>", True),
        ("<script>x()</script>", True),
        ('<a href="javascript:x()">', True),
        ('<script type="module" src="/x.js"></script>', False),
        ('<script type="application/ld+json">{}</script>', False),
        ('<script type="application/json">{}</script>', True),
        ('<link rel="stylesheet" href="x.css">', False),
        ('<p class="one">mystyle="x"</p>', False),
    ],
)
def test_inline_is_read_right(text, bad):
    assert bool(INLINE.search(text)) is bad


def tracked() -> list[str]:
    """Files that git has or would take in; without git, the project's own folders."""
    git = shutil.which("git")
    listing = git and subprocess.run(  # noqa: S603
        [git, "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing and listing.returncode == 0 and listing.stdout:
        return [name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]
    return [name for suffix in (".py", ".html", ".md", ".json", ".css") for name in files(suffix, *APPS, "fixtures")]


# Put together here, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(
    "|".join([r"\.\./" + "shared", "/" + r"(?:home|Users|root|work|mnt)/[a-z]", r"\b[A-Z]:\\" + "Users"])
)


def test_no_path_of_one_machine_in_the_files():
    found = {}
    for name in tracked():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if match := MACHINE_PATHS.search(text):
            found[name] = match[0]
    check("path", found)
