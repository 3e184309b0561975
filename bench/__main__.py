"""All measurements: prints them and writes bench/RESULTS.md.

python -m bench             about eight minutes
python -m bench --quick     a few rounds of each, to try the harness; writes nothing
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import fresh, growth, latency, machine, nginx_files, pages, published, servers, starts, throughput
from bench.fresh import Watched
from bench.report import RESULTS, Section, document
from bench.servers import Database


@dataclass(frozen=True)
class Effort:
    """How often and how long everything is measured."""

    rounds: int = 5
    seconds: float = 2
    rate: float = 1000
    latency_seconds: float = 10
    starts: int = 7
    different_requests: int = 1000
    factors: tuple[int, ...] = (1, 10, 100, 1000)
    edits: int = 60
    edits_of_files: int = 20
    page_rounds: int = 100


QUICK = Effort(1, 1, 1000, 2, 2, 200, (1, 10), 10, 3, 10)


def tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def prepare(database: Database) -> None:
    """A start fills the empty database and collects the static files."""
    tell(f"{database.name} に計画と見本を登録しています…")
    database.var.mkdir()
    with servers.portal("to prepare", database):
        pass


def with_servers(folder: Path, effort: Effort, databases: list[Database], done: Callable[[Section], None]) -> None:
    """What is measured of running servers; all of them run at once, those that are not asked rest."""
    with ExitStack() as stack:
        start = stack.enter_context
        cached = [start(servers.portal(f"page cache, {one.name}", one)) for one in databases]
        plain = [start(servers.uncached(f"Django alone, {one.name}", one)) for one in databases]
        files = start(published.serving(folder, databases[0], cached[0]))
        nginx = start(servers.nginx("nginx", *nginx_files.write(folder, files, throughput.PAGES)))
        judged = {server.name for server in cached}
        tell("nginx と並べて、速さを測っています…")
        aims = dict.fromkeys(judged, "cached_share") | {files.name: "files_share"}
        fast = [nginx, files, *cached]
        done(throughput.measure([*fast, *plain], aims=aims, rounds=effort.rounds, seconds=effort.seconds))
        tell("待ち時間を測っています…")
        done(latency.measure(fast, judged=judged, rate=effort.rate, seconds=effort.latency_seconds))
        tell("直してから新しいページが出るまでを測っています…")
        watched = [Watched(server, one, 1, effort.edits, 0.1) for server, one in zip(cached, databases, strict=True)]
        watched.append(Watched(files, databases[0], effort.edits + 1, effort.edits_of_files, 1))
        done(fresh.measure(watched, judged=judged))


def alone(folder: Path, effort: Effort, database: Database, done: Callable[[Section], None]) -> None:
    """What is measured when nothing else runs."""
    tell("始まるまでの時間を測っています…")
    done(starts.measure_starts(database, effort.starts))
    tell("メモリーを測っています…")
    with servers.portal("page cache", database) as portal:
        done(starts.measure_memory(portal, effort.different_requests))
    for direction in growth.WHAT:
        tell(f"データを増やしながら測っています（{direction}）…")
        place = folder / direction
        shutil.copytree(database.var, place)
        done(growth.section(Database(database.name, place), direction, effort.factors))


@contextmanager
def all_databases(folder: Path) -> Iterator[list[Database]]:
    with servers.postgresql(folder / "postgresql") as postgresql:
        databases = [Database("SQLite", folder / "sqlite"), postgresql]
        for database in databases:
            prepare(database)
        yield databases


def measure(effort: Effort, sections: list[Section]) -> None:
    def done(section: Section) -> None:
        sections.append(section)
        print(section, flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        with all_databases(folder) as databases:
            tell("ページの CPU 時間を測っています…")
            for database in databases:
                done(pages.section(database, effort.page_rounds))
            with_servers(folder, effort, databases, done)
        alone(folder, effort, databases[0], done)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="ひととおり動かしてみる。結果は書かない")
    quick = parser.parse_args().quick
    if missing := machine.missing():
        sys.exit("\n".join(missing))
    described, sections = machine.described(), list[Section]()
    measure(QUICK if quick else Effort(), sections)
    text = document(described, sections)
    print(text)
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
