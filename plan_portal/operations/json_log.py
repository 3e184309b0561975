"""Logs as JSON, one line a record, without anything that tells of a person.

What somebody sent may stand in the arguments of a message and in the message of an exception: an address, a form, a header,
a row. So neither is written: only what the code itself says, where it broke, and the path without its query.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import responses
from typing import Any

from django.http import HttpRequest

_LONGEST_PATH = 200


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            told |= {"method": request.method, "path": request.path[:_LONGEST_PATH]}
        if status := getattr(record, "status_code", None):
            told["status"] = status
        if record.exc_info and (error := record.exc_info[1]):
            told |= {"exception": _name(error), "stack": "\n".join(reversed(list(_stacks(error))))}
        return json.dumps(told, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """The text without its arguments. What Django writes of a request or an attack holds headers: then the kind alone."""
    if (status := getattr(record, "status_code", None)) in responses:
        return responses[status]
    if record.name.startswith("django.security."):
        return record.name.rpartition(".")[2]
    return record.msg if isinstance(record.msg, str) else type(record.msg).__name__


def _stacks(error: BaseException | None) -> Iterator[str]:
    """Of the exception and of those that led to it, newest first: lines of the code, no values."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        frames = "".join(traceback.format_tb(error.__traceback__))
        yield f"Traceback (most recent call last):\n{frames}{_name(error)}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"
