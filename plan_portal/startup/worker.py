"""What a worker of granian serves: the WSGI application, and an end for a worker that waits for ever.

A worker answers one request after another, and granian reads a body without any limit of time (its issue 177): two browsers
that send half a form would stop the portal. So a worker that has not answered a form in time ends itself, as gunicorn's
would, and granian starts another. Behind nginx, which passes only whole bodies on, this never happens.
"""

import faulthandler
from collections.abc import Iterable
from typing import Any

from plan_portal.wsgi import application as portal

SECONDS_FOR_A_FORM = 60


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ.get("CONTENT_LENGTH", "0") == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
        return portal(environ, start_response)
    faulthandler.dump_traceback_later(SECONDS_FOR_A_FORM, exit=True)
    try:
        return portal(environ, start_response)
    finally:
        faulthandler.cancel_dump_traceback_later()
