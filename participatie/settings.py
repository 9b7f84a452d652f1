"""All settings, in one file, driven by the environment.

``.env.example`` lists every variable with its meaning. Without any of them but ``SECRET_KEY``,
``ALLOWED_HOSTS`` and ``SITE_URL`` the site runs on the embedded default: SQLite, a broker and a
cache in files under ``var/``. ``DATABASE_URL`` and ``REDIS_URL`` switch to PostgreSQL and Redis.
"""

import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from participatie import logs

# So that classes of forms and the admin can name their model's type, as ModelForm[Initiative] does.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# What the environment says wins over the file; ENV_FILE= (empty) reads no file at all.
if env_file := env.str("ENV_FILE", default=str(BASE_DIR / ".env")):
    environ.Env.read_env(env_file)

# --- What kind of installation this is ------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# Sample data, accounts with known passwords, mail on the terminal: for one's own machine only.
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Keys of before: what they signed and sealed stays readable while people move on to the new one.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

SITE_NAME = env.str("SITE_NAME", default="Betere Buurten")
# The number at the foot of every page; the contact page says the rest.
CONTACT_PHONE = env.str("CONTACT_PHONE", default="14070")
# Links in mail and feeds are made from this, never from the Host header, which anyone can forge.
SITE_URL = env.str("SITE_URL").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

_LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
_hosts = {*ALLOWED_HOSTS, urlsplit(SITE_URL).hostname or ""}
_loopback_only = bool(ALLOWED_HOSTS) and _hosts <= _LOOPBACK
if (DEMO or DEBUG) and not _loopback_only:
    raise ImproperlyConfigured(
        "DEMO and DEBUG open this site to anyone who reads the manual, so they start only when "
        "SITE_URL and every name in ALLOWED_HOSTS is this machine (localhost, 127.0.0.1, [::1])."
    )

# How many proxies of our own stand in front. With none, X-Forwarded-* headers are a visitor's word.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# Everything the running site writes, outside the code.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# --- Apps, from the top floor down (ARCHITECTURE.md) ----------------------------------------------

INSTALLED_APPS = [
    "participatie",
    "moderation",
    "feedback",
    "budgets",
    "jongerenraad",
    "ideas",
    "contributions",
    "notifications",
    "indicators",
    "accounts",
    "areas",
    # Before the admin, which it patches.
    "modeltranslation",
    # Django's own, with a site that keeps the record of acts.
    "accounts.admin_config.RecordedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    # So that frontend/templates/django/forms/ can override how a field looks.
    "django.forms",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "participatie.logs.RequestLogMiddleware",
    "contributions.kept_pages.KeptPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "participatie.headers.PermissionsPolicyMiddleware",
    "participatie.headers.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Private by default: a public view says so with @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # After the visitor, the language and htmx are known. A shared device first: nobody shows a
    # second factor on one.
    "participatie.shared_devices.middleware.SharedDeviceMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    # Last: the page that refuses is in the visitor's language; nothing before it reads the body.
    "participatie.size.RequestSizeMiddleware",
]

ROOT_URLCONF = "participatie.urls"
WSGI_APPLICATION = "participatie.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "participatie.context.site",
                "notifications.context.notifications",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # A transaction takes the write lock as it starts. Deferred ones that read first and then
        # write fail at once when somebody else wrote in between, however long the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # WAL: readers do not wait for the writer. synchronous stays FULL: what was accepted
        # survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA cache_size=-20000;",
    }
else:
    # The pool keeps connections for all threads of a process, so no thread keeps its own.
    _database["CONN_MAX_AGE"] = 0
    # A pooled connection is tried before use: a restarted PostgreSQL costs no error page.
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "connect_timeout": 3,
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", default=8),
            # So long a page waits for a free connection before it says that the site is away.
            "timeout": 3,
            # After this the pool stops trying by itself and tries again at the next request.
            "reconnect_timeout": 10,
        },
    }

# --- Cache and sessions ---------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "participatie.cache.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": env.str("CACHE_KEY_PREFIX", default="participatie"),
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},
        }
    }
    CACHES["drawings"] = {
        **CACHES["default"],
        "KEY_PREFIX": f"{CACHES['default']['KEY_PREFIX']}-drawings",
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
            # Above this a third of the files is thrown away: high enough to keep sign-in limits.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
    CACHES["drawings"] = {**CACHES["default"], "LOCATION": VAR_DIR / "drawings"}
# "drawings" holds what was drawn of people's words: it is emptied when somebody leaves, without
# forgetting how often somebody tried to sign in.

# So long a process shows the same page to all for whom it is the same; 0 draws each one anew.
KEPT_PAGE_SECONDS = env.float("KEPT_PAGE_SECONDS", default=1.0)

# In the database, so that people stay signed in when the cache is away.
SESSION_ENGINE = "accounts.sessions"

# --- Tasks ----------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL or "filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem:"):
    _broker = VAR_DIR / "broker"
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        # Web and worker read and write the same folder.
        "data_folder_in": str(_broker / "queue"),
        "data_folder_out": str(_broker / "queue"),
        "control_folder": str(_broker / "control"),
    }
    for _folder in ("queue", "control"):
        (_broker / _folder).mkdir(parents=True, exist_ok=True)
else:
    # A page that sends a task waits a second at most for a broker that is away.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Worker and beat wait for a broker that is away as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
# A task is taken from the queue when it is done, so that a killed worker's task is not lost where
# the broker can bring it back; where it cannot, the sweep of its kind finds the row.
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Nobody waits for what a task returns: results are rows.
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# What a task prints is meant for the terminal: mail, with DEMO.
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "Europe/Amsterdam"
# Where the sheets of news for the information points are written each morning; empty for nowhere.
NEWS_FOLDER = env.str("NEWS_FOLDER", default="")
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-picture-sizes": {
        "task": "contributions.tasks.sweep_picture_sizes",
        "schedule": datetime.timedelta(minutes=1),
    },
    "close-votes": {
        "task": "jongerenraad.tasks.close_votes",
        "schedule": datetime.timedelta(minutes=1),
    },
    "forget-portraits": {
        "task": "jongerenraad.tasks.forget_portraits",
        "schedule": crontab(hour="3", minute="20"),
    },
    "expire-initiatives": {
        "task": "ideas.tasks.expire_initiatives",
        "schedule": crontab(hour="0", minute="5"),
    },
    "sweep-mails": {
        "task": "ideas.tasks.sweep_mails",
        "schedule": datetime.timedelta(minutes=1),
    },
    "forget-invitations": {
        "task": "ideas.tasks.forget_invitations",
        "schedule": crontab(hour="3", minute="25"),
    },
    "forget-conversations": {
        "task": "ideas.tasks.forget_conversations",
        "schedule": crontab(hour="3", minute="30"),
    },
    "empty-sealed-texts": {
        "task": "contributions.tasks.empty_sealed_texts",
        "schedule": crontab(hour="3", minute="50"),
    },
    "forget-recordings": {
        "task": "contributions.tasks.forget_recordings",
        "schedule": crontab(hour="3", minute="55"),
    },
    "forget-old-drafts": {
        "task": "contributions.tasks.forget_old_drafts",
        "schedule": crontab(hour="3", minute="10"),
    },
    "move-applications-with-the-calendar": {
        "task": "budgets.tasks.move_with_the_calendar",
        "schedule": crontab(hour="0", minute="15"),
    },
    "sweep-take-outs": {
        "task": "participatie.tasks.sweep_take_outs",
        "schedule": datetime.timedelta(minutes=1),
    },
    "sweep-departures": {
        "task": "participatie.tasks.sweep_departures",
        "schedule": datetime.timedelta(minutes=1),
    },
    "forget-take-outs": {
        "task": "participatie.tasks.forget_take_outs",
        "schedule": crontab(hour="3", minute="30"),
    },
    "sweep-posters": {
        "task": "participatie.tasks.sweep_posters",
        "schedule": datetime.timedelta(minutes=1),
    },
    "forget-posters": {
        "task": "participatie.tasks.forget_posters",
        "schedule": crontab(hour="3", minute="35"),
    },
    "sweep-report-outcomes": {
        "task": "contributions.tasks.sweep_report_outcomes",
        "schedule": datetime.timedelta(minutes=1),
    },
    "forget-reports": {
        "task": "contributions.tasks.forget_reports",
        "schedule": crontab(hour="3", minute="15"),
    },
    "forget-what-talks-needed": {
        "task": "contributions.tasks.forget_what_talks_needed",
        "schedule": crontab(hour="3", minute="35"),
    },
    "sweep-search-documents": {
        "task": "contributions.tasks.sweep_search_documents",
        "schedule": datetime.timedelta(minutes=10),
    },
    "sweep-near-doubles": {
        "task": "contributions.tasks.sweep_near_doubles",
        "schedule": datetime.timedelta(minutes=10),
    },
    "sweep-translations": {
        "task": "contributions.tasks.sweep_translations",
        "schedule": datetime.timedelta(minutes=1),
    },
    "forget-searched-words": {
        "task": "contributions.tasks.forget_searched_words",
        "schedule": crontab(hour="3", minute="50"),
    },
    # In the morning, before people begin to work.
    "tell-moderators": {
        "task": "moderation.tasks.tell_moderators",
        "schedule": crontab(hour="7", minute="45"),
    },
    "tell-translators": {
        "task": "contributions.tasks.tell_translators",
        "schedule": crontab(hour="7", minute="50"),
    },
    "tell-of-promises": {
        "task": "ideas.tasks.tell_of_promises",
        "schedule": crontab(hour="7", minute="55"),
    },
    "tell-of-closing-votes": {
        "task": "jongerenraad.tasks.tell_of_closing_votes",
        "schedule": crontab(minute="10"),
    },
    "sweep-notifications": {
        "task": "notifications.tasks.sweep_notifications",
        "schedule": datetime.timedelta(minutes=1),
    },
    "forget-notifications": {
        "task": "notifications.tasks.forget_notifications",
        "schedule": crontab(hour="4", minute="5"),
    },
    "write-letters": {
        "task": "notifications.tasks.write_letters",
        "schedule": datetime.timedelta(minutes=3),
    },
    "clear-sessions": {
        "task": "participatie.tasks.clear_sessions",
        "schedule": crontab(hour="3", minute="40"),
    },
}
if NEWS_FOLDER:
    # Before the doors of the information points open.
    CELERY_BEAT_SCHEDULE["write-news"] = {
        "task": "notifications.tasks.write_news",
        "schedule": crontab(hour="6", minute="0"),
    }

# --- Languages ------------------------------------------------------------------------------------

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["participatie.formats"]

# Each under its own name, as its readers look for it.
_LANGUAGE_NAMES = {
    "nl": "Nederlands",
    "en": "English",
    "pl": "Polski",
    "bg": "Български",
    "ro": "Română",
    "hu": "Magyar",
    "el": "Ελληνικά",
    "tr": "Türkçe",
    "uk": "Українська",
    "ar": "العربية",
}
# In which languages people may write.
CONTENT_LANGUAGES = list(_LANGUAGE_NAMES.items())
# What the menu of languages shows: those with a complete catalogue.
LISTED_LANGUAGES = env.list("LISTED_LANGUAGES", default=["nl", "en", "pl", "bg", "ro"])
# What an address can start with; one more than listed is for those who prepare or test it.
LANGUAGES = [
    (code, _LANGUAGE_NAMES[code]) for code in env.list("ROUTED_LANGUAGES", default=LISTED_LANGUAGES)
]
# Which machine translates what people write: none, libretranslate or deepl, where it is found, and
# the key that it wants. Without one nothing that people wrote leaves this site.
TRANSLATION_BACKEND = env.str("TRANSLATION_BACKEND", default="none")
TRANSLATION_URL = env.str("TRANSLATION_URL", default="")
TRANSLATION_KEY = env.str("TRANSLATION_KEY", default="")
if TRANSLATION_BACKEND not in ("", "none"):
    if TRANSLATION_BACKEND not in ("libretranslate", "deepl"):
        raise ImproperlyConfigured("TRANSLATION_BACKEND is none, libretranslate or deepl.")
    _machine = urlsplit(TRANSLATION_URL)
    if _machine.scheme not in ("http", "https") or not _machine.hostname or _machine.username:
        raise ImproperlyConfigured("TRANSLATION_URL is an http or https address without a name.")
# More never goes to it in a month.
TRANSLATION_CHARACTERS_A_MONTH = env.int("TRANSLATION_CHARACTERS_A_MONTH", default=500_000)
# Kinds of texts that are translated as soon as they stand on the site; others when a reader asks.
TRANSLATION_KINDS_AT_ONCE = env.list("TRANSLATION_KINDS_AT_ONCE", default=[])
# All of them have columns from the first migration: listing one more is a catalogue and a setting.
MODELTRANSLATION_LANGUAGES = tuple(_LANGUAGE_NAMES)
MODELTRANSLATION_DEFAULT_LANGUAGE = "nl"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("nl", "en")

# --- Sign-in (accounts) ---------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.GrantBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
# accounts: begin
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An account comes into being when its address is confirmed (accounts.codes), never before.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    # A code by mail: per network generous enough for a school or a mobile provider, per mailbox
    # few enough to be no nuisance to a stranger.
    "request_login_code": "60/m/ip,600/h/ip,3/m/key,10/h/key,30/d/key",
    # Attempts at one code (key) and from one network. With 6 digits and 30 codes a day somebody
    # who guesses all day long gets in once in eighteen years.
    "check_code": "60/m/ip,5/h/key",
    "login_failed": "20/m/ip,5/5m/key,30/d/key",
    "change_password": "5/m/user,30/d/user",
    "change_address": "5/h/user",
    "leave": "5/h/user",
    # Codes of an app and recovery codes: three in a million are right at any moment.
    "second_factor": "30/m/ip,5/5m/key,30/d/key",
    "passkey": "30/m/ip",
    # Codes of cards: one in 10^12 for each card. What tries at one card are left, its row counts.
    "card": "60/m/ip,300/h/ip,20/h/key",
    # Numbers of lost cards, typed by who replaces them.
    "card_number": "20/m/user,60/h/user",
    # The code that ends a shared device.
    "shared_device": "30/m/ip,20/h/key",
    "openid": "30/m/ip",
    # Browsers to be told on: each one makes the site look up a name that somebody chose.
    "push": "20/h/user",
}
MFA_ADAPTER = "accounts.adapter.FactorAdapter"
# Whether everybody who can do something to others must sign in with a second factor.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not (DEBUG or DEMO))

# Somebody else's sign-in (OpenID Connect): the municipality's own, or a broker before DigiD.
OPENID_ISSUER = env.str("OPENID_ISSUER", default="").rstrip("/")
OPENID_CLIENT_ID = env.str("OPENID_CLIENT_ID", default="")
OPENID_CLIENT_SECRET = env.str("OPENID_CLIENT_SECRET", default="")
# How its button calls it.
OPENID_NAME = env.str("OPENID_NAME", default="DigiD")
OPENID_SCOPES = env.list("OPENID_SCOPES", default=["openid", "email"])
# What may be used of what it tells; all else is thrown away before anything looks at it.
OPENID_CLAIMS = env.list("OPENID_CLAIMS", default=["email", "email_verified"])
if OPENID_ISSUER and not OPENID_CLIENT_ID:
    raise ImproperlyConfigured("OPENID_ISSUER needs OPENID_CLIENT_ID.")
# accounts: end

# --- Mail -----------------------------------------------------------------------------------------

if DEMO and not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND = "participatie.mail.TerminalAndFileBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
else:
    _mail = env.email("EMAIL_URL", default="smtp://localhost:25")
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST = _mail["EMAIL_HOST"]
    EMAIL_PORT = _mail["EMAIL_PORT"]
    EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
    EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The service that sends the mail, as anymail calls it, where it tells /mail/webhook/ what came
# back; and how it is known: by a key that it signs with, a user:password that it sends along, or
# both. notifications/checks.py refuses one without either.
MAIL_WEBHOOK = env.str("MAIL_WEBHOOK", default="")
MAIL_WEBHOOK_KEY = env.str("MAIL_WEBHOOK_KEY", default="")
MAIL_WEBHOOK_SECRET = env.str("MAIL_WEBHOOK_SECRET", default="")

# --- Push: messages on phones and computers -------------------------------------------------------

# The pair of keys by which push services know this site (RFC 8292), and whom they write to when
# something is wrong; manage.py make_push_keys makes them. Without them there is no push anywhere.
PUSH_PUBLIC_KEY = env.str("PUSH_PUBLIC_KEY", default="")
PUSH_PRIVATE_KEY = env.str("PUSH_PRIVATE_KEY", default="")
PUSH_CONTACT = env.str("PUSH_CONTACT", default="")
if PUSH_PUBLIC_KEY or PUSH_PRIVATE_KEY:
    if not (PUSH_PUBLIC_KEY and PUSH_PRIVATE_KEY):
        raise ImproperlyConfigured("PUSH_PUBLIC_KEY and PUSH_PRIVATE_KEY belong together.")
    if not PUSH_CONTACT.startswith(("mailto:", "https://")):
        raise ImproperlyConfigured("PUSH_CONTACT is a mailto: or https: address.")

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Written by frontend/build.mjs.
STATICFILES_DIRS = [BASE_DIR / "build" / "static"]
# What previews are drawn with, and paper is set in, from the same build.
FONTS_DIR = BASE_DIR / "build" / "fonts"
# Only this site shows them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Private: every picture goes through a view that asks whether it may be seen.
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640

# --- What a request may bring ---------------------------------------------------------------------

# Text of one request, files not counted: a hundred pages of typing.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# All of it: five of the largest pictures, and some room for the form to say what is wrong with one.
REQUEST_MAX_BYTES = 90_000_000

# --- Safety ---------------------------------------------------------------------------------------

_tls = not _loopback_only
SECURE_SSL_REDIRECT = _tls
# Balancers and container engines ask without TLS, from within.
SECURE_REDIRECT_EXEMPT = [r"^gezond/"]
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _tls
SECURE_HSTS_PRELOAD = _tls
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = _tls
CSRF_COOKIE_SECURE = _tls
LANGUAGE_COOKIE_SECURE = _tls
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "participatie.errors.csrf_failure"

# So many cards for people without an e-mail address one person gives in a day, replaced ones too.
CARDS_PER_DAY = env.int("CARDS_PER_DAY", default=20)

# So many seconds without a touch somebody is still there on a shared device.
SHARED_PLACE_SECONDS = env.int("SHARED_PLACE_SECONDS", default=180)
SHARED_DEVICE_COOKIE = "shared_device"

# So many minutes a moderator has a text to themselves after beginning to read it.
CLAIM_MINUTES = env.int("CLAIM_MINUTES", default=15)

# So many days after its last message a conversation about help is deleted.
HELP_KEPT_DAYS = env.int("HELP_KEPT_DAYS", default=183)
# Days after a decision on which another look can be asked for, and in how many working days it is
# promised.
APPEAL_DAYS = env.int("APPEAL_DAYS", default=42)
APPEAL_WORKING_DAYS = env.int("APPEAL_WORKING_DAYS", default=10)
# Days after its last decision that the words of a rejected or hidden text are kept sealed.
SEALED_KEPT_DAYS = env.int("SEALED_KEPT_DAYS", default=365)

# So many days after its outcome a report loses its words, and who made it.
REPORTS_KEPT_DAYS = env.int("REPORTS_KEPT_DAYS", default=365)

# What a trusted messenger writes down for others: at most so many people in one talk, and on one
# day; the share of them that a second person calls; and how many days their slips are good for.
ASSISTED_PER_SESSION = env.int("ASSISTED_PER_SESSION", default=40)
ASSISTED_PER_DAY = env.int("ASSISTED_PER_DAY", default=60)
ASSISTED_CHECK_SHARE = env.float("ASSISTED_CHECK_SHARE", default=0.1)
SLIP_DAYS = env.int("SLIP_DAYS", default=90)

# Background tiles of the map; the public ones of the Dutch land registry by default.
MAP_TILES_URL = env.str(
    "MAP_TILES_URL",
    default="https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857"
    "/{z}/{x}/{y}.png",
)
# Whose they are; the words around the name are in the language of the page.
MAP_TILES_OWNER = env.str("MAP_TILES_OWNER", default="Kadaster")
_tiles = urlsplit(MAP_TILES_URL)
# Where the map begins: latitude and longitude in degrees, and how close, from 10 to 19.
MAP_CENTRE = tuple(env.list("MAP_CENTRE", cast=float, default=[52.055, 4.305]))
MAP_ZOOM = env.int("MAP_ZOOM", default=13)
if len(MAP_CENTRE) != 2 or not (abs(MAP_CENTRE[0]) <= 90 and abs(MAP_CENTRE[1]) <= 180):
    raise ImproperlyConfigured(
        "MAP_CENTRE is a latitude and a longitude in degrees, with a comma: 52.055,4.305."
    )
if not 10 <= MAP_ZOOM <= 19:
    raise ImproperlyConfigured("MAP_ZOOM is a whole number from 10 (the region) to 19 (a street).")
# Where the borders of the areas are read from (manage.py import_borders); names its edition.
PDOK_BORDERS_URL = env.str(
    "PDOK_BORDERS_URL", default="https://api.pdok.nl/cbs/wijken-en-buurten-2025/ogc/v1"
)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [
            SELF,
            "data:",
            *([f"{_tiles.scheme}://{_tiles.netloc}"] if _tiles.netloc else []),
        ],
        # Recordings with appeals.
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The one that shows messages (/sw.js).
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# What Prometheus shows to read /metrics; without it there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Where to report a weakness in this site (/.well-known/security.txt), and until when that holds.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="") or f"{SITE_URL}/nl/over/contact/"
SECURITY_TXT_EXPIRES = datetime.datetime(2027, 11, 1, tzinfo=datetime.UTC)

# --- Logs -----------------------------------------------------------------------------------------

LOGGING = logs.configuration(json=not (DEMO or DEBUG))
