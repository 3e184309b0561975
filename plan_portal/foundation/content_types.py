"""Requests are read as UTF-8, whatever they say of themselves (WSGI)."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
_BOUNDARY = re.compile(r';\s*boundary=("[^"]*"|[^;\s]*)', re.IGNORECASE)


def read_as_utf8(application: Application) -> Application:
    """Of a Content-Type only what portals need comes in. Django takes any codec of Python for a charset, such as rot13, and fails
    before its middleware could answer; it takes slow ones, such as idna, too."""

    def reading(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if given := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = plain(given)
        return application(environ, start_response)

    return reading


def plain(content_type: str) -> str:
    """The media type, and the boundary of a form with files."""
    boundary = _BOUNDARY.search(content_type)
    return content_type.partition(";")[0].strip() + (boundary[0] if boundary else "")
