"""How long things are kept, and their end."""

import datetime
from functools import partial
from typing import Any

from django.db import transaction

from contributions.drafts import KEPT_FOR
from contributions.kinds import all_kinds, kind_of
from contributions.models import Contribution, Picture, Status
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
