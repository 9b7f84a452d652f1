"""Marks waiting texts that say nearly the same as one on the site; a worker does it."""

import datetime

from django.db import transaction
from django.utils import timezone

from contributions.kinds import contribution_of, kind_of
from contributions.models import Dossier, Mark


def compare(*, dossier_pk: int, now: datetime.datetime | None = None) -> int:
    """Mark a waiting text that says nearly the same as others; return how many those are.

    A text that was compared since it last changed is left alone, so it is safe to do twice.
    """
    with transaction.atomic():
        dossier = (
            Dossier.objects.select_for_update(no_key=True)
            .filter(pk=dossier_pk, waiting_since__isnull=False, compared_at__isnull=True)
            .first()
        )
        near = None if dossier is None else kind_of(dossier).near
        if dossier is None or near is None:
            return 0
        marks = Mark.objects.filter(dossier=dossier, check_name=Mark.Check.NEAR_DOUBLE)
        marks.delete()
        others = near(contribution_of(dossier))
        dossier.compared_at = now or timezone.now()
        dossier.save(update_fields=["compared_at"])
        Mark.objects.bulk_create(
            Mark(
                dossier=dossier,
                check_name=Mark.Check.NEAR_DOUBLE,
                other_id=other,
                found_at=dossier.compared_at,
            )
            for other in others
        )
        return len(others)
