"""The embedded database: copied while the portal writes, checked, and poured back while it reads. Never by copying the file."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from plan_portal.operations.refusal import OperationRefusedError

MAGIC = b"SQLite format 3\0"
SECONDS_FOR_A_LOCK = 20


@contextmanager
def opened(path: Path, *, at_rest: bool = False) -> Iterator[sqlite3.Connection]:
    """For reading. at_rest: nobody writes to the file, so nothing is put beside it (it may lie on a disk that is read-only)."""
    address = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if at_rest else ''}"
    with closing(sqlite3.connect(address, uri=True, timeout=SECONDS_FOR_A_LOCK, isolation_level=None)) as connection:
        yield connection


def is_one(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def size(database: Path) -> int:
    """What a copy takes at most, in bytes."""
    with opened(database) as connection:
        pages, page = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return int(pages * page)


def copy(database: Path, target: Path) -> None:
    """One moment of the database, whole, while others write. `target` must be empty; its mode is kept."""
    with opened(database) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def read(path: Path) -> tuple[set[tuple[str, str]], int]:
    """The migrations in a file that is sound from end to end, and the number of its rows."""
    if any(Path(f"{path}{beside}").exists() for beside in ("-wal", "-journal")):
        raise OperationRefusedError(
            f"{path} は、動いているデータベースか、そのファイルをコピーしたものです。"
            "manage.py backup で作ったファイルを指定してください。"
        )
    with opened(path, at_rest=True) as connection:
        try:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.DatabaseError(found)
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = sum(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)  # noqa: S608
            if "django_migrations" not in tables:
                return set(), rows
            return set(connection.execute("SELECT app, name FROM django_migrations")), rows
        except sqlite3.DatabaseError as error:
            raise OperationRefusedError(
                f"{path} は壊れています（{error}）。ほかのバックアップを使ってください。"
            ) from error


def pour(source: Path, database: Path) -> None:
    """Everything in `database` becomes what is in `source`, in one transaction: who reads sees all of the old or all of the new."""
    began = time.monotonic()

    def give_up(status: int, _remaining: int, _total: int) -> None:
        if status == sqlite3.SQLITE_BUSY and time.monotonic() - began > SECONDS_FOR_A_LOCK:
            raise sqlite3.OperationalError("database is locked")

    with (
        opened(source, at_rest=True) as new,
        closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as live,
    ):
        live.execute("PRAGMA synchronous = FULL")
        new.backup(live, progress=give_up)
