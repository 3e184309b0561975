"""Two people save one record at the same moment, a thousand times: one is saved, the other is told, nothing is lost."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from initiatives.models import Department
from tests import factories as f
from tests.plan_portal.admin_world import client_as, seen

ROUNDS = 1000
SECONDS = 60


@pytest.fixture
def in_threads(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    """Runs functions in threads that stay, each with its own connection. SQLite in memory lends none: there it is a copy in a file."""
    if connection.vendor == "sqlite":
        copy = str(tmp_path / "copy.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [copy])
        monkeypatch.setitem(connections.settings["default"], "NAME", copy)
    pools = [ThreadPoolExecutor(1) for _ in range(2)]

    def run(*functions: Callable) -> list:
        running = [pool.submit(function) for pool, function in zip(pools, functions, strict=False)]
        return [future.result(SECONDS) for future in running]

    yield run
    run(connections.close_all, connections.close_all)
    for pool in pools:
        pool.shutdown()


def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(in_threads: Callable, counts: Counter[str]) -> None:
    together = threading.Barrier(2, timeout=SECONDS)
    department, *browsers = (
        in_threads(f.DepartmentFactory)[0],
        *in_threads(lambda: client_as("市・編集"), lambda: client_as("市・承認")),
    )
    address = reverse("admin:initiatives_department_change", args=[department.pk])
    body = {"name": department.name, "valid_from": "2026-04-01", "valid_to": "", "replaces": "", "email": ""}

    def save(browser: Client, phone: str, version: str) -> Callable[[], tuple[int, str, str]]:
        def send() -> tuple[int, str, str]:
            browser.cookies.pop("messages", None)
            together.wait()
            response = browser.post(address, body | {"phone": phone, "edit_version": version})
            return response.status_code, phone, response.content.decode()

        return send

    for number in range(ROUNDS):
        version = in_threads(lambda: seen(department))[0]
        phones = f"0143-85-{number:04}", f"0144-85-{number:04}"
        saved, told = sorted(in_threads(*(save(*pair, version) for pair in zip(browsers, phones, strict=True))))
        assert (saved[0], told[0]) == (302, 409)
        assert in_threads(lambda: Department.objects.get().phone)[0] == saved[1]
        assert told[1] in told[2]
        assert "電話（2人とも直しました）" in told[2]
        counts["simultaneous double edits"] += 1
    assert in_threads(Department.history.count)[0] == ROUNDS + 1
