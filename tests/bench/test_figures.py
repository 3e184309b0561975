"""The sums and the reading of other programs' output, on which the tables of bench/ rest."""

import os

import pytest

from bench import machine, nginx_files, pages, processes, report, throughput
from bench.maths import exponent, percentile, spread
from bench.report import AIMS, Aim, Section, document, percent, table, worst
from bench.throughput import Load, Rate

WRK = """Running 2s test @ http://127.0.0.1:8000/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.14ms  291.40us  12.10ms   93.70%
    Req/Sec    14.09k   610.00    14.87k    85.00%
  28046 requests in 2.01s, 112.40MB read
{more}Requests/sec:  13974.61
Transfer/sec:     56.01MB
"""


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [
        ([5], 0.99, 5),
        (range(1, 101), 0.5, 50),
        (range(1, 101), 0.99, 99),
        (range(1, 101), 0.999, 100),
        ([3, 1, 2], 0, 1),
        ([3, 1, 2], 1, 3),
    ],
)
def test_percentile_is_a_value_that_was_measured(values, share, found):
    assert percentile(list(values), share) == found


def test_spread_is_a_share_of_the_median():
    assert spread([90, 100, 120]) == pytest.approx(0.3)
    assert spread([0, 0]) == 0


@pytest.mark.parametrize("power", [0, 0.5, 1, 2])
def test_exponent_of_a_power(power):
    factors = [1, 10, 100, 1000]
    assert exponent(factors, [3 * factor**power for factor in factors]) == pytest.approx(power, abs=1e-9)


def test_exponent_is_not_hidden_by_one_value_that_stays():
    assert exponent([1, 10, 100], [4, 4, 5]) > 0.04


@pytest.mark.parametrize(
    ("more", "bad"),
    [
        ("", 0),
        ("  Non-2xx or 3xx responses: 7\n", 7),
        ("  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 5\n", 15),
    ],
)
def test_output_of_wrk_is_read(more, bad):
    assert throughput.parse(WRK.format(more=more)) == Load(28046, 2.01, bad)


def test_output_of_wrk_in_minutes():
    assert throughput.parse("120 requests in 1.50m, 1MB read").seconds == 90


def test_what_is_not_wrk_is_refused():
    with pytest.raises(ValueError, match="wrk"):
        throughput.parse("unable to connect to 127.0.0.1:8000 Connection refused")


def test_shares_are_those_of_the_same_round():
    """A machine that is slow in one round is so for both."""
    rates = {"nginx": [Rate(100, 200), Rate(10, 20), Rate(100, 200)], "it": [Rate(50, 60), Rate(5, 6), Rate(50, 60)]}
    rows, shares = throughput.rows_of("/", rates)
    assert shares == {"nginx": 1.0, "it": pytest.approx(0.3)}
    assert rows[1] == ("/", "it", "50", "50 %", "60", "30 %", "90 % noisy")


def test_stat_of_a_process_with_a_strange_name():
    fields = ["S", "7", *["0"] * 9, "100", "20", "3", "4", *["0"] * 30]
    assert processes.stat(f"42 (a) b (c) {' '.join(fields)}") == (7, 127 / processes.TICKS)


def test_own_family_is_found():
    assert set(processes.family(os.getpid())) >= {os.getpid()}
    assert processes.cpu_seconds((os.getpid(),)) > 0


def test_pss_is_in_bytes():
    text = "55 - 7f [rollup]\nRss:  900 kB\nPss:  512 kB\nPss_Anon:  100 kB\n"
    assert processes.pss(text) == 512 * 1024
    with pytest.raises(ValueError, match="Pss"):
        processes.pss("Rss: 900 kB\n")


def test_header_for_nginx_is_quoted():
    assert nginx_files.quoted('a "b" \\c') == '"a \\"b\\" \\\\c"'
    with pytest.raises(ValueError, match="variable"):
        nginx_files.quoted("$host")


def test_every_cost_of_a_page_is_counted():
    assert len(pages.cpu_ms(lambda: None, 3)) == 3


def test_table_is_markdown():
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n|---|---:|\n| 1 | 2 |"


@pytest.mark.parametrize(
    ("value", "at_least", "verdict"),
    [(0.25, True, "met"), (0.24, True, "**not met**"), (0.25, False, "met"), (0.26, False, "**not met**")],
)
def test_aim_is_judged_by_what_was_measured(value, at_least, verdict):
    aim = Aim("share", "share", 0.25, percent, at_least=at_least)
    assert aim.row({"share": value})[-1] == verdict
    assert aim.row({"other": value})[-2:] == ("not measured", "?")


def test_worse_database_counts():
    aims = {aim.key: aim for aim in AIMS}
    assert (aims["cached_share"].at_least, aims["p99"].at_least) == (True, False)
    sections = [
        Section("", "", ("",), [], {"cached_share": 0.4, "p99": 1.0}),
        Section("", "", ("",), [], {"cached_share": 0.3, "p99": 2.0}),
    ]
    assert worst(sections) == {"cached_share": 0.3, "p99": 2.0}


def test_document_names_every_aim():
    text = document("- a machine", [Section("Title", "Note.", ("a",), [("1",)], {"p99": 1.2})])
    assert all(aim.name in text for aim in AIMS)
    assert "| p99 at 16 connections, page cache | ≤ 1.50 ms | 1.20 ms | met |" in text
    assert text.count("not measured") == len(AIMS) - 1
    assert "## Title\n\nNote.\n" in text


def test_small_shares_keep_two_digits():
    assert (report.percent(0.273), report.percent(0.0023)) == ("27 %", "0.23 %")


def test_missing_programs_are_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(machine, "program", lambda name: None if name == "wrk" else f"/usr/sbin/{name}")
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda _pid: {0, 1}, raising=False)
    monkeypatch.setattr(machine, "_postgresql_folder", lambda: "")
    monkeypatch.setattr(machine.sys, "platform", "linux")
    assert machine.missing() == [
        "wrk がありません。Debian と Ubuntu では apt-get install wrk で入れてください。",
        "PostgreSQL がありません。Debian と Ubuntu では apt-get install postgresql で入れてください。",
    ]


def test_other_systems_and_one_core_are_told_so(monkeypatch):
    monkeypatch.setattr(machine.sys, "platform", "linux")
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda _pid: {0}, raising=False)
    assert "コアが2つ" in machine.missing()[0]
    monkeypatch.setattr(machine.sys, "platform", "darwin")
    assert "Linux" in machine.missing()[0]
