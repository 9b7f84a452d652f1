"""What is on its way out of the site: rows that no killed worker loses."""

import datetime
from collections.abc import Sequence
from typing import Any, Self, TypeVar

from django.db import connections, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Channel

from .notification import Notification

#: What a worker took and neither sent nor gave back by then belongs to nobody: it was killed.
LOST_AFTER = datetime.timedelta(minutes=2)
#: After so many tries it is given up: the last is about a day after the first.
MAX_TRIES = 15


def pause_after(tries: int) -> datetime.timedelta:
    """Return how long to wait after so many tries: 1, 2, 4… minutes, three hours at most."""
    return datetime.timedelta(minutes=min(2 ** max(tries - 1, 0), 180))


O = TypeVar("O", bound="Outgoing")  # noqa: E741  (the letter of the class it stands for)


#: Written out: what Django would make of it takes longer to make than to run.
_WENT = """
UPDATE {table} SET
  state = CASE id WHEN %(sent)s THEN 'sent' ELSE state END,
  done_at = CASE id WHEN %(sent)s THEN %(now)s ELSE done_at END,
  why = CASE id WHEN %(sent)s THEN '' ELSE why END,
  tries = CASE id WHEN %(begun)s THEN %(tries)s ELSE tries END,
  taken_at = CASE id WHEN %(begun)s THEN %(now)s ELSE taken_at END,
  next_try_at = CASE id WHEN %(begun)s THEN %(next_try_at)s ELSE next_try_at END
WHERE state = 'in_flight' AND (
  id = %(sent)s AND taken_at = %(sent_taken_at)s OR id = %(begun)s AND taken_at = %(begun_taken_at)s
)
"""


class OutgoingQuerySet(models.QuerySet[O]):
    """What is asked of everything that goes out."""

    def due(self, now: datetime.datetime) -> Self:
        """Return what can be sent: it waits and its time has come, or its worker was killed.

        Whoever takes one writes when it is lost as its next try: so one range of the index holds
        both, in order, and nothing is sorted however much waits.
        """
        # SQLite reads an index of some rows only where the query says its condition without values:
        # a list of states is none, to have no end is one.
        not_done = self.filter(done_at__isnull=True, next_try_at__lte=now)
        return not_done.filter(state__in=["waiting", "in_flight"])

    def take(self, now: datetime.datetime, at_most: int) -> list[int]:
        """Take some of what is due, for this worker alone; return their numbers, in order.

        No row stays locked while a mail server is talked to. Each one is begun by itself as its
        turn comes and marked when it went; what is not marked is due again after ``LOST_AFTER``.
        To be taken is no try: most of what a killed worker took never left this machine.
        """
        due = self.due(now).order_by("next_try_at", "pk")
        locked = due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
        pks = list(locked[:at_most])
        self.model._base_manager.filter(pk__in=pks).update(
            state="in_flight", taken_at=now, next_try_at=now + LOST_AFTER
        )
        return pks

    def held(self, rows: Sequence[Any]) -> Self:
        """Return those of some rows that are still their worker's: nobody took them since."""
        return self.filter(
            state="in_flight",
            pk__in=[row.pk for row in rows],
            taken_at__in={row.taken_at for row in rows},
        )

    def begin(self, row: Any, now: datetime.datetime) -> bool:
        """Begin to send one row, which counts as a try; return whether it is still its worker's.

        A worker that was slow with those before it may have lost it to another one. The time of the
        next try is written already: where the row itself kills its worker, the others go first.
        """
        tries = row.tries + 1
        next_try_at = now + max(pause_after(tries), LOST_AFTER)
        values = {"tries": tries, "taken_at": now, "next_try_at": next_try_at}
        begun = self.held([row]).update(**values)
        if begun:
            row.tries, row.taken_at, row.next_try_at = tries, now, next_try_at
        return begun == 1

    def went(self, row: Any, following: Any, now: datetime.datetime) -> bool:
        """Mark one as sent and begin the next, in one statement: the disk is waited for once.

        Returns:
            Whether the next one was begun, as ``begin`` does it.
        """
        tries = following.tries + 1
        next_try_at = now + max(pause_after(tries), LOST_AFTER)
        written = connections[self.db].ops.adapt_datetimefield_value
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                _WENT.format(table=self.model._meta.db_table),
                {
                    "sent": row.pk,
                    "sent_taken_at": written(row.taken_at),
                    "begun": following.pk,
                    "begun_taken_at": written(following.taken_at),
                    "tries": tries,
                    "now": written(now),
                    "next_try_at": written(next_try_at),
                },
            )
            # One of both was taken by another worker: which of them, its moment tells.
            both = cursor.rowcount == 2
        before = following.taken_at
        following.taken_at = now
        if both or self.held([following]).exists():
            following.tries, following.next_try_at = tries, next_try_at
            return True
        following.taken_at = before
        return False


class Outgoing(models.Model):
    """One thing on its way out: waiting → in flight → sent, failed or dropped."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        IN_FLIGHT = "in_flight", _("in flight")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("dropped")

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING, editable=False
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now, editable=False)
    taken_at = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    #: Why it failed or was dropped: a word of ours, never what another server answered.
    why = models.CharField(_("why"), max_length=40, blank=True, editable=False)

    class Meta:
        abstract = True


class Delivery(Outgoing):
    """One notification on its way through one channel."""

    notification = models.ForeignKey(
        Notification,
        verbose_name=_("notification"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)

    objects: Any = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                name="delivered_once_by_channel", fields=["notification", "channel"]
            ),
            models.CheckConstraint(
                name="delivery_state_is_known",
                condition=Q(state__in=["waiting", "in_flight", "sent", "failed", "dropped"]),
            ),
            # What waits with a time of its end is found by nobody.
            models.CheckConstraint(
                name="delivery_waits_or_is_done",
                condition=Q(done_at__isnull=True) | Q(state__in=["sent", "failed", "dropped"]),
            ),
        ]
        indexes = [
            models.Index(
                name="delivery_due",
                fields=["channel", "next_try_at", "id"],
                condition=Q(done_at__isnull=True),
            ),
            models.Index(
                name="delivery_failed", fields=["channel", "-id"], condition=Q(state="failed")
            ),
            # For what was done since yesterday: without reading what was done before.
            models.Index(
                name="delivery_done",
                fields=["done_at", "channel", "state"],
                condition=Q(state__in=["sent", "failed", "dropped"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notification_id} {self.channel}"
