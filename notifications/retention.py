"""Letting go of what people were told, when nobody looks for it any more."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from notifications.models import Delivery, Letter, Notification, Outgoing

#: So long somebody finds in their inbox what they were told.
KEPT_FOR = datetime.timedelta(days=365)
#: So long staff can see whether something went out.
SENT_KEPT_FOR = datetime.timedelta(days=30)
#: So many rows go in one transaction: nobody waits for long.
BATCH = 1000

_OVER = Q(state__in=[Outgoing.State.SENT, Outgoing.State.FAILED, Outgoing.State.DROPPED])


def forget_notifications(*, now: datetime.datetime) -> int:
    """Delete what was told a year ago, and what went out a month ago; return how many.

    An event stays: it holds no word, and without it the same could be told again.
    """
    sent = Delivery.objects.filter(_OVER, done_at__lt=now - SENT_KEPT_FOR)
    told = Notification.objects.filter(created_at__lt=now - KEPT_FOR)
    letters = Letter.objects.filter(_OVER, created_at__lt=now - KEPT_FOR)
    return _delete(sent) + _delete(told) + _delete(letters)


def _delete(rows: QuerySet[Any]) -> int:
    deleted = 0
    while True:
        with transaction.atomic():
            pks = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
            rows.model._default_manager.filter(pk__in=pks).delete()
        deleted += len(pks)
        if len(pks) < BATCH:
            return deleted
