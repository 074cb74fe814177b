"""The settings of every deployment. All that differs between two of them comes from the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF

from config.settings import environment

# Before any class is made: without it `ModelAdmin[Item]` means something to mypy alone.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]

# --- Who may reach it -----------------------------------------------------------------------------

SECRET_KEY = environment.text("KITWRIGHT_SECRET_KEY")
DEBUG = environment.flag("KITWRIGHT_DEBUG")
ALLOWED_HOSTS = environment.names("KITWRIGHT_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.names("KITWRIGHT_TRUSTED_ORIGINS")

# --- What it is made of ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "csp",
    "backoffice",
    "inventory",
    "sales",
    "assembly",
    "config",
]

MIDDLEWARE = [
    "backoffice.middleware.EncodedSlashMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backoffice.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last: it answers a sign-in that was refused for too many attempts.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------

PGBOUNCER = environment.flag("KITWRIGHT_PGBOUNCER")


def _session_options() -> dict[str, str]:
    """Return the time limits of a database session.

    PgBouncer refuses start-up options, so behind it the limits are set on the role; see docs/settings.md.
    """
    if PGBOUNCER:
        return {}
    limits = {
        "lock_timeout": environment.text("KITWRIGHT_LOCK_TIMEOUT"),
        "statement_timeout": environment.text("KITWRIGHT_STATEMENT_TIMEOUT"),
        "idle_in_transaction_session_timeout": environment.text("KITWRIGHT_IDLE_TIMEOUT"),
    }
    return {"options": " ".join(f"-c {name}={value}" for name, value in limits.items())}


_DATABASE: dict[str, Any] = {
    **dj_database_url.parse(environment.text("DATABASE_URL")),
    "CONN_MAX_AGE": environment.number("KITWRIGHT_DB_MAX_AGE"),
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": PGBOUNCER,
    # Units of work are opened where the work is known (backoffice.transactions), never by the request.
    "ATOMIC_REQUESTS": False,
}
# Merged, not replaced: a URL may carry options of its own (sslmode, host).
_DATABASE["OPTIONS"] = {**_DATABASE.get("OPTIONS", {}), **_session_options()}

DATABASES = {"default": _DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and passwords -------------------------------------------------------------------------

AUTH_USER_MODEL = "backoffice.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# Five wrong passwords for one name from one address: refused for fifteen minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "config.addresses.of_client"
AXES_LOCKOUT_TEMPLATE = "backoffice/locked_out.html"
BEHIND_PROXY = environment.flag("KITWRIGHT_BEHIND_PROXY")

# --- Transport and browser ------------------------------------------------------------------------

TLS = environment.flag("KITWRIGHT_TLS")
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
SECURE_REFERRER_POLICY = "same-origin"
# Health questions come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^livez/$", r"^readyz/$"]
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "backoffice.api.problems.csrf_failure"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# Bodies: an order of 500 lines is about 100 kB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# A grid of 500 lines with 12 cells each, and room.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
# Numbers have one form everywhere, in pages as in the API.
USE_I18N = False
USE_THOUSAND_SEPARATOR = False

# --- REST -----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "backoffice.api.problems.exception_handler",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backoffice.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backoffice.api.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": True,
    "UPLOADED_FILES_USE_URL": False,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Kitwright",
    "DESCRIPTION": "The assemble-to-order back office: items, sales documents, assembly orders.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Two hundred operations take seconds to draw; the page opens with their headings.
    "SWAGGER_UI_SETTINGS": {"docExpansion": "none", "deepLinking": True},
    # Fields of one name with several sets of words: a name for each set.
    "ENUM_NAME_OVERRIDES": {
        "DocumentStatusEnum": "sales.models.SalesStatus",
        "PurchaseStatusEnum": "inventory.models.PurchaseStatus",
        "ItemTypeEnum": "inventory.models.ItemType",
        "ResourceTypeEnum": "inventory.models.ResourceType",
        "ComponentTypeEnum": "inventory.models.BomLineType",
        "SalesLineTypeEnum": "sales.models.SalesLineType",
        "ItemLedgerEntryTypeEnum": "inventory.models.LedgerEntryType",
        "ValueEntryTypeEnum": "inventory.models.ValueEntryType",
        "AdjustmentTypeEnum": "inventory.api.serializers.stock.ADJUSTMENTS",
    },
}

# --- Logging --------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": environment.text("KITWRIGHT_LOG_LEVEL")},
    "loggers": {
        # Its own handlers go: with DEBUG off it would mail the administrators and print nothing.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # A refusal (4xx) is an answer, not an event; what we did wrong is logged as an error.
        "django.request": {"level": "ERROR"},
    },
}
