"""The portal's settings, with what a test run may not share with a real portal."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only")
if "PORTAL_VAR" not in os.environ:
    os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="plan-portal-tests-")
    atexit.register(shutil.rmtree, os.environ["PORTAL_VAR"], ignore_errors=True)

from plan_portal.settings import *  # noqa: F403

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
