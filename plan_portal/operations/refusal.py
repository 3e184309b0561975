"""Why something was not done, in words for the person at the terminal."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error


class OperationRefusedError(Exception):
    """It was not done, and nothing has changed. The message is Japanese and says what to do."""


@contextmanager
def troubles_in_plain_words(what: str) -> Iterator[None]:
    """`what` could not be done because of the disk or the database."""
    try:
        yield
    except OSError as error:
        place = f"{error.filename}：" if error.filename else ""
        raise OperationRefusedError(
            f"{what}できませんでした（{place}{error.strerror or error}）。ディスクの空きと、フォルダーの権限を確かめてください。"
        ) from error
    except (sqlite3.Error, Error) as error:
        raise OperationRefusedError(f"{what}できませんでした（{first_line(error)}）。{_advice(error)}") from error


def first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]


def _advice(error: Exception) -> str:
    if "malformed" in str(error) or "not a database" in str(error):
        return (
            "データベースのファイルが壊れています。docs/operations.md の「データベースが壊れた」の順に直してください。"
        )
    if "locked" in str(error):
        return "ほかのプログラムがデータベースを使っています。それが終わってから、もう一度行ってください。"
    return "データベースが動いているか、ディスクに空きがあるかを確かめてください。"
