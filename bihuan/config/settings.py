"""Django settings: one file, values from the environment with documented defaults (docs/architecture.md, Settings).

The launcher (bihuan/cli/launcher) sets BIHUAN_DSN before Django starts; nothing here looks for a server.
"""

import os
import sys
from pathlib import Path

import psycopg.conninfo

PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("BIHUAN_SECRET_KEY") or "not-secret: only for commands and tests without a browser session"
DEBUG = False
ALLOWED_HOSTS = os.environ.get("BIHUAN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "bihuan",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bihuan.web.gate.Gate",
]
ROOT_URLCONF = "bihuan.config.urls"
WSGI_APPLICATION = "bihuan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "bihuan.web.frame.frame",
            ],
            "libraries": {"bihuan": "bihuan.web.templatetags.bihuan"},
        },
    },
]

_DSN = psycopg.conninfo.conninfo_to_dict(os.environ.get("BIHUAN_DSN", "dbname=bihuan"))
_GIVEN = ("dbname", "user", "password", "host", "port")
_POOL_SIZE = int(os.environ.get("BIHUAN_POOL", "0"))
# Plans are kept for the questions that ask for it, never by a count of executions (decision 0017); 0: for none.
_KEEPS_PLANS = os.environ.get("BIHUAN_KEEP_PLANS", "1") == "1"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _DSN.get("dbname", "bihuan"),
        "USER": _DSN.get("user", ""),
        "PASSWORD": _DSN.get("password", ""),
        "HOST": _DSN.get("host", ""),
        "PORT": _DSN.get("port", ""),
        "OPTIONS": {
            **{name: value for name, value in _DSN.items() if name not in _GIVEN},
            **({"pool": {"min_size": 1, "max_size": _POOL_SIZE}} if _POOL_SIZE else {}),
            "prepare_threshold": sys.maxsize if _KEEPS_PLANS else None,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = os.environ.get("BIHUAN_TIME_ZONE", "Asia/Shanghai")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# How old the figures beside the menu may be, in seconds; counting them for each page would cost more than the page.
MENU_SECONDS = int(os.environ.get("BIHUAN_MENU_SECONDS", "15"))
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(os.environ.get("BIHUAN_SESSION_MINUTES", "30")) * 60
# That a session was used is written down once in so many seconds: it may end a thirtieth of its time early, never late.
SESSION_SEEN_SECONDS = SESSION_COOKIE_AGE // 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "bihuan.web.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("BIHUAN_HTTPS", "0") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

MAX_UPLOAD = int(os.environ.get("BIHUAN_MAX_UPLOAD", str(50 * 1024 * 1024)))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "bihuan.config.uploads.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
