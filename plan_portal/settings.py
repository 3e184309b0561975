"""Settings, all from the environment; what is not given is fit for one machine with the embedded SQLite."""

import sys
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from plan_portal.databases import UnreadableDatabaseUrlError, databases
from plan_portal.secret_key import read_or_make
from plan_portal.startup.listening import is_loopback

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# What the portal writes: the embedded database, the secret key, the collected static files.
VAR_DIR = Path(env.str("PORTAL_VAR", str(BASE_DIR / "var"))).resolve()
BACKUP_DIR = Path(env.str("PORTAL_BACKUPS", str(VAR_DIR / "backups"))).resolve()

DEBUG = env.bool("PORTAL_DEBUG", False)
try:
    SECRET_KEY = env.str("SECRET_KEY", "") or read_or_make(VAR_DIR / "secret-key")
except OSError as error:
    sys.exit(
        f"{VAR_DIR} に書き込めません（{error.strerror}）。"
        "書き込めるフォルダーで動かすか、PORTAL_VAR に書き込めるフォルダーを指定してください。"
    )
ALLOWED_HOSTS = env.list("PORTAL_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("PORTAL_ORIGINS", default=[])
HTTPS = env.bool("PORTAL_HTTPS", False)
# RFC 9116 wants one address for security reports: mailto: or https:. Unset: the portal's own contact page.
SECURITY_CONTACT = env.str("PORTAL_SECURITY_CONTACT", "")

# The conditions under which the open data may be used. Unset: the page says 確認待ち.
DATA_LICENCE = env.str("PORTAL_DATA_LICENCE", "")
DATA_LICENCE_URL = env.str("PORTAL_DATA_LICENCE_URL", "")

# Mail to the other organisation when a linkage waits for it (manage.py send_digest): off, and to the console, unless said otherwise.
PORTAL_MAIL = env.bool("PORTAL_MAIL", False)
PORTAL_URL = env.str("PORTAL_URL", "http://127.0.0.1:8000/")
# The folder of the files that nginx serves (manage.py publish_site). Unset: none are written.
PUBLISH_TO = Path(env.str("PORTAL_PUBLISH_TO")).resolve() if env.str("PORTAL_PUBLISH_TO", "") else None
DEFAULT_FROM_EMAIL = env.str("PORTAL_MAIL_FROM", "webmaster@localhost")
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))

INSTALLED_APPS = [
    "plan_portal.apps.PlanPortalConfig",
    "plan_portal.foundation",
    "goals",
    "sdgs",
    "initiatives",
    "kizuna",
    "plan_portal.accessibility",
    "plan_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "crispy_forms",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    # Before all that may refuse or answer: no answer leaves without their headers.
    "plan_portal.middleware.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "plan_portal.foundation.page_cache.unavailable.DatabaseGoneMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "plan_portal.foundation.replica.ReplicaMiddleware",
    "plan_portal.middleware.CurrentPlanMiddleware",
    "plan_portal.furigana.FuriganaMiddleware",
    "plan_portal.middleware.PlainErrorMiddleware",
    "plan_portal.login.sessions.SessionLimitsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "plan_portal.urls"
WSGI_APPLICATION = "plan_portal.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "plan_portal.context.current_plan",
            ],
            "builtins": ["plan_portal.templatetags.portal"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "dads"
CRISPY_FAIL_SILENTLY = False

try:
    DATABASES = databases(
        env.str("DATABASE_URL", "") or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}", env.str("DATABASE_REPLICA_URL", "")
    )
except UnreadableDatabaseUrlError as error:
    sys.exit(str(error))
DATABASE_ROUTERS = ["plan_portal.foundation.replica.ReplicaRouter"] if "replica" in DATABASES else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["plan_portal.formats"]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "plan_portal.login.hashing.PortalArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of older accounts: made anew at their next login
]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

# Five wrong passwords lock that name at that address, and nobody else behind it. What is kept of them goes after the 15 minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = AXES_DISABLE_ACCESS_LOG = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "plan_portal.login.address.client_address"
AXES_LOCKOUT_CALLABLE = "plan_portal.login.lockout.locked_out"
# The proxies whose X-Forwarded-For is believed: addresses or networks.
try:
    PROXIES = [ip_network(name) for name in env.list("PORTAL_PROXIES", default=["127.0.0.1", "::1"] if HTTPS else [])]
except ValueError:
    sys.exit(
        "PORTAL_PROXIES を読めません。PORTAL_PROXIES=127.0.0.1,10.0.0.0/24 のように、アドレスをコンマで区切って書いてください。"
    )

# Staff confirm a login with a code from their phone, unless only this machine can reach the portal.
_reachable_as = [env.str("HOST", "") or "127.0.0.1", *ALLOWED_HOSTS]
SECOND_FACTOR_REQUIRED = env.bool("PORTAL_SECOND_FACTOR", not all(map(is_loopback, _reachable_as)))
OTP_TOTP_ISSUER = "地域福祉計画ポータル"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

LONGEST_IDLE, LONGEST_SESSION = 30 * 60, 9 * 60 * 60
SESSION_COOKIE_AGE = LONGEST_SESSION
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
if HTTPS:  # no page of a neighbouring host can set these
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "plan_portal.static_storage.PortalStaticStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Beside those that Django and django-csp set; what a view sets itself stays.
FURTHER_SECURITY_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
CSRF_FAILURE_VIEW = "plan_portal.views.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$"]  # asked on the machine itself, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # includeSubDomains: what stands below the portal's host is the city's, and may not speak HTTPS
    "security.W021",  # preload: a promise for the city's whole domain, which takes months to take back
]

# json: one line a record, without personal data. text: everything, for who develops. Unset: text at a terminal.
LOG_FORMAT = env.str("PORTAL_LOG", "") or ("text" if DEBUG or sys.stderr.isatty() else "json")
if LOG_FORMAT not in {"json", "text"}:
    sys.exit("PORTAL_LOG には、json か text を指定してください。")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "plan_portal.operations.json_log.JsonFormatter"}, "text": {}},
    "filters": {"plain_refusals": {"()": "plan_portal.foundation.log_filters.PlainRefusals"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["plain_refusals"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "weasyprint": {"level": "ERROR"},  # it warns of every style that only browsers know
    },
}
