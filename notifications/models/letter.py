"""The weekly letter of one person, and the hours at which letters are looked for."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .delivery import Outgoing, OutgoingQuerySet

_NONE = datetime.timedelta(0)


class Letter(Outgoing):
    """A person's letter of one week: it is written and sent once, or not at all."""

    recipient = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="letters"
    )
    #: The Monday of the week, in Europe/Amsterdam: a clock that is moved makes no second one.
    week_date = models.DateField(_("week"))
    #: The newest notification that can stand in it, and the newest of the letter before.
    up_to = models.BigIntegerField(editable=False)
    after = models.BigIntegerField(default=0, editable=False)

    objects: Any = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly letter")
        verbose_name_plural = _("weekly letters")
        constraints = [
            models.UniqueConstraint(name="one_letter_a_week", fields=["recipient", "week_date"]),
            models.CheckConstraint(
                name="letter_state_is_known",
                condition=Q(state__in=["waiting", "in_flight", "sent", "failed", "dropped"]),
            ),
            models.CheckConstraint(
                name="letter_waits_or_is_done",
                condition=Q(done_at__isnull=True) | Q(state__in=["sent", "failed", "dropped"]),
            ),
        ]
        indexes = [
            models.Index(
                name="letter_due",
                fields=["next_try_at", "id"],
                condition=Q(done_at__isnull=True),
            ),
            models.Index(name="letter_failed", fields=["-id"], condition=Q(state="failed")),
            models.Index(
                name="letter_done",
                fields=["done_at", "state"],
                condition=Q(state__in=["sent", "failed", "dropped"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.week_date}"


class LetterRound(models.Model):
    """One hour in which letters fall due: a worker goes through who has news, batch by batch.

    Rounds that were missed are made up for. What one is about is its hour, not the moment at which
    a worker comes to it: so a late round writes the same letters.
    """

    at = models.DateTimeField(unique=True)
    #: The person up to whose number everybody was looked at: a worker goes on from there.
    done_up_to = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("round of letters")
        verbose_name_plural = _("rounds of letters")

    def __str__(self) -> str:
        return self.at.isoformat()

    @property
    def day(self) -> datetime.date:
        """The day of the round, in Europe/Amsterdam."""
        return timezone.localdate(self.at)

    @property
    def week_date(self) -> datetime.date:
        """The Monday of its week."""
        return self.day - datetime.timedelta(days=self.day.weekday())

    @property
    def hours(self) -> set[int]:
        """The hours on the clock that the round is for.

        Two where the clock went forward and one of them does not exist. Where it went back, two
        rounds are for the same hour; in the second everybody has had their letter.
        """
        here = timezone.localtime(self.at)
        before = timezone.localtime(self.at - datetime.timedelta(hours=1))
        gone_forward = (here.utcoffset() or _NONE) > (before.utcoffset() or _NONE)
        return {here.hour, (here.hour - 1) % 24} if gone_forward else {here.hour}
