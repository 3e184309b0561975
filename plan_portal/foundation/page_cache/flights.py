"""Single flight: of those who miss the same page at the same time one makes it, the others wait for it."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from plan_portal.foundation.page_cache.entry import Entry

LONGEST_WAIT = 10.0  # seconds; then each makes the page alone


class Flight:
    def __init__(self) -> None:
        self.entry: Entry | None = None
        self.landed = threading.Event()

    def wait(self) -> Entry | None:
        """None: the one in front made nothing that others may have."""
        self.landed.wait(LONGEST_WAIT)
        return self.entry


class Flights:
    def __init__(self) -> None:
        self._under_way: dict[Hashable, Flight] = {}
        self._lock = threading.Lock()

    @contextmanager
    def boarded(self, key: Hashable) -> Iterator[tuple[Flight, bool]]:
        """(flight, is_leader). Whatever becomes of the leader, nobody is left waiting."""
        mine = Flight()
        with self._lock:
            flight = self._under_way.setdefault(key, mine)
        if flight is not mine:
            yield flight, False
            return
        try:
            yield flight, True
        finally:
            with self._lock:
                del self._under_way[key]
            flight.landed.set()
