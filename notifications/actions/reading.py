"""Marking what was read."""

import datetime

from django.utils import timezone

from accounts.models import User
from notifications.models import Notification


def mark_read(*, person: User, pk: int, now: datetime.datetime | None = None) -> None:
    """Mark one notification of a person as read; twice is no error, another's is left alone."""
    own = Notification.objects.of(person).unread().filter(pk=pk)
    own.update(read_at=now or timezone.now())


def mark_all_read(*, person: User, up_to: int, now: datetime.datetime | None = None) -> int:
    """Mark what a person was told as read, up to the newest that they saw; return how many."""
    own = Notification.objects.of(person).unread().filter(pk__lte=up_to)
    return own.update(read_at=now or timezone.now())
