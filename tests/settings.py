"""The settings of the site, for tests: nothing of the machine's own .env, data or Redis keys.

``TEST_DATABASE_URL`` and ``TEST_REDIS_URL`` choose PostgreSQL and Redis; without them the suite
runs on the embedded default, in a folder of its own per process.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_var = tempfile.mkdtemp(prefix=f"participatie-{_worker}-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)

# Whatever a developer has set for a site of their own must not reach the tests.
for _name in (
    "DEBUG",
    "DEMO",
    "EMAIL_URL",
    "CACHE_KEY_PREFIX",
    "LISTED_LANGUAGES",
    "MAP_TILES_URL",
    "MAP_CENTRE",
    "MAP_ZOOM",
    "SECRET_KEY_FALLBACKS",
    "OPENID_ISSUER",
    "MAIL_WEBHOOK",
):
    os.environ.pop(_name, None)
os.environ.update(
    ENV_FILE="",
    SECRET_KEY="only-for-tests-" + "x" * 50,
    SITE_URL="https://buurten.example",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    VAR_DIR=_var,
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_var}/db.sqlite3",
    REDIS_URL=os.environ.get("TEST_REDIS_URL", ""),
    CACHE_KEY_PREFIX=f"test-{_worker}",
    # A language that reads from right to left is routed, so that its pages can be tested; its
    # sentences fall back to Dutch until it has a catalogue.
    ROUTED_LANGUAGES="nl,en,pl,bg,ro,ar",
    # Tasks are called by hand: a test says when they run.
    CELERY_BROKER_URL="memory://",
    DATABASE_POOL_SIZE="30",
    TRUSTED_PROXY_COUNT="0",
    # Most tests are about what roles do, not about how they sign in.
    SECOND_FACTOR_REQUIRED="0",
)

from participatie.settings import *  # noqa: E402, F403
from participatie.settings import DATABASES, INSTALLED_APPS, LOGGING, STORAGES  # noqa: E402

# Reads migrations for locks; only the checks need it.
INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]
LOGGING["loggers"]["django_migration_linter"] = {"level": "WARNING"}

if os.environ.get("TEST_DATABASE_URL"):
    # Twenty callers at once on a busy machine may wait; none of them is a visitor.
    DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 30
    # Tests empty every table between each other, also those that only grow; and nothing of theirs
    # needs to be there after a power cut.
    DATABASES["default"]["OPTIONS"]["options"] = (
        "-c participatie.tests_empty_tables=yes -c synchronous_commit=off"
    )
else:
    # A file, not memory: connections in several threads then meet each other as they do in life.
    DATABASES["default"]["TEST"] = {"NAME": f"{_var}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"

# The site's own storage needs every file collected first.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
(Path(_var) / "static").mkdir()

# The test client and the browser speak plain HTTP; test_house.py tests the real values.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
LANGUAGE_COOKIE_SECURE = False

# A test looks right after it changed something; tests of keeping switch it on.
KEPT_PAGE_SECONDS = 0

# Slow on purpose in life, a waste of minutes here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
