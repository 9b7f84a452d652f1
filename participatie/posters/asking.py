"""Asking for a sheet; a worker makes it."""

import datetime
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participatie.posters.limits import TooManySheets
from participatie.posters.models import Poster
from participatie.posters.sheets import draw_up
from participatie.posters.subjects import PosterSubject
from participatie.tasks import make_poster

State = Poster.State


def ask_for(
    *,
    subject: PosterSubject,
    thing: Any,
    sheet: str,
    languages: Iterable[str],
    may_make: Callable[[], bool],
    now: datetime.datetime | None = None,
) -> Poster:
    """Return the sheet about a thing in some languages: the one that is there, or one that is made.

    Of many who ask for the same at once all get one row, and one worker is asked.

    Args:
        may_make: says whether one more may be made; asked only when there is none.

    Raises:
        TooManySheets: it says no.
    """
    now = now or timezone.now()
    codes = tuple(languages)
    same: dict[str, Any] = {
        "subject": subject.name,
        "subject_pk": thing.pk,
        "sheet": sheet,
        "languages": ",".join(codes),
        "digest": draw_up(subject, thing, sheet, codes).digest,
    }
    known = Poster.objects.filter(**same).exclude(state=State.FAILED)
    found = known.first()
    if found and (found.is_under_way or default_storage.exists(found.path)):
        # It stays as long as people want it.
        known.update(asked_at=now)
        return found
    if not may_make():
        raise TooManySheets
    with transaction.atomic():
        poster, is_new = Poster.objects.get_or_create(
            **same, defaults={"asked_at": now, "touched_at": now}
        )
        # It could not be made before, or its file was left out of a backup.
        lost = Q(state=State.FAILED) | Q(state=State.READY, path=found.path if found else "")
        again = Poster.objects.filter(lost, pk=poster.pk).update(
            state=State.WAITING, path="", tries=0, asked_at=now, touched_at=now
        )
        if is_new or again:
            transaction.on_commit(partial(make_poster.delay, poster.pk), robust=True)
    return poster
