"""How long things are kept, and their end."""

import datetime
from functools import partial

from django.db import transaction

from contributions.drafts import KEPT_FOR
from contributions.kinds import all_kinds
from contributions.models import Contribution, Picture, Status
from contributions.pictures import forget_files


def forget_old_drafts(*, now: datetime.datetime) -> int:
    """Delete the drafts that were not touched for thirty days, pictures included.

    Returns:
        How many drafts were deleted.
    """
    count = 0
    for kind in all_kinds():
        old = kind.model._default_manager.filter(status=Status.DRAFT, changed_at__lt=now - KEPT_FOR)
        for draft in old.select_related("dossier").iterator():
            delete_draft(draft=draft)
            count += 1
    return count


def delete_draft(*, draft: Contribution) -> None:
    """Delete a draft with its dossier and pictures: it never was part of the record."""
    with transaction.atomic():
        dossier = draft.dossier
        pictures = list(Picture.objects.filter(dossier=dossier))
        Picture.objects.filter(dossier=dossier).delete()
        draft.delete()
        dossier.delete()
        for picture in pictures:
            transaction.on_commit(partial(forget_files, picture))
