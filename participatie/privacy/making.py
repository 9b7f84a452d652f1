"""The worker's part of a take-out: made, kept for seven days, and found again when it was lost."""

import datetime
import tempfile
from functools import partial
from typing import IO

import structlog
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from participatie.privacy.archive import write_archive
from participatie.privacy.models import (
    KEPT_FOR,
    LOST_AFTER,
    MAX_TRIES,
    TakeOut,
    TakeOutQuerySet,
    file_path,
)

#: A file that no row knows was left by a worker that died; one this young may still get its row.
STRAY_AFTER = datetime.timedelta(days=1)
FOLDER = "take-outs"

log = structlog.get_logger(__name__)
State = TakeOut.State


def make_take_out(*, pk: int, now: datetime.datetime | None = None) -> bool:
    """Make a take-out that waits; safe to do twice, also at the same time.

    A try is counted before it is made, so that one that kills its worker counts too. Whoever counts
    a try is the only one who may finish it.

    Returns:
        Whether it can be fetched now.
    """
    now = now or timezone.now()
    free = Q(state=State.WAITING) | Q(touched_at__lt=now - LOST_AFTER)
    claimed = (
        TakeOut.objects.under_way()
        .filter(free, pk=pk, tries__lt=MAX_TRIES)
        .update(state=State.MAKING, tries=F("tries") + 1, touched_at=now, done=0, of=0)
    )
    if not claimed:
        return False
    take_out = TakeOut.objects.select_related("person").get(pk=pk)
    mine = TakeOut.objects.filter(pk=pk, state=State.MAKING, tries=take_out.tries)

    def tell(done: int, of: int) -> None:
        mine.update(done=done, of=of, touched_at=timezone.now())

    with tempfile.TemporaryFile() as file:
        write_archive(file, take_out.person, language=take_out.language, now=now, tell=tell)
        return _publish(take_out, file)


def _publish(take_out: TakeOut, file: IO[bytes]) -> bool:
    """Put a file where its owner can fetch it, instead of the one before."""
    size = file.tell()
    file.seek(0)
    path = default_storage.save(file_path(), File(file))
    ready_at = timezone.now()
    with transaction.atomic():
        # Without its row the person left meanwhile, or another worker was given the work.
        published = TakeOut.objects.filter(
            pk=take_out.pk, state=State.MAKING, tries=take_out.tries
        ).update(
            state=State.READY,
            path=path,
            size=size,
            ready_at=ready_at,
            touched_at=ready_at,
            expires_at=ready_at + KEPT_FOR,
        )
        if published:
            _expire(TakeOut.objects.filter(person=take_out.person_id).exclude(pk=take_out.pk))
    if not published:
        default_storage.delete(path)
        return False
    log.info("take_out_ready", take_out=take_out.pk)
    return True


def _expire(take_outs: TakeOutQuerySet) -> int:
    """Let ready take-outs end; their files go once that stands."""
    ended = 0
    for pk, path in list(take_outs.filter(state=State.READY).values_list("pk", "path")):
        ended += TakeOut.objects.filter(pk=pk, state=State.READY).update(
            state=State.EXPIRED, path=""
        )
        transaction.on_commit(partial(default_storage.delete, path), robust=True)
    return ended


def sweep(*, now: datetime.datetime) -> list[int]:
    """Return the take-outs that a dead worker left, to be made again; give up what failed often."""
    lost = TakeOut.objects.lost_at(now)
    for pk in list(lost.filter(tries__gte=MAX_TRIES).values_list("pk", flat=True)):
        lost.filter(pk=pk).update(state=State.FAILED)
        log.error("take_out_failed", take_out=pk)
    return list(lost.filter(tries__lt=MAX_TRIES).order_by("pk").values_list("pk", flat=True)[:100])


def forget_old(*, now: datetime.datetime) -> int:
    """Delete the files whose seven days are over, and those that no row knows; return how many."""
    with transaction.atomic():
        gone = _expire(TakeOut.objects.filter(state=State.READY, expires_at__lte=now))
    if not default_storage.exists(FOLDER):
        return gone
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        is_old = default_storage.get_modified_time(path) < now - STRAY_AFTER
        if is_old and not TakeOut.objects.filter(path=path).exists():
            default_storage.delete(path)
            gone += 1
    return gone
