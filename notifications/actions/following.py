"""Following an initiative, an area or a theme."""

import datetime
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from notifications.kinds import followable_named
from notifications.models import Follow


class NotThere(Exception):
    """What somebody wants to follow is not there, or not for them to see."""


def follow(
    *, person: User, kind: str, subject_id: int, now: datetime.datetime | None = None
) -> None:
    """Let a person follow one thing; twice is no error.

    Raises:
        NotThere: there is no such thing that they may see.
    """
    thing = followable_named(kind)
    if thing is None or subject_id not in thing.load([subject_id], person):
        raise NotThere
    with suppress(IntegrityError), transaction.atomic():
        Follow.objects.create(
            person=person, kind=kind, subject_id=subject_id, created_at=now or timezone.now()
        )


def unfollow(*, person: User, kind: str, subject_id: int) -> None:
    """Let a person follow one thing no more; of what is gone, too."""
    Follow.objects.filter(person=person, kind=kind, subject_id=subject_id).delete()
