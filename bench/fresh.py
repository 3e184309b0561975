"""How soon readers see an edit, while others read: every answer is looked at."""

import json
import re
import statistics
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.editor import MARK, PAGE
from bench.maths import percentile
from bench.open_loop import Answer, request, run
from bench.processes import LOAD_CORE, on_core
from bench.report import Row, Section
from bench.servers import SECONDS_TO_STOP, Database, Server
from bench.throughput import CONNECTIONS
from tests.portal_process import ROOT

RATE = 300
SECONDS_MORE = 60  # than the pauses between the edits: they, and what follows from them, take time too
HEAD = ("server", "edits", "every ms", "median ms", "p90 ms", "longest ms", "answers", "stale")
MARKED = re.compile(MARK.format(0).replace("000000", r"(\d{6})").encode())

Edit = tuple[int, float, float]


@dataclass(frozen=True)
class Freshness:
    """delays: seconds from the end of each commit to the first whole answer with the new text; stale: answers with an old
    text, asked for after the commit had ended."""

    delays: list[float]
    stale: int
    answers: int


def edit_shown(body: bytes) -> int:
    """Number of the edit that a page shows; 0 before the first."""
    match = MARKED.search(body)
    return int(match[1]) if match else 0


def judge(edits: Sequence[Edit], answers: Iterable[Answer]) -> Freshness:
    """answers: `body` holds what `keep` left of it, the mark."""
    seen = [(edit_shown(answer.body), answer) for answer in answers]
    if bad := {answer.status for _, answer in seen} - {200}:
        raise RuntimeError(f"answers of status {bad}")
    delays = []
    for number, _before, after in edits:
        shown = [answer.received for mark, answer in seen if mark >= number]
        if not shown:
            raise RuntimeError(f"edit {number} was never shown")
        delays.append(max(min(shown) - after, 0.0))
    ends = [after for _number, _before, after in edits]
    committed = [0, *(number for number, _before, _after in edits)]
    stale = sum(mark < committed[bisect_left(ends, answer.sent)] for mark, answer in seen)
    return Freshness(delays, stale, len(seen))


def mark_of(body: bytes) -> bytes:
    match = MARKED.search(body)
    return match[0] if match else b""


@dataclass(frozen=True)
class Watched:
    """A server, where its content is edited, and how: that often, with so many seconds between two edits.

    first: number of the first edit, above all that the page showed before.
    """

    server: Server
    database: Database
    first: int
    edits: int
    pause: float


def watch(watched: Watched) -> Freshness:
    """The editor and the readers on one core, the server on the other; until readers see the last edit."""
    with on_core(LOAD_CORE):
        editor = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "bench.editor", str(watched.first), str(watched.edits), str(watched.pause)],
            cwd=ROOT,
            env=watched.database.clean_environment(DJANGO_SETTINGS_MODULE="plan_portal.settings"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        if editor.stdin is None or editor.stdout is None or editor.stdout.readline() != "ready\n":
            raise RuntimeError("the editor did not start")
        editor.stdin.write("go\n")
        editor.stdin.flush()
        answers = run(
            watched.server.port,
            [request(PAGE, "identity")],
            rate=RATE,
            seconds=watched.edits * watched.pause + SECONDS_MORE,
            connections=CONNECTIONS,
            keep=mark_of,
            enough=lambda answer: edit_shown(answer.body) == watched.first + watched.edits - 1,
        )
        told, _ = editor.communicate(timeout=SECONDS_TO_STOP)
    return judge(json.loads(told), answers)


def measure(all_watched: Sequence[Watched], *, judged: set[str]) -> Section:
    """judged: names of the servers that the aims are for."""
    rows, measured = list[Row](), dict[str, float]()
    for watched in all_watched:
        found = watch(watched)
        times = [delay * 1000 for delay in found.delays]
        median, p90 = statistics.median(times), percentile(times, 0.9)
        figures = (f"{watched.pause * 1000:.0f}", f"{median:.1f}", f"{p90:.1f}", f"{max(times):.1f}")
        rows.append((watched.server.name, str(len(times)), *figures, f"{found.answers:,}", str(found.stale)))
        if watched.server.name in judged:
            measured["fresh"] = max(measured.get("fresh", 0.0), median)
            measured["stale"] = measured.get("stale", 0) + found.stale
    note = (
        f"{RATE} requests a second for {PAGE} over {CONNECTIONS} connections, pinned as above, while another process commits edits of "
        f"that page. From the end of a commit to the first whole answer with the new text; at this rate a request falls due every "
        f"{1000 / RATE:.1f} ms. Stale: asked for after a commit had ended, answered with an older text. Files are written after a "
        "commit: they are behind for as long as that takes, and an edit that comes meanwhile waits for the next time."
    )
    return Section("From an edit to a fresh page", note, HEAD, rows, measured)
