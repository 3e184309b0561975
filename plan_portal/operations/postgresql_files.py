"""PostgreSQL: its own programs make and read the file. What they need to know goes by the environment, never where `ps` shows it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from plan_portal.operations.refusal import OperationRefusedError, first_line

MAGIC = b"PGDMP"
FOLDERS = ["usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin"]
_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "passfile", "service", "options")
SECONDS_FOR_A_LOCK = 20.0
_BEGIN = """
BEGIN;
SET LOCAL client_min_messages = error;
SET LOCAL lock_timeout = '%dms';
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT format('%%I.%%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE 'DROP TABLE IF EXISTS ' || one.name || ' CASCADE';
  END LOOP;
  FOR one IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') LOOP
    EXECUTE 'DROP ROUTINE IF EXISTS ' || one.name || ' CASCADE';
  END LOOP;
END $$;
"""


def is_one(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def program(name: str, server: int | None = None) -> str:
    """The one of the server's own release, or the next newer one. Without `server`: the newest."""
    found = [str(folder / name) for pattern in FOLDERS for folder in Path("/").glob(pattern)]
    if on_path := shutil.which(name):
        found.append(on_path)
    fitting = sorted((_release(path), -place, path) for place, path in enumerate(found) if os.access(path, os.X_OK))
    if server is not None:
        fitting = [one for one in fitting if one[0] >= server][:1]
    if not fitting:
        number = "" if server is None else f"-{server}"
        raise OperationRefusedError(
            f"PostgreSQL の道具（{name}）が{'' if server is None else f'、サーバーと同じ版（{server}）では'}見つかりません。"
            f"入れるには: sudo apt-get install postgresql-client{number}"
        )
    return fitting[-1][2]


def _release(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


def environment(database: dict[str, Any]) -> dict[str, str]:
    """`database`: settings of a Django connection."""
    told = {
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
        **{f"PG{name.upper()}": database["OPTIONS"].get(name) for name in _OPTIONS},
    }
    return {**os.environ, **{name: str(value) for name, value in told.items() if value}}


def server_release(connection: Any) -> int:
    return int(connection.pg_version // 10_000)


def size(connection: Any) -> int:
    """More than a dump takes, in bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def copy(connection: Any, target: Path) -> None:
    """One moment of the database, while others write, in pg_dump's custom format. The mode of `target` is kept."""
    said = subprocess.run(  # noqa: S603
        [program("pg_dump", server_release(connection)), "--format=custom", "--no-password", "--file", str(target)],
        env=environment(connection.settings_dict),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if said.returncode:
        raise OperationRefusedError(
            f"バックアップを作れませんでした（{first_line(said.stderr) or f'pg_dump: {said.returncode}'}）。"
            "データベースが動いているか、ディスクに空きがあるかを確かめてください。"
        )


def read(path: Path) -> tuple[set[tuple[str, str]], int]:
    """The migrations in a file that can be read to its end, and the number of its rows."""
    migrations, rows = set(), 0
    with _script(path, "--data-only") as lines:
        for columns, row in _rows(lines):
            rows += 1
            if columns is not None:
                values = dict(zip(columns, row.decode().split("\t"), strict=True))
                migrations.add((values["app"], values["name"]))
    return migrations, rows


def _rows(lines: Iterable[bytes]) -> Iterator[tuple[list[str] | None, bytes]]:
    """Each row that a dump holds, with the names of its columns when it is one of django_migrations."""
    inside, columns = False, None
    for line in lines:
        if inside:
            if line == b"\\.\n":
                inside = False
            else:
                yield columns, line.rstrip(b"\n")
        elif line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            inside, table = True, line.decode()
            columns = (
                re.split(r", ", table[table.index("(") + 1 : table.index(")")])
                if ".django_migrations " in table
                else None
            )


def pour(path: Path, connection: Any) -> None:
    """Everything in the database becomes what is in the file, in one transaction: all or nothing.

    COMMIT is sent only after the file was read to its end; whatever breaks off before leaves the database as it was.
    """
    release = server_release(connection)
    with (
        TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603
            [program("psql", release), "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"],
            env=environment(connection.settings_dict),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as psql,
    ):
        try:
            with _script(path, "--no-owner", "--no-privileges", "--no-comments", server=release) as lines:
                _tell(psql, [(_BEGIN % (SECONDS_FOR_A_LOCK * 1000)).encode()])
                _tell(psql, lines)
            _tell(psql, [b"\nCOMMIT;\n"])
            psql.communicate()
        except BaseException:
            psql.kill()
            _close(psql)
            raise
        if psql.returncode:
            errors.seek(0)
            raise OperationRefusedError(
                f"復元できませんでした（{first_line(errors.read().decode(errors='replace'))}）。データベースは、元のままです。"
                "ポータルを止めてから、もう一度行ってください。"
            )


def _tell(program: subprocess.Popen[bytes], lines: Iterable[bytes]) -> None:
    """A program that has ended will say why; all lines are taken all the same."""
    assert program.stdin is not None  # noqa: S101  # for mypy
    for line in lines:
        with suppress(BrokenPipeError):
            program.stdin.write(line)


def _close(program: subprocess.Popen[bytes]) -> None:
    if program.stdin:
        with suppress(BrokenPipeError):
            program.stdin.close()


@contextmanager
def _script(path: Path, *options: str, server: int | None = None) -> Iterator[IO[bytes]]:
    """The file as SQL, line by line. Refuses when it cannot be read to its end."""
    with (
        TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603
            [program("pg_restore", server), *options, "--file=-", str(path)], stdout=subprocess.PIPE, stderr=errors
        ) as pg_restore,
    ):
        assert pg_restore.stdout is not None  # noqa: S101  # for mypy
        try:
            yield pg_restore.stdout
        except BaseException:
            pg_restore.kill()
            raise
        if pg_restore.wait():
            errors.seek(0)
            reason = first_line(errors.read().decode(errors="replace"))
            raise OperationRefusedError(
                f"{path} は壊れているか、この版では読めません（{reason}）。ほかのバックアップを使ってください。"
            )
