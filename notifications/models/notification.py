"""What happened, and who was told."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User

#: So long an event whose telling nobody goes on with was lost by a worker.
LOST_AFTER = datetime.timedelta(minutes=2)


class EventQuerySet(models.QuerySet["Event"]):
    def lost_at(self, now: datetime.datetime) -> Self:
        """Return the events with people left to tell, with which no worker goes on."""
        return self.filter(told_at__isnull=True, worked_on_at__lt=now - LOST_AFTER)


class Event(models.Model):
    """Something that happened and that people are told of; it happens once."""

    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.BigIntegerField(_("number of the subject"))
    # Where the same subject is told of several times: "first", "half", "2027-03-01".
    occasion = models.CharField(_("occasion"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    # Who did it, and so needs not be told.
    by = models.ForeignKey(
        User, verbose_name=_("by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: The person up to whose number everybody was told: a worker goes on from there.
    told_up_to = models.BigIntegerField(default=0, editable=False)
    worked_on_at = models.DateTimeField(default=timezone.now, editable=False)
    told_at = models.DateTimeField(_("everybody told at"), null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(
                name="event_happens_once", fields=["kind", "subject_id", "occasion"]
            ),
        ]
        indexes = [
            models.Index(
                name="event_to_tell", fields=["worked_on_at"], condition=Q(told_at__isnull=True)
            ),
            # The news of one day, kind by kind.
            models.Index(name="event_by_day", fields=["kind", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, person: User) -> Self:
        """Return what somebody was told."""
        return self.filter(recipient=person)

    def unread(self) -> Self:
        """Return what was not read yet."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One person is told of one event: the row of their inbox."""

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="notifications"
    )
    recipient = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="notifications"
    )
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(
        pgettext_lazy("by a person", "read at"), null=True, editable=False
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(name="told_once", fields=["event", "recipient"]),
        ]
        indexes = [
            models.Index(name="notification_inbox", fields=["recipient", "-id"]),
            models.Index(
                name="notification_unread",
                fields=["recipient"],
                condition=Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.recipient_id}"
