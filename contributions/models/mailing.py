"""Rows that a mail is owed for: a killed worker loses none, and what is marked goes once."""

import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: A row this old whose mail nobody is sending was lost by a worker: the sweep takes it up again.
LOST_AFTER = datetime.timedelta(minutes=2)
#: So often a mail is tried to be sent: the last time about eight hours after the first.
MAX_MAIL_TRIES = 8

M = TypeVar("M", bound="Mailing")


class MailingQuerySet(models.QuerySet[M]):
    """What is asked of every kind of row that a mail is owed for."""

    def to_mail(self, now: datetime.datetime) -> Self:
        """Return the rows whose mail still makes sense at a moment and was not sent."""
        return self.filter(mailed_at__isnull=True, mail_tries__lt=MAX_MAIL_TRIES)

    def lost_at(self, now: datetime.datetime) -> Self:
        """Return the rows whose mail nobody is sending; each try waits twice as long."""
        due = Q(mail_tries=0, created_at__lt=now - LOST_AFTER)
        for tries in range(1, MAX_MAIL_TRIES):
            due |= Q(mail_tries=tries, mail_tried_at__lt=now - LOST_AFTER * 2**tries)
        return self.to_mail(now).filter(due)

    def claim(self, pk: int, now: datetime.datetime) -> bool:
        """Take one mail to send it; a second worker that wants the same one goes without.

        No row stays locked while a mail server is talked to. A claim holds for ``LOST_AFTER``:
        whoever has not marked the mail as sent by then was killed.
        """
        if not self.to_mail(now).filter(pk=pk).exists():
            return False
        # Of this table alone: a database that waited for another worker checks the row anew, and
        # not what a subquery said before.
        free = Q(mail_tried_at__isnull=True) | Q(mail_tried_at__lt=now - LOST_AFTER)
        rows = self.model._base_manager.filter(free, pk=pk, mailed_at__isnull=True)
        return rows.update(mail_tries=F("mail_tries") + 1, mail_tried_at=now) == 1


class Mailing(models.Model):
    """A row that a mail is owed for."""

    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, editable=False)
    mail_tried_at = models.DateTimeField(null=True, editable=False)
    mail_tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                name="%(class)s_to_mail",
                fields=["created_at"],
                condition=Q(mailed_at__isnull=True),
            ),
        ]
