"""What the sample's neighbours were told: it stands in their inboxes, and none of it goes out."""

import datetime

from django.db.models import F

from notifications.actions import go_on_telling
from notifications.models import Delivery, Event, Notification

#: What is older, they read.
READ_AFTER = datetime.timedelta(days=10)


def load(*, now: datetime.datetime) -> None:
    """Tell everybody of all that happened, and send none of it: these addresses are nobody's.

    What somebody tries out afterwards must not be lost among hundreds of mails.
    """
    untold = Event.objects.filter(told_at__isnull=True).order_by("created_at", "pk")
    for event in untold:
        while go_on_telling(event_pk=event.pk, now=event.created_at):
            pass
    Delivery.objects.all().delete()
    old = Notification.objects.unread().filter(created_at__lt=now - READ_AFTER)
    old.update(read_at=F("created_at"))
