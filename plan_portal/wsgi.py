"""The WSGI application, for granian (`make run`), gunicorn or any other server."""

import os

from django.core.wsgi import get_wsgi_application

from plan_portal.foundation.content_types import read_as_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plan_portal.settings")
django_application = read_as_utf8(get_wsgi_application())

from plan_portal.cached_pages import cached  # noqa: E402  # imports models, which need the line above

application = cached(django_application)
