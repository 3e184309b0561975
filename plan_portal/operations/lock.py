"""Backup, restore and move of one portal wait for one another."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

Say = Callable[[str], object]


@contextmanager
def one_at_a_time(say: Say) -> Iterator[None]:
    """The lock is a file in the portal's own folder, which is on a local disk; the system frees it when a process dies."""
    with open(os.open(Path(settings.VAR_DIR) / "operations.lock", os.O_RDWR | os.O_CREAT, 0o600), "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("ほかのバックアップか復元が終わるのを待っています。")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
