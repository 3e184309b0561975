"""What machines install, and what make offers."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = ("requirements.txt", "tests/requirements.txt")
PIN = re.compile(r"^([a-z0-9.\-]+)(?:\[[a-z,]+\])?==(\S+)(?: ; [^\\]+)? \\$")
LINE = re.compile(r"^(#.*|    # .*|    --hash=sha256:[0-9a-f]{64}(?: \\)?)$")


def lock() -> dict[str, dict[str, Any]]:
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return {package["name"]: package for package in packages}


def pins(export: str) -> dict[str, str]:
    lines = (ROOT / export).read_text(encoding="utf-8").splitlines()
    return {found[1]: found[2] for line in lines if (found := PIN.match(line))}


@pytest.mark.parametrize("export", EXPORTS)
def test_requirements_hold_names_versions_and_hashes_only(export: str) -> None:
    """No address of an index, no folder of wheels: what one machine is set up with is nobody else's."""
    lines = (ROOT / export).read_text(encoding="ascii").splitlines()
    assert [line for line in lines if not PIN.match(line) and not LINE.match(line)] == []
    assert len(pins(export)) > 10


@pytest.mark.parametrize("export", EXPORTS)
def test_requirements_are_what_the_lock_says(export: str) -> None:
    locked = lock()
    assert {name: locked[name]["version"] for name in pins(export)} == pins(export)
    known = {
        found["hash"]
        for package in locked.values()
        for found in [*package.get("wheels", []), package.get("sdist", {})]
        if found
    }
    hashes = re.findall(r"--hash=(sha256:[0-9a-f]+)", (ROOT / export).read_text(encoding="ascii"))
    assert set(hashes) <= known


def test_running_needs_no_tools_of_the_tests() -> None:
    assert {"pytest", "ruff", "playwright"}.isdisjoint(pins("requirements.txt"))
    assert {"pytest", "ruff", "playwright", "axe-playwright-python"} <= pins("tests/requirements.txt").keys()
    assert pins("requirements.txt").items() <= pins("tests/requirements.txt").items()


def test_lock_names_public_hosts_only() -> None:
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    hosts = {urlsplit(address).hostname for address in re.findall(r'"(\w+://[^"]+)"', text)}
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.skipif(shutil.which("make") is None, reason="make がない")
def test_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout  # noqa: S607
    assert set(re.findall(r"^make (\w+)", said, re.MULTILINE)) | {"help"} == set(phony[1].split())
