import os
from collections.abc import Callable, Iterator

import pytest

from tests.faults.fragile_portal import FragilePortal
from tests.faults.own_postgresql import OwnPostgresql
from tests.run_report import database

Times = Callable[[int], int]


@pytest.fixture(scope="session")
def times() -> Times:
    """`times(60)`: how often something is done; ten times as often with SOAK=1 (make soak)."""
    factor = 10 if os.environ.get("SOAK") == "1" else 1
    return lambda count: count * factor


@pytest.fixture(scope="session")
def own_postgresql() -> Iterator[OwnPostgresql | None]:
    """None on SQLite."""
    if database() == "sqlite":
        yield None
        return
    server = OwnPostgresql()
    try:
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def prepared_portal(own_postgresql: OwnPostgresql | None, tmp_path_factory: pytest.TempPathFactory) -> FragilePortal:
    portal = FragilePortal(tmp_path_factory.mktemp("faults") / "var", own_postgresql)
    portal.prepare()
    return portal


@pytest.fixture
def portal(prepared_portal: FragilePortal) -> Iterator[FragilePortal]:
    """With a fresh database; not started. Killed at the end, if it still runs."""
    if prepared_portal.server is not None and not prepared_portal.server.running:
        prepared_portal.server.start()
    prepared_portal.renew()
    with prepared_portal.killed_afterwards():
        yield prepared_portal
