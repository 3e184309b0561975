"""When files are published: after each change of the content, after midnight, and not otherwise."""

import signal
from collections.abc import Hashable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from plan_portal.published_files import watching
from plan_portal.published_files.errors import PublishError
from plan_portal.published_files.publishing import Report
from plan_portal.published_files.releases import Changes
from plan_portal.published_files.watching import POLL, RETRY, watch
from tests.nginx_process import NginxProcess
from tests.plan_portal.published_files.conftest import wait_for
from tests.portal_process import PortalProcess

CHANGED, SAME = Report(9, Changes(("plain/page.html",)), 0.5), Report(9, Changes(), 0.7)


class Watched:
    """What a watcher meets, look by look: (version or what is raised, day, what publishing gives or raises). It notes what it did."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, looks: list[tuple[Any, int, Any]]) -> None:
        self._looks: Iterator[tuple[Any, int, Any]] = iter(looks)
        self._now: tuple[Any, int, Any] | None = next(self._looks)
        self.published, self.pauses = [], []
        self.told: list[str] = []
        self.complaints: list[str] = []
        monkeypatch.setattr(watching, "ContentVersion", lambda _alias: self)
        monkeypatch.setattr(watching, "localdate", lambda: date(2026, 4, self._now[1]))
        monkeypatch.setattr(watching, "publish", self._publish)
        monkeypatch.setattr(watching.time, "sleep", self._sleep)
        monkeypatch.setattr(watching.os, "getppid", lambda: 1 if self._now else 2)
        watch(Path("published"), self.told.append, self.complaints.append, parent=1)

    def current(self) -> Hashable:
        return self._given(self._now[0])

    def _publish(self, _path: Path) -> Report:
        self.published.append(self._now[:2])
        return self._given(self._now[2])

    def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._now = next(self._looks, None)

    @staticmethod
    def _given(value: Any) -> Any:
        if isinstance(value, Exception):
            raise value
        return value


def test_after_each_change_and_after_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [("a", 1, CHANGED), ("a", 1, None), ("b", 1, CHANGED), ("b", 1, None), ("b", 2, CHANGED), ("b", 2, None)]
    watched = Watched(monkeypatch, looks)
    assert watched.published == [("a", 1), ("b", 1), ("b", 2)]
    assert watched.pauses == [POLL] * 6
    assert watched.told == [str(CHANGED)] * 3


def test_changes_that_nobody_sees_take_half_of_a_core_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch, [("a", 1, CHANGED), ("b", 1, SAME), ("c", 1, SAME)])
    assert watched.pauses == [POLL, SAME.seconds, SAME.seconds]
    assert watched.told == [str(CHANGED)]


def test_trouble_is_told_once_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, broken = OperationalError("gone"), PublishError("/plan/ が 500 になりました。")
    looks = [(gone, 1, None), (gone, 1, None), ("a", 1, broken), ("a", 1, broken), ("a", 1, CHANGED), ("b", 1, broken)]
    watched = Watched(monkeypatch, [*looks, ("b", 1, ValueError("a mistake"))])
    assert watched.published == [("a", 1), ("a", 1), ("a", 1), ("b", 1), ("b", 1)]
    assert watched.complaints[:3] == ["データベースが答えません（gone）。", str(broken), str(broken)]
    assert "ValueError: a mistake" in watched.complaints[3]
    assert watched.pauses == [RETRY, RETRY, RETRY, RETRY, POLL, RETRY, RETRY]


@pytest.mark.nginx
def test_a_change_is_seen_at_nginx(portal: PortalProcess, published: Path, nginx: NginxProcess) -> None:
    before = nginx.get("/goals/4/")
    code = "from goals.models import BasicGoal; BasicGoal.objects.filter(number=4).update(summary_easy='{}')"
    assert portal.manage("shell", "-c", code.format("かわりました")).returncode == 0
    wait_for(lambda: "かわりました" in nginx.get("/goals/4/").body.decode())
    after = nginx.get("/goals/4/")
    assert after.is_a_file
    assert after.headers["etag"] != before.headers["etag"]
    assert nginx.get("/goals/4/", If_None_Match=before.headers["etag"]).status == 200
    assert portal.manage("shell", "-c", code.format("")).returncode == 0
    wait_for(lambda: nginx.get("/goals/4/").body == before.body)


IN_ONE_STATE = """
import threading
from goals.models import Plan
from plan_portal.published_files.rendering import one_state
def change():
    Plan.objects.update(municipality="ほかの市")
with one_state("default"):
    before = Plan.objects.get().municipality
    writer = threading.Thread(target=change)
    writer.start(); writer.join()
    print(before == Plan.objects.get().municipality)
print(Plan.objects.get().municipality)
"""


def test_all_pages_are_read_from_one_state_and_writers_need_not_wait(portal: PortalProcess) -> None:
    ended = portal.manage("shell", "-c", IN_ONE_STATE, PORTAL_PUBLISH_TO="")
    assert ended.stderr == ""
    assert ended.stdout.split()[-2:] == ["True", "ほかの市"]
    assert (
        portal.manage("shell", "-c", "from goals.models import Plan; Plan.objects.update(municipality='登別市')").stderr
        == ""
    )


BESIDE = """
import os, pathlib, signal
from django.db import connections
from plan_portal.published_files.watching import watching_beside
connections.close_all()
with watching_beside(pathlib.Path({folder!r})):
    {then}
"""


@pytest.mark.parametrize(
    ("then", "code"),
    [("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL), ("pass", 0), ("raise SystemExit(3)", 3)],
)
def test_nobody_watches_once_the_server_has_ended(portal: PortalProcess, tmp_path: Path, then: str, code: int) -> None:
    """The watcher holds the end of a pipe that is read here until nobody holds it: else this would not end."""
    ended = portal.manage("shell", "-c", BESIDE.format(folder=str(tmp_path), then=then))
    assert (ended.returncode, ended.stderr) == (code, "")
