"""How long things are kept, and their end."""

import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from contributions.actions.hearing import take_away
from contributions.deadlines import today
from contributions.drafts import KEPT_FOR
from contributions.kinds import all_kinds, kind_of
from contributions.models import (
    Appeal,
    Contribution,
    Picture,
    Report,
    SpokenText,
    Status,
    Telling,
)
from contributions.models.assisted import LATE_FOR
from contributions.pictures import forget_files


def forget_old_drafts(*, now: datetime.datetime) -> int:
    """Delete the drafts that were not touched for thirty days, pictures included.

    Returns:
        How many drafts were deleted.
    """
    count = 0
    untouched_since = now - KEPT_FOR
    for kind in all_kinds():
        old = kind.model._default_manager.filter(
            status=Status.DRAFT, changed_at__lt=untouched_since
        )
        for draft in list(old):
            count += delete_draft(draft=draft, untouched_since=untouched_since)
    return count


def delete_draft(*, draft: Contribution, untouched_since: datetime.datetime | None = None) -> bool:
    """Delete a draft with its dossier and pictures: it never was part of the record.

    What was handed in (or, with ``untouched_since``, taken up again) in the meantime stays.

    Returns:
        Whether it is gone.
    """
    with transaction.atomic():
        queryset: Any = type(draft)._default_manager.all()
        locked = queryset.locked_with_dossier().filter(pk=draft.pk, status=Status.DRAFT).first()
        if locked is None or (untouched_since and locked.changed_at >= untouched_since):
            return False
        dossier = locked.dossier
        pictures = list(Picture.objects.filter(dossier=dossier))
        Picture.objects.filter(dossier=dossier).delete()
        kind_of(dossier).on_draft_deleted(locked)
        locked.delete()
        dossier.delete()
        for picture in pictures:
            transaction.on_commit(partial(forget_files, picture))
        return True


#: An address that no mail server takes is forgotten after this.
ADDRESS_KEPT = datetime.timedelta(days=30)


def forget_reports(*, now: datetime.datetime) -> int:
    """Empty who reported and in which words, where the outcome is old; what was decided stays.

    Returns:
        How many reports were emptied.
    """
    closed = Report.objects.filter(closed_at__isnull=False)
    closed.filter(closed_at__lt=now - ADDRESS_KEPT).exclude(email="").update(email="")
    old = closed.filter(closed_at__lt=now - datetime.timedelta(days=settings.REPORTS_KEPT_DAYS))
    held = ~Q(words="") | ~Q(reported_by_key="") | Q(reporter__isnull=False)
    return old.filter(held).update(words="", reported_by_key="", reporter=None)


#: So long a recording that another one took the place of can come back: a decision is undone.
OVERTAKEN_KEPT = datetime.timedelta(days=1)


def forget_recordings(*, now: datetime.datetime) -> int:
    """Delete recordings of texts that were overtaken, or hidden so long ago that nobody asks.

    While somebody waits for another look at one, it waits too.

    Returns:
        How many were deleted.
    """
    held = SpokenText.objects.exclude(recording="")
    overtaken = held.filter(removed_at__lt=now - OVERTAKEN_KEPT)
    sealed_before = now - datetime.timedelta(days=settings.SEALED_KEPT_DAYS)
    looked_at = Appeal.objects.waiting().filter(decision__spoken__isnull=False)
    hidden = held.filter(hidden_at__lt=sealed_before).exclude(
        pk__in=looked_at.values("decision__spoken")
    )
    count = 0
    for spoken in [*overtaken, *hidden.filter(removed_at__isnull=True)]:
        with transaction.atomic():
            take_away([spoken], now=now)
        count += 1
    return count


#: A person whom nobody reached by telephone is not called after this.
CALLED_WITHIN = datetime.timedelta(days=30)


def forget_what_talks_needed(*, now: datetime.datetime) -> int:
    """Forget codes that are on paper by now, numbers that nobody called, and names of old slips.

    Returns:
        How many columns were emptied.
    """
    on_paper = Telling.objects.filter(session__date__lt=today(now) - LATE_FOR)
    count = on_paper.exclude(slip_sealed="").update(slip_sealed="")
    uncalled = Telling.objects.filter(created_at__lt=now - CALLED_WITHIN)
    count += uncalled.exclude(telephone="").update(telephone="")
    over = Telling.objects.filter(slip_until__lt=today(now))
    return count + over.exclude(first_name="").update(first_name="")
