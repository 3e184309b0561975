"""What the measurements ran on, and what must be there for them."""

import os
import platform
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

BUSY = 0.5  # load from which others take part of the two cores that are measured on
# Debian's names of the packages.
PROGRAMS = {"wrk": "wrk", "nginx": "nginx-light"}


def program(name: str) -> str | None:
    """Its path; nginx lies where only root looks."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def missing() -> list[str]:
    """What is not there, as sentences that say what to do."""
    if sys.platform != "linux":
        return ["make bench は、Linux で動かしてください（CPU とメモリーを /proc から読みます）。"]
    if len(os.sched_getaffinity(0)) < 2:
        return ["make bench には、CPU のコアが2つ要ります（サーバーと、アクセスする側に1つずつ）。"]
    wanted = [(name, package) for name, package in PROGRAMS.items() if program(name) is None]
    if not _postgresql_folder():
        wanted.append(("PostgreSQL", "postgresql"))
    return [
        f"{name} がありません。Debian と Ubuntu では apt-get install {package} で入れてください。"
        for name, package in wanted
    ]


def described() -> str:
    """Date, machine and versions."""
    load = os.getloadavg()[0]
    programs = {name: _said(str(program(name)), "-v") for name in PROGRAMS}
    programs["PostgreSQL"] = _said(f"{_postgresql_folder()}/postgres", "--version")
    parts = {
        "Python": platform.python_version(),
        "Django": version("django"),
        "granian": version("granian"),
        **programs,
    }
    return "\n".join(
        [
            f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; load of the machine at the start: {load:.1f}"
            f"{' (**busy: the times mean little**)' if load > BUSY else ''}",
            f"- {_cpu_model()}, {os.cpu_count()} cores; {platform.system()} {platform.release()} {platform.machine()}",
            f"- {', '.join(' '.join(part) for part in parts.items())}",
        ]
    )


def _cpu_model() -> str:
    match = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return match[1] if match else platform.processor() or "unknown processor"


def _said(command: str, option: str) -> str:
    """The first version number that a program tells of itself."""
    done = subprocess.run([command, option], capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    match = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return match[0] if match else "?"


def _postgresql_folder() -> str:
    """Where the newest server is; empty if there is none."""
    found = subprocess.run(
        ["sh", "tests/postgresql.sh", "--find"],  # noqa: S607
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return found.stdout.strip()
