"""What holds for every test: no network but loopback, an empty cache, the site's own language."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from tests import databases

# The address where Chromium was found, if anywhere; Debian's own goes by these names.
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium() -> str | None:
    """Return the path of a Chromium on this machine."""
    return os.environ.get("TEST_CHROMIUM") or next(
        (path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None
    )


def is_here(address: Any) -> bool:
    """Say whether a socket's address is on this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded_connect(self: socket.socket, address: Any) -> None:
        assert is_here(address), f"A test wanted to reach {address}"
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        assert is_here(address), f"A test wanted to reach {address}"
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Give this process a database of its own, as pytest-django does: a copy of one made before."""
    reuse = django_db_keepdb and not django_db_createdb
    with (
        django_db_blocker.unblock(),
        nullcontext(True) if reuse else databases.copied() as is_there,
    ):
        made = setup_databases(
            verbosity=0, interactive=False, keepdb=is_there, serialized_aliases=set()
        )
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Let no test see another's cached pages or counted attempts."""
    for cache in caches.all(initialized_only=False):
        cache.clear()


@pytest.fixture(autouse=True)
def site_language() -> None:
    """Start in the site's own language: a request leaves its own behind in the thread."""
    translation.activate(settings.LANGUAGE_CODE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot show, and say why."""
    on_postgresql = connection.vendor == "postgresql"
    on_redis = bool(os.environ.get("TEST_REDIS_URL"))
    reasons = {
        "postgresql": None if on_postgresql else "needs PostgreSQL (TEST_DATABASE_URL)",
        "redis": None if on_redis else "needs Redis (TEST_REDIS_URL)",
        "browser": None if chromium() else "needs Chromium",
    }
    for item in items:
        for marker, reason in reasons.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
