"""Publishes again whenever the content has changed, and after midnight."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path

from django.db import Error as DatabaseTrouble
from django.utils.timezone import localdate

from plan_portal.foundation.content_version import ContentVersion
from plan_portal.foundation.replica import public_alias
from plan_portal.published_files.errors import PublishError
from plan_portal.published_files.publishing import Tell, publish

POLL, RETRY = 0.1, 5.0  # seconds between two looks, and after a failure


def watch(path: Path, tell: Tell, complain: Tell, *, parent: int) -> None:
    """As long as this is a child of the process `parent`.

    complain: hears of each new trouble once; what was published stays, and it is tried again.
    """
    version = ContentVersion(public_alias())
    published: Hashable = None
    trouble = ""
    while os.getppid() == parent:
        pause = POLL
        try:
            wanted = version.current(), localdate()
            if wanted != published:
                report = publish(path)
                published, trouble = wanted, ""
                if report.changes:
                    tell(str(report))
                else:
                    pause = report.seconds  # a login, a draft: at most half of a core for what citizens do not see
        except Exception as error:  # whatever it is: without a watcher, old pages would be served for good
            words, pause = _words(error), RETRY
            if words != trouble:
                complain(words)
            trouble = words
        time.sleep(pause)


def _words(error: Exception) -> str:
    if isinstance(error, PublishError):
        return str(error)
    if isinstance(error, DatabaseTrouble):
        return f"データベースが答えません（{error}）。"
    return "".join(traceback.format_exception(error))


@contextmanager
def watching_beside(path: Path | None) -> Iterator[None]:
    """A child process watches while the block runs; None: nobody does. Every database connection must be closed before."""
    if path is None:
        yield
        return
    child = get_context("fork").Process(target=_watch_quietly, args=(path, os.getpid()), daemon=True)
    child.start()
    try:
        yield
    finally:
        child.terminate()
        child.join()


def _watch_quietly(path: Path, parent: int) -> None:
    """Ctrl+C reaches the whole process group: it is no fault."""
    os.umask(0o022)
    with suppress(KeyboardInterrupt):
        watch(path, tell=lambda _: None, complain=lambda words: os.write(2, f"{words}\n".encode()), parent=parent)
