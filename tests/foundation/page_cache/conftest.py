from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

from goals.models import BasicGoal
from tests.foundation.page_cache.asking import Cached
from tests.foundation.page_cache.elsewhere import IS_SQLITE, Elsewhere


@pytest.fixture
def cached() -> Cached:
    return Cached()


@pytest.fixture
def elsewhere(transactional_db: None, tmp_path: Path) -> Iterator[Elsewhere]:
    place = tmp_path / "copy.sqlite3"
    if IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(place)])
    # Undone before the database in memory is flushed, which under another name would be closed, and lost.
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        if IS_SQLITE:
            patch.setitem(connections.settings["default"], "NAME", str(place))
        world = Elsewhere(pool, place)
        world.do(BasicGoal.objects.count)  # the first connection of all sets a mode in the file
        yield world
        world.do(world.version.close)
        world.do(connections.close_all)
