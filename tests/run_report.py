"""What a run of the tests could not do, and what it counted, told at its end in plain words (a pytest plugin).

REQUIRE_ALL=1: a skipped test fails the run. COUNTS_FILE: a file that the counts are added to.
"""

import importlib.util
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.nginx_process import brotli_module

COUNTS: Counter[str] = Counter()
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


@cache
def chromium() -> str | None:
    """This machine's Chromium; None also when the program that drives it does not run here."""
    if not _driver_runs():
        return None
    return next(filter(None, map(shutil.which, (*_NAMES, _ON_A_MAC))), None)


def _driver_runs() -> bool:
    package = importlib.util.find_spec("playwright")
    if package is None or package.origin is None:
        return False
    node = Path(package.origin).parent / "driver" / "node"
    try:
        return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def _makes_pdfs() -> bool:
    from plan_portal.paper.engine import available  # once Django has its settings

    return available()


class Lack(NamedTuple):
    """What some tests need and a machine may not have."""

    there: Callable[[], object]
    reason: str
    how_to_get: str


# By the mark of the tests that need it.
LACKS = {
    "browser": Lack(chromium, "Chromium がない", "sudo apt-get install chromium fonts-noto-cjk libatomic1"),
    "pdf": Lack(
        _makes_pdfs,
        "PDF を作る部品（WeasyPrint か Pango）がない",
        "sudo apt-get install libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk",
    ),
    "nginx": Lack(
        brotli_module,
        "nginx か、その Brotli の部品がない",
        "sudo apt-get install nginx-light libnginx-mod-http-brotli-static",
    ),
}


def database() -> str:
    return "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"


@pytest.fixture(scope="session")
def counts() -> Counter[str]:
    """`counts["pages crawled"] += 1`: what is counted here is printed at the end of the run."""
    return COUNTS


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives a real Chromium; skipped where there is none")
    config.addinivalue_line("markers", "nginx: runs a real nginx; skipped where it or its module for Brotli is missing")
    config.addinivalue_line("markers", "pdf: makes PDFs; skipped where WeasyPrint or its libraries are missing")
    config.addinivalue_line("markers", "only_on(database): means something on 'sqlite' or on 'postgresql' only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    elsewhere = [item for item in items if any(mark.args[0] != database() for mark in item.iter_markers("only_on"))]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    for mark, lack in LACKS.items():
        if lack.there():
            continue
        for item in items:
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=lack.reason))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["counts"] = dict(COUNTS)
    elif _must_not_skip(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of pytest-xdist has ended."""
    COUNTS.update(getattr(node, "workeroutput", {}).get("counts", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if hasattr(terminalreporter.config, "workerinput"):
        return  # a worker of pytest-xdist: the whole run's counts come together elsewhere
    stats = terminalreporter.stats
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database()]
    counted = {"tests": len(stats.get("passed", [])), **COUNTS}
    line = f"{name}: " + ", ".join(f"{_number(counted[what])} {what}" for what in counted)
    terminalreporter.section("数えたもの")
    terminalreporter.write_line(line)
    if counts_file := os.environ.get("COUNTS_FILE"):
        with Path(counts_file).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    for lack in LACKS.values():
        skipped = sum(lack.reason in str(report.longrepr) for report in stats.get("skipped", []))
        if skipped:
            terminalreporter.write_line(
                f"{lack.reason}ので、試験 {skipped} 件をとばしました。入れるには: {lack.how_to_get}"
            )
    if _must_not_skip(terminalreporter.config):
        for report in stats["skipped"]:
            terminalreporter.write_line(f"{report.nodeid}: {report.longrepr[2]}")
        terminalreporter.write_line("とばした試験があるので、失敗とします（REQUIRE_ALL=1）。", red=True)


def _must_not_skip(config: pytest.Config) -> bool:
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    return os.environ.get("REQUIRE_ALL") == "1" and reporter is not None and bool(reporter.stats.get("skipped"))


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.2f}"
