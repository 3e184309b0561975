"""What processes cost: CPU seconds and memory of a server with all its workers, read from /proc."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
SERVER_CORE, LOAD_CORE = 0, 1


def stat(text: str) -> tuple[int, float]:
    """(parent, CPU seconds with those of children that have ended) from /proc/<pid>/stat, see proc_pid_stat(5)."""
    fields = text.rpartition(")")[2].split()  # a name may hold spaces and brackets; after it comes field 3
    return int(fields[1]), sum(map(int, fields[11:15])) / TICKS


def family(pid: int) -> dict[int, float]:
    """CPU seconds of a living process and of all that descend from it."""
    found: dict[int, tuple[int, float]] = {}
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):  # it has ended since
            found[int(folder.name)] = stat((folder / "stat").read_text(encoding="utf-8"))
    members, waiting = {}, [pid]
    while waiting:
        member = waiting.pop()
        members[member] = found[member][1]
        waiting += [child for child, (parent, _) in found.items() if parent == member]
    return members


def cpu_seconds(pids: tuple[int, ...]) -> float:
    """Of these processes and all that descend from them; resolution 10 ms."""
    return sum(sum(family(pid).values()) for pid in pids)


def pss(text: str) -> int:
    """Bytes of "Pss:" in /proc/<pid>/smaps_rollup: what is shared counts in parts."""
    match = re.search(r"^Pss:\s+(\d+) kB$", text, re.MULTILINE)
    if match is None:
        raise ValueError("smaps_rollup without Pss")
    return int(match[1]) * 1024


def memory(pid: int) -> dict[int, int]:
    """PSS in bytes of a process and of all that descend from it, the process itself first."""
    return {member: pss((PROC / f"{member}/smaps_rollup").read_text(encoding="utf-8")) for member in family(pid)}


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started inside stays on this core; on a machine of one core nothing is bound."""
    before = os.sched_getaffinity(0)
    if len(before) > 1:
        os.sched_setaffinity(0, {sorted(before)[core]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
