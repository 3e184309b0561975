"""The WSGI application, for granian (`make run`), gunicorn or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plan_portal.settings")
application = get_wsgi_application()
