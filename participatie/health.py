"""Two pages for machines: is the process alive, and can it do its work."""

import os
import uuid
from collections.abc import Callable
from functools import cache

import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache as the_cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participatie.celery import app

log = structlog.get_logger(__name__)


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer that this process serves requests; a balancer restarts one that does not."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer which parts work, with 503 unless all do: a balancer then sends visitors elsewhere."""
    parts = {"database": _passes("database", database_answers)}
    # Without a database there is nothing to ask, and asking waits once more.
    parts["migrations"] = parts["database"] and _passes("migrations", migrations_are_applied)
    parts["cache"] = _passes("cache", cache_remembers)
    parts["broker"] = _passes("broker", broker_answers)
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:
        # Whatever is wrong with a part, the answer is that it does not work; the log says why.
        log.warning("not ready", part=name, exc_info=error)
        return False


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        row = cursor.fetchone()
    return row is not None and row[0] == 1


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations that came with the code of this process."""
    return frozenset(MigrationLoader(None).disk_migrations)


def migrations_are_applied() -> bool:
    return _known_migrations() <= set(MigrationRecorder(connection).applied_migrations())


def cache_remembers() -> bool:
    key, value = f"health:{uuid.uuid4().hex}", uuid.uuid4().hex
    the_cache.set(key, value, timeout=10)
    remembered: bool = the_cache.get(key) == value
    the_cache.delete(key)
    return remembered


def broker_answers() -> bool:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
        folder = (broker.transport_options or {}).get("data_folder_out")
    # A broker in files has nothing to connect to: what counts is that its folder takes files.
    return folder is None or os.access(folder, os.W_OK)
