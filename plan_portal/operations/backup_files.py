"""Backup files: their names, which say when in UTC, and the sum beside each, which `sha256sum --check` reads too."""

import hashlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from plan_portal.operations.refusal import OperationRefusedError

SUFFIX = {"sqlite": ".sqlite3", "postgresql": ".dump"}
_NAME = re.compile(r"portal-\d{8}T\d{6}\.\d{3}Z\.(sqlite3|dump)")


def new_name(vendor: str) -> str:
    now = datetime.now(UTC)
    return f"portal-{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z{SUFFIX[vendor]}"


def sum_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def write_sum(path: Path, *, of: Path) -> Path:
    """The sum of the file `of`, as that of `path`, which it will become. Returns the file, which is not in its place yet."""
    part = of.with_name(f"{of.name}.sha256")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(f"{_sum(of)}  {path.name}\n")
        file.flush()
        os.fsync(file.fileno())
    return part


def check_sum(path: Path) -> bool:
    """False when no sum lies beside the file. Refuses when it is another one."""
    beside = sum_file(path)
    if not beside.exists():
        return False
    if beside.read_text(encoding="ascii", errors="replace").split()[:1] != [_sum(path)]:
        raise OperationRefusedError(f"{path} は、作ったときと中身が違います。ほかのバックアップを使ってください。")
    return True


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def backups(folder: Path) -> list[Path]:
    """Oldest first."""
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))


def remove_all_but(folder: Path, keep: int) -> int:
    """The newest `keep` stay. Returns how many were removed."""
    old = backups(folder)[:-keep]
    for path in old:
        path.unlink()
        sum_file(path).unlink(missing_ok=True)
    return len(old)


def remove_parts(folder: Path) -> None:
    """What a backup left behind that was killed."""
    for path in folder.glob(".portal-*.part*"):
        path.unlink()
