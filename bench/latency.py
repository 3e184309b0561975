"""How long a reader waits, at a rate that does not depend on the answers."""

from collections.abc import Sequence

from bench.maths import percentile
from bench.open_loop import request, run
from bench.processes import LOAD_CORE, on_core
from bench.report import Row, Section
from bench.servers import Server
from bench.throughput import CONNECTIONS, PAGES

HEAD = ("server", "p50 ms", "p99 ms", "p99.9 ms", "longest ms", "answers")


def waits(server: Server, rate: float, seconds: float) -> list[float]:
    """Milliseconds from the moment a request was due until its answer was whole."""
    messages = [request(page) for page in PAGES]
    with on_core(LOAD_CORE):
        run(server.port, messages, rate=rate, seconds=1, connections=CONNECTIONS)
        answers = run(server.port, messages, rate=rate, seconds=seconds, connections=CONNECTIONS)
    if bad := {answer.status for answer in answers} - {200}:
        raise RuntimeError(f"{server.name} answered {bad}")
    return [(answer.received - answer.due) * 1000 for answer in answers]


def measure(servers: Sequence[Server], *, judged: set[str], rate: float, seconds: float) -> Section:
    """judged: names of the servers that the aim is for."""
    rows, measured = list[Row](), dict[str, float]()
    for server in servers:
        times = waits(server, rate, seconds)
        p99 = percentile(times, 0.99)
        figures = (percentile(times, 0.5), p99, percentile(times, 0.999), max(times))
        rows.append((server.name, *(f"{figure:.2f}" for figure in figures), f"{len(times):,}"))
        if server.name in judged:
            measured["p99"] = max(measured.get("p99", 0), p99)
    note = (
        f"{rate:,.0f} requests a second for {seconds:.0f} s over {CONNECTIONS} connections, the pages above in turn, pinned as above. "
        "Counted from the moment a request was due, so a stall counts for all requests that fell due in it. "
        "nginx shows what the generator itself and the machine add."
    )
    return Section("Latency at a fixed rate", note, HEAD, rows, measured)
