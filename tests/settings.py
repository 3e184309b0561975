"""The portal's settings, with what a test run may not share with a real portal."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("PORTAL_VAR", tempfile.mkdtemp(prefix="plan-portal-tests-"))

from plan_portal.settings import *  # noqa: F403

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
