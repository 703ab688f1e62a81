"""All settings, read from the environment. A missing or malformed variable stops the start and names itself.

docs/operations.md lists every variable with its default.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def required(name, why):
    """The value of an environment variable that has no sensible default."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is missing: {why} See docs/operations.md, or use `make run`.")
    return value


def checked(name, cast, default):
    """The value of an environment variable, or a start that stops and names the malformed one."""
    try:
        return cast(name, default=default)
    except (ValueError, TypeError, environ.ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is malformed: {error}") from error


def boolean(name, default):
    """True or false as people write it; anything else is malformed."""
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    value = env.str(name, default="").strip().lower()
    if value and value not in words:
        raise ValueError(f"{value!r} is not true or false")
    return words.get(value, default)


# --- where we are -------------------------------------------------------------------------------------------
SECRET_KEY = required("SECRET_KEY", "a long random text that signs sessions and invitation links.")
DEBUG = checked("DEBUG", boolean, False)
DEMO = checked("DEMO", boolean, False)  # the demonstration: its cast signs in with one click
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname:
    raise ImproperlyConfigured(f"SITE_URL is malformed: {SITE_URL!r} is not like https://samskab.example.org")
SITE_NAME = env.str("SITE_NAME", default="Round Table")
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
ALLOWED_HOSTS = sorted(
    {_site.hostname, *checked("ALLOWED_HOSTS", env.list, [])} | (LOOPBACK if DEMO else set())
)
if DEMO and _site.hostname not in LOOPBACK:
    raise ImproperlyConfigured(
        "DEMO is on, but SITE_URL is not this machine: anyone could sign in as anyone."
    )
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
HTTPS = _site.scheme == "https"

# --- parts --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "cocreate.apps.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its widget templates, below ours
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "boundary",
    "journal",
    "notices",
    "actors",
    "partnerships",
    "problems",
    "solutions",
    "cocreate",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "boundary.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "actors.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "boundary.middleware.Refusals",
]

ROOT_URLCONF = "cocreate.urls"
WSGI_APPLICATION = "cocreate.wsgi.application"
FORM_RENDERER = "cocreate.forms.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cocreate.context.site",
                "cocreate.arena.arena",
            ],
            "builtins": [
                "boundary.templatetags.words",
                "cocreate.templatetags.components",
                "cocreate.templatetags.once",
            ],
            "loaders": [
                (
                    "cocreate.loader.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# --- the database is the truth --------------------------------------------------------------------------------
required("DATABASE_URL", "like postgres://user:password@host:5432/name .")
DATABASES = {"default": checked("DATABASE_URL", env.db_url, environ.Env.NOTSET)}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL is malformed: PostgreSQL is the only database (postgres://…).")
DATABASES["default"].update(
    CONN_MAX_AGE=checked("CONN_MAX_AGE", env.int, 600),
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
)
# A stuck lock or a runaway query ends by itself instead of taking the site with it.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options", "-c lock_timeout=5000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the broker is only a nudge -------------------------------------------------------------------------------
REDIS_URL = required("REDIS_URL", "like redis://host:6379/0 .")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- mail -------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("SMTP_HOST", default="localhost")
EMAIL_PORT = checked("SMTP_PORT", env.int, 25)
EMAIL_HOST_USER = env.str("SMTP_USER", default="")
EMAIL_HOST_PASSWORD = env.str("SMTP_PASSWORD", default="")
_security = env.str("SMTP_SECURITY", default="none")
if _security not in ("none", "starttls", "ssl"):
    raise ImproperlyConfigured(f"SMTP_SECURITY is malformed: {_security!r} is not none, starttls or ssl.")
EMAIL_USE_TLS = _security == "starttls"
EMAIL_USE_SSL = _security == "ssl"
EMAIL_TIMEOUT = checked("SMTP_TIMEOUT", env.int, 20)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"{SITE_NAME} <noreply@{_site.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Reports about mail that came back later go to an address of their own for each mail: name+proof@domain.
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="")
# What people's programs answer, as calendars do, goes to an address of its own for each reader: name+proof@domain.
REPLY_ADDRESS = env.str("REPLY_ADDRESS", default="")
for _name, _given in (("BOUNCE_ADDRESS", BOUNCE_ADDRESS), ("REPLY_ADDRESS", REPLY_ADDRESS)):
    if _given and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,13}@[A-Za-z0-9.-]+", _given):
        raise ImproperlyConfigured(
            f"{_name} is malformed: {_given!r} is not like bounces@dialog.example.org, "
            "with at most 14 letters, digits, dots and hyphens before the @."
        )
if REPLY_ADDRESS and REPLY_ADDRESS.casefold() == BOUNCE_ADDRESS.casefold():
    raise ImproperlyConfigured("REPLY_ADDRESS is malformed: it must be another address than BOUNCE_ADDRESS.")
BOUNCE_MAILDIR = env.str("BOUNCE_MAILDIR", default="")
if BOUNCE_MAILDIR and not ((BOUNCE_ADDRESS or REPLY_ADDRESS) and Path(BOUNCE_MAILDIR).is_absolute()):
    raise ImproperlyConfigured(
        f"BOUNCE_MAILDIR is malformed: {BOUNCE_MAILDIR!r} must be a whole path, "
        "and needs BOUNCE_ADDRESS or REPLY_ADDRESS."
    )
NOTICE_KINDS = "cocreate.messages.KINDS"
MAIL_READERS = "cocreate.messages.READERS"

# --- people and sign-in -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "actors.Person"
AUTHENTICATION_BACKENDS = ["cocreate.readers.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "/mine/"
ACCOUNT_ADAPTER = "actors.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "actors.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "actors.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
ACCOUNT_CHANGE_EMAIL = True
# Limits against guessing count per visitor: behind a proxy that is whom it names, or all would share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = checked("TRUSTED_PROXIES", env.int, 1 if HTTPS else 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
# An address proves nothing about who holds an account elsewhere: never link by e-mail alone.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {}
OIDC_NAME = env.str("OIDC_NAME", default="")
if env.str("OIDC_ISSUER", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME or "OpenID Connect",
                "client_id": required("OIDC_CLIENT_ID", "OIDC_ISSUER is set and needs it."),
                "secret": required("OIDC_CLIENT_SECRET", "OIDC_ISSUER is set and needs it."),
                "settings": {"server_url": env.str("OIDC_ISSUER")},
            }
        ],
    }

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("da", _("Danish"))]
LOCALE_PATHS = [BASE_DIR / "cocreate" / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Copenhagen")

# --- static files and headers ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or DEMO or checked("TESTING", boolean, False)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or DEMO or checked("TESTING", boolean, False)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "actors.sessions"
SESSION_COOKIE_SAMESITE = "Lax"  # another site's form arrives without it: choose_language rests on that
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
X_FRAME_OPTIONS = "DENY"
# A contribution may be long, a request may not be endless: 1 MB of text is refused by its form, in words.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# --- API --------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "boundary.api.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "boundary.schema.Described",
    "EXCEPTION_HANDLER": "boundary.api.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": SITE_NAME,
    "VERSION": "1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# --- log: one line per event, no addresses, no tokens ----------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_proofs": {"()": "boundary.logs.HideProofs"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_proofs"]}
    },
    "loggers": {"flufl.bounce": {"level": "WARNING"}},  # it names each of its readers for each message
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
