"""How much of nginx's speed the portal reaches: wrk on one core, the server on the other, in turns."""

import re
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from bench.machine import program
from bench.maths import spread
from bench.processes import LOAD_CORE, on_core
from bench.report import Row, Section, percent
from bench.servers import Server

PAGES = ("/", "/goals/4/", "/relationship/")
CONNECTIONS = 16
NOISY = 0.15
HEAD = ("page", "server", "requests/s", "of nginx", "requests per CPU s", "of nginx", "spread")


@dataclass(frozen=True)
class Load:
    """What wrk counted. bad: answers of an error, and connections that broke."""

    requests: int
    seconds: float
    bad: int


@dataclass(frozen=True)
class Rate:
    per_second: float
    per_cpu_second: float


def parse(text: str) -> Load:
    counted = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m),", text)
    if counted is None:
        raise ValueError(f"not the output of wrk: {text}")
    seconds = float(counted[2]) * {"ms": 0.001, "s": 1, "m": 60}[counted[3]]
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    bad = (int(refused[1]) if refused else 0) + (sum(map(int, broken.groups())) if broken else 0)
    return Load(int(counted[1]), seconds, bad)


def wrk(server: Server, page: str, seconds: float) -> Load:
    command = [
        str(program("wrk")),
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds:.0f}s",
        "--timeout",
        "20s",
        "-H",
        "Accept-Encoding: gzip",
        server.url(page),
    ]
    with on_core(LOAD_CORE):
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)  # noqa: S603
    load = parse(done.stdout)
    if load.bad:
        raise RuntimeError(f"{server.name} {page}: {load.bad} bad answers\n{done.stdout}")
    return load


def measure_once(server: Server, page: str, seconds: float) -> Rate:
    before = server.cpu_seconds()
    load = wrk(server, page, seconds)
    return Rate(load.requests / load.seconds, load.requests / (server.cpu_seconds() - before))


def in_turns(servers: Sequence[Server], page: str, rounds: int, seconds: float) -> dict[Server, list[Rate]]:
    rates: dict[Server, list[Rate]] = {server: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            rates[server].append(measure_once(server, page, seconds))
    return rates


def rows_of(page: str, rates: dict[str, list[Rate]]) -> tuple[list[Row], dict[str, float]]:
    """(table rows, share of the first server's requests per CPU second); shares are medians of the rounds' own shares."""
    first, shares, rows = next(iter(rates.values())), dict[str, float](), list[Row]()
    for name, own in rates.items():
        by_second = statistics.median(a.per_second / b.per_second for a, b in zip(own, first, strict=True))
        by_cpu = statistics.median(a.per_cpu_second / b.per_cpu_second for a, b in zip(own, first, strict=True))
        width = spread([rate.per_cpu_second for rate in own])
        middle = [
            statistics.median(rate.per_second for rate in own),
            statistics.median(rate.per_cpu_second for rate in own),
        ]
        noise = f"{percent(width)}{' noisy' if width > NOISY else ''}"
        rows.append((page, name, f"{middle[0]:,.0f}", percent(by_second), f"{middle[1]:,.0f}", percent(by_cpu), noise))
        shares[name] = by_cpu
    return rows, shares


def measure(servers: Sequence[Server], *, aims: dict[str, str], rounds: int, seconds: float) -> Section:
    """servers: nginx first, it is what the others are compared with. aims: server → key of the aim that it is measured for."""
    rows, measured = list[Row](), dict[str, float]()
    for server in servers:
        for page in PAGES:
            wrk(server, page, 1)
    for page in PAGES:
        rates = in_turns(servers, page, rounds, seconds)
        some, shares = rows_of(page, {server.name: own for server, own in rates.items()})
        rows += some
        for name, key in aims.items():
            measured[key] = min(measured.get(key, shares[name]), shares[name])
    note = (
        f"`wrk -t1 -c{CONNECTIONS}`, `Accept-Encoding: gzip`, keep-alive; all of a server's processes on one core (its PostgreSQL too), "
        f"wrk on the other; {rounds} rounds of {seconds:.0f} s in turns, medians. nginx sends the same bodies and headers, "
        f"pre-compressed. CPU seconds are those of all processes of the server. Spread: highest less lowest requests per CPU second, "
        f"of the median; noisy above {percent(NOISY)}. Django alone does not compress. The aims count the weakest page."
    )
    return Section("Throughput", note, HEAD, rows, measured)
