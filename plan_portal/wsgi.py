"""The WSGI application, for granian (`make run`), gunicorn or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plan_portal.settings")
django_application = get_wsgi_application()

from plan_portal.cached_pages import cached  # noqa: E402  # imports models, which need the line above

application = cached(django_application)
