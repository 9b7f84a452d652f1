"""The worker's part of a sheet: made, found again when it was lost, and forgotten."""

import datetime
from collections.abc import Iterable
from functools import partial

import structlog
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from participatie.posters.models import KEPT_FOR, LOST_AFTER, MAX_TRIES, Poster, file_path
from participatie.posters.printing import print_sheet
from participatie.posters.sheets import Drawn, draw_up
from participatie.posters.subjects import subject_named

#: A file that no row knows was left by a worker that died; one this young may still get its row.
STRAY_AFTER = datetime.timedelta(days=1)
FOLDER = "posters"

log = structlog.get_logger(__name__)
State = Poster.State


def drawn_now(poster: Poster) -> Drawn | None:
    """Return what a sheet shows, where everybody may see that and no word changed; else None."""
    subject = subject_named(poster.subject)
    thing = subject.find(AnonymousUser(), poster.subject_pk)
    if thing is None:
        return None
    drawn = draw_up(subject, thing, poster.sheet, poster.codes)
    return drawn if drawn.digest == poster.digest else None


def make(*, pk: int, now: datetime.datetime | None = None) -> bool:
    """Make a sheet that waits; safe to do twice, also at the same time.

    A try is counted before it is made, so that one that kills its worker counts too. Whoever counts
    a try is the only one who may finish it. What nobody may see any more is forgotten instead.

    Returns:
        Whether it can be fetched now.
    """
    now = now or timezone.now()
    free = Q(state=State.WAITING) | Q(touched_at__lt=now - LOST_AFTER)
    claimed = (
        Poster.objects.under_way()
        .filter(free, pk=pk, tries__lt=MAX_TRIES)
        .update(state=State.MAKING, tries=F("tries") + 1, touched_at=now)
    )
    if not claimed:
        return False
    poster = Poster.objects.get(pk=pk)
    mine = Poster.objects.filter(pk=pk, state=State.MAKING, tries=poster.tries)
    drawn = drawn_now(poster)
    if drawn is None:
        mine.delete()
        return False
    made = print_sheet(drawn)
    path = default_storage.save(file_path(), ContentFile(made))
    made_at = timezone.now()
    # Without its row somebody left meanwhile, or another worker was given the work.
    published = mine.update(
        state=State.READY, path=path, size=len(made), made_at=made_at, touched_at=made_at
    )
    if not published:
        default_storage.delete(path)
        return False
    log.info("poster_ready", poster=pk)
    return True


def sweep(*, now: datetime.datetime) -> list[int]:
    """Return the sheets that a dead worker left, to be made again; give up what failed often."""
    lost = Poster.objects.lost_at(now)
    for pk in list(lost.filter(tries__gte=MAX_TRIES).values_list("pk", flat=True)):
        lost.filter(pk=pk).update(state=State.FAILED)
        log.error("poster_failed", poster=pk)
    return list(lost.filter(tries__lt=MAX_TRIES).order_by("pk").values_list("pk", flat=True)[:100])


def forget(posters: Iterable[Poster]) -> int:
    """Delete sheets with their files; one that is being made finds no row to end in."""
    gone = 0
    for pk in [poster.pk for poster in posters]:
        with transaction.atomic():
            # Locked, so that the path is that of a worker who was just done.
            poster = Poster.objects.select_for_update().filter(pk=pk).first()
            if poster is None:
                continue
            poster.delete()
            if poster.path:
                transaction.on_commit(partial(default_storage.delete, poster.path), robust=True)
        gone += 1
    return gone


def forget_old(*, now: datetime.datetime) -> int:
    """Forget sheets that nobody asked for in a week, and those whose words changed or went.

    Files that no row knows go too.

    Returns:
        How many went.
    """
    gone = forget(Poster.objects.filter(asked_at__lte=now - KEPT_FOR))
    gone += forget(
        poster
        for poster in Poster.objects.exclude(state=State.MAKING).iterator(chunk_size=200)
        if drawn_now(poster) is None
    )
    if not default_storage.exists(FOLDER):
        return gone
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        is_old = default_storage.get_modified_time(path) < now - STRAY_AFTER
        if is_old and not Poster.objects.filter(path=path).exists():
            default_storage.delete(path)
            gone += 1
    return gone
