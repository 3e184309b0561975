"""Where entries stand: bounded in number and in bytes, the longest unused one goes first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from plan_portal.foundation.page_cache.entry import Entry

MIB = 1024 * 1024
BIGGEST_BODY = MIB


class Shelf:
    """bytes: of bodies as they are; with both codings at most thrice as many, of text in practice half as many more."""

    def __init__(self, *, entries: int, size: int) -> None:
        self._most_entries, self._most_bytes = entries, size
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: Hashable, entry: Entry) -> None:
        with self._lock:
            self._take(key)
            if len(entry.body) > BIGGEST_BODY:
                return
            self._entries[key] = entry
            self._bytes += len(entry.body)
            while len(self._entries) > self._most_entries or self._bytes > self._most_bytes:
                self._take(next(iter(self._entries)))

    def remove(self, key: Hashable) -> None:
        with self._lock:
            self._take(key)

    def _take(self, key: Hashable) -> None:
        gone = self._entries.pop(key, None)
        if gone is not None:
            self._bytes -= len(gone.body)


class Shelves:
    """Two: pages without a query, of which there are as many as pages, and all that a client can ask for without end."""

    def __init__(self) -> None:
        self.pages = Shelf(entries=1024, size=12 * MIB)
        self.asked = Shelf(entries=512, size=4 * MIB)

    def get(self, key: Hashable) -> Entry | None:
        return self.pages.get(key) or self.asked.get(key)

    def put(self, key: Hashable, entry: Entry, *, is_endless: bool) -> None:
        (self.asked if is_endless else self.pages).put(key, entry)

    def remove(self, key: Hashable) -> None:
        self.pages.remove(key)
        self.asked.remove(key)
