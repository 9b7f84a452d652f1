"""A take-out of what the site holds of a person, and the departure of one who leaves."""

import datetime
import secrets
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

#: So long a take-out can be fetched.
KEPT_FOR = datetime.timedelta(days=7)
#: A take-out that no worker touched for so long was lost by one: the sweep sends it again.
LOST_AFTER = datetime.timedelta(minutes=5)
#: So often a take-out is tried.
MAX_TRIES = 5
#: A second time all is gone through, for what was under way while the person left.
SECOND_PASS_AFTER = datetime.timedelta(minutes=10)


def file_path() -> str:
    """Return a path in the storage that says nothing and cannot be guessed."""
    return f"take-outs/{secrets.token_urlsafe(32)}.zip"


class TakeOutQuerySet(models.QuerySet["TakeOut"]):
    def under_way(self) -> Self:
        return self.filter(state__in=[TakeOut.State.WAITING, TakeOut.State.MAKING])

    def lost_at(self, now: datetime.datetime) -> Self:
        """Return those that no worker is making, though they wait."""
        return self.under_way().filter(touched_at__lt=now - LOST_AFTER)

    def ready_at(self, now: datetime.datetime) -> Self:
        """Return those that can be fetched at a moment."""
        return self.filter(state=TakeOut.State.READY, expires_at__gt=now)


class TakeOut(models.Model):
    """A file with all that the site holds of a person, made in the background for them alone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")
        EXPIRED = "expired", _("removed after seven days")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="take_outs"
    )
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    touched_at = models.DateTimeField(_("last worked on at"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    of = models.PositiveIntegerField(_("of so many rows"), default=0)
    path = models.CharField(max_length=100, blank=True, editable=False)
    size = models.BigIntegerField(_("size in bytes"), default=0)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("can be fetched until"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("last fetched at"), null=True, blank=True)

    objects = TakeOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("take-out")
        verbose_name_plural = _("take-outs")
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="one_take_out_under_way",
                fields=["person"],
                condition=Q(state__in=["waiting", "making"]),
            ),
            models.CheckConstraint(
                name="take_out_ready_has_a_file_and_an_end",
                condition=~Q(state="ready")
                | (~Q(path="") & Q(ready_at__isnull=False, expires_at__gt=F("ready_at"))),
            ),
            models.CheckConstraint(
                name="take_out_has_a_file_only_when_ready", condition=Q(state="ready") | Q(path="")
            ),
        ]
        indexes = [
            models.Index(
                name="take_out_under_way",
                fields=["touched_at"],
                condition=Q(state__in=["waiting", "making"]),
            ),
        ]

    def __str__(self) -> str:
        return f"take-out {self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.MAKING)

    def is_ready_at(self, now: datetime.datetime) -> bool:
        """Say whether it can be fetched at a moment."""
        return (
            self.state == self.State.READY and self.expires_at is not None and now < self.expires_at
        )


class DepartureQuerySet(models.QuerySet["Departure"]):
    def due_at(self, now: datetime.datetime) -> Self:
        """Return those with a pass to make that no worker is making.

        Each failed try waits twice as long as the one before it, up to four hours. Nobody gives up:
        what was promised to somebody who left is kept.
        """
        due = Q(first_pass_at__isnull=True) | Q(
            second_pass_at__isnull=True, first_pass_at__lt=now - SECOND_PASS_AFTER
        )
        waits = Q(tries=0, tried_at__lt=now - datetime.timedelta(minutes=2))
        for tries in range(1, 8):
            waits |= Q(tries=tries, tried_at__lt=now - datetime.timedelta(minutes=2**tries))
        waits |= Q(tries__gte=8, tried_at__lt=now - datetime.timedelta(hours=4))
        return self.filter(due).filter(waits)


class Departure(models.Model):
    """Somebody who left: what they chose, and how far it is. It holds nothing else of them."""

    person = models.OneToOneField(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="departure"
    )
    texts_stay = models.BooleanField(_("published texts stay, without a name"))
    asked_at = models.DateTimeField(_("left at"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries since the last pass"), default=0)
    tried_at = models.DateTimeField(_("last tried at"), default=timezone.now)
    first_pass_at = models.DateTimeField(_("emptied at"), null=True, blank=True)
    second_pass_at = models.DateTimeField(_("gone through again at"), null=True, blank=True)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="departure_passes_in_order",
                condition=Q(second_pass_at__isnull=True) | Q(first_pass_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="departure_to_finish",
                fields=["tried_at"],
                condition=Q(second_pass_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"departure {self.pk}"
