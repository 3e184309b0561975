"""What more data costs: queries, CPU time and bytes of pages, and the exponents with which they grow.

    python -m bench.growth around|inside 1 10 100 1000

Wants the environment of a portal whose database is ready and may be spoilt. Prints JSON; `section` makes the table of it.
"""

import json
import statistics
import sys
import time
from collections.abc import Sequence

from bench.django_child import run_module
from bench.maths import exponent
from bench.pages import ask, cpu_ms, queries
from bench.report import Row, Section
from bench.servers import Database

PAGES = (
    "/",
    "/plan/",
    "/goals/4/",
    "/goals/7/4/",
    "/initiatives/",
    "/kizuna/",
    "/kizuna/goals/2/",
    "/relationship/",
    "/sdgs/3/",
    "/search/?q=支援",
    "/updates/",
    "/api/v1/initiatives/",
)
SECONDS_A_PAGE = 0.3
WHAT = {
    "around": "Growth around the current plan",
    "inside": "Growth inside the current plan",
}
NOTES = {
    "around": "Former editions with all their records, the log of changes, published changes and 担当",
    "inside": "取組 and 連携 of the current plan; the goals and items of both plans by the root of it (a plan holds 999 of each at most)",
}
HEAD = ("page", "queries", "exponent", "CPU ms", "exponent", "kB", "exponent")
Costs = dict[str, dict[str, float]]


def costs() -> Costs:
    from bench.uncached import application

    found: Costs = {}
    for page in PAGES:
        begin = time.monotonic()
        size, asked = len(ask(application, page)), queries(application, page)
        rounds = int(min(max(SECONDS_A_PAGE / (time.monotonic() - begin), 1), 30))
        times = cpu_ms(lambda page=page: ask(application, page), rounds)
        found[page] = {"queries": asked, "cpu": statistics.median(times), "bytes": size}
    return found


def measure(direction: str, factors: Sequence[int]) -> list[Costs]:
    from django.db import connection

    from bench.growth_data import Around, Inside, first_year

    first_year()
    data = Around() if direction == "around" else Inside()
    measured = []
    for factor in factors:
        data.grow(factor)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        measured.append(costs())
    return measured


def section(database: Database, direction: str, factors: Sequence[int]) -> Section:
    measured: list[Costs] = run_module("bench.growth", database, direction, *map(str, factors))
    rows: list[Row] = []
    worst = 0.0
    for page in PAGES:
        row = [page]
        for kind, show in (("queries", "{:.0f}"), ("cpu", "{:.1f}"), ("bytes", "{:.1f}")):
            values = [costs[page][kind] for costs in measured]
            slope = round(exponent(factors, values), 4)
            scale = 1000 if kind == "bytes" else 1
            row += [" → ".join(show.format(value / scale) for value in values), f"{slope:.2f}"]
            worst = max(worst, slope) if kind == "queries" else worst
        rows.append(tuple(row))
    times = ", ".join(f"×{factor:,}" for factor in factors)
    note = f"{NOTES[direction]}, {times}, on {database.name}, uncached. Exponents by least squares on the logarithms."
    return Section(WHAT[direction], note, HEAD, rows, {"queries_exponent": worst})


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(sys.argv[1], [int(factor) for factor in sys.argv[2:]])))
