"""Readers at a real nginx while one release follows the other: each answer is a whole one, and none is older than the one before."""

import re
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from plan_portal.published_files.releases import Folder
from tests.nginx_process import HOST, NginxProcess, ask
from tests.plan_portal.published_files.conftest import wait_for

pytestmark = pytest.mark.nginx

RELEASES, READERS, WORDS = 20, 4, 4000
PATHS = ("/", "/goals/4/", "/data/goals.csv")
FILES = ("plain/page.html", "furigana/page.html", "plain/goals/4/page.html", "plain/data/goals.csv/download.csv")


def bodies(number: int) -> dict[str, bytes]:
    """Of the release `number`: long, so that half of one would be seen."""
    return {name: f"begin {f'{number} ' * WORDS}end {name}".encode() for name in FILES}


class Reader(threading.Thread):
    def __init__(self, nginx: NginxProcess, coding: str) -> None:
        super().__init__(daemon=True)
        self.nginx, self.coding = nginx, coding
        self.seen: Counter[int] = Counter()
        self.faults: list[str] = []
        self.stopped = False

    def run(self) -> None:
        newest, tags = dict.fromkeys(PATHS, 0), {}
        with closing(self.nginx.connection()) as connection:
            while not self.stopped:
                for path in PATHS:
                    headers = {"Host": HOST, "Accept-Encoding": self.coding}
                    answer = ask(connection, "GET", path, headers)
                    found = re.fullmatch(rf"begin ((\d+) )(?:\1){{{WORDS - 1}}}end \S+", answer.body.decode())
                    if answer.status != 200 or found is None or int(found[2]) < newest[path]:
                        self.faults.append(f"{path}: {answer.status} {answer.body[:40]!r} after {newest[path]}")
                        continue
                    newest[path] = int(found[2])
                    if tags.setdefault((path, answer.headers["etag"]), newest[path]) != newest[path]:
                        self.faults.append(f"{path}: two contents with the tag {answer.headers['etag']}")
                    self.seen[newest[path]] += 1


def test_only_whole_releases_are_seen(tmp_path: Path, counts: Counter[str]) -> None:
    folder, static = Folder(tmp_path / "published"), tmp_path / "static"
    with folder.locked():
        folder.replace(bodies(1), static)
        with NginxProcess(tmp_path / "nginx", folder.path, 9).running() as nginx:
            readers = [Reader(nginx, coding) for coding in ("br", "gzip", "", "gzip, br")[:READERS]]
            for reader in readers:
                reader.start()
            for number in range(2, RELEASES + 2):
                wait_for(lambda now=number - 1: all(reader.seen[now] or reader.faults for reader in readers))
                folder.replace(bodies(number), static)
            wait_for(lambda: all(reader.seen[RELEASES + 1] or reader.faults for reader in readers))
            for reader in readers:
                reader.stopped = True
            for reader in readers:
                reader.join(30)
                assert not reader.is_alive()
    assert [reader.faults for reader in readers] == [[]] * READERS
    counts["answers read while 20 releases followed each other"] += sum(reader.seen.total() for reader in readers)
    assert len(list((folder.path / "releases").iterdir())) == 2
