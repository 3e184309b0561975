"""One answer of a WSGI application, taken whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

Answer = Iterable[bytes]
StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Answer]


class Rendered(NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: bytes

    def has(self, name: str) -> bool:
        return any(header.lower() == name for header, _ in self.headers)


def render(application: Application, environ: dict[str, Any]) -> Rendered:
    """Raises what the application raises."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        started.append((status, headers))
        return written.append

    answer = application(environ, start_response)
    try:
        body = b"".join(answer)
    finally:
        if close := getattr(answer, "close", None):
            close()
    status, headers = started[-1]
    return Rendered(status, headers, b"".join(written) + body)
