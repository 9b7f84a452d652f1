"""Talks at which a trusted messenger writes down what people tell, and what was told there."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from areas.models import Area
from contributions.deadlines import today
from contributions.scope import within_grants

from .contribution import Status
from .dossier import Dossier

MAX_PLACE = 120
MAX_FIRST_NAME = 40
MAX_TELEPHONE = 30
#: What waited on a telephone without a line is taken in until so long after the day of the talk.
LATE_FOR = datetime.timedelta(days=2)
#: Of these others than who told it still read something: later it is that person's business alone.
READ_AFTER_THE_TALK = (Status.SUBMITTED, Status.RETURNED, Status.PUBLISHED)


class AssistedSession(models.Model):
    """A talk at a table, in a kitchen or at work: one place, one language and one day.

    It is open on its own day alone, and a messenger has one open at a time.
    """

    held_by = models.ForeignKey(
        User,
        verbose_name=_("held by"),
        on_delete=models.PROTECT,
        related_name="assisted_sessions",
    )
    place = models.CharField(_("place"), max_length=MAX_PLACE)
    language = models.CharField(_("language"), max_length=10, choices=settings.CONTENT_LANGUAGES)
    area = models.ForeignKey(
        Area, verbose_name=_("neighbourhood"), on_delete=models.PROTECT, related_name="+"
    )
    date = models.DateField(_("day"))
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("talk")
        verbose_name_plural = _("talks")
        ordering = ("-date", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="one_open_talk_a_day",
                fields=["held_by", "date"],
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.date}"

    def is_open_at(self, now: datetime.datetime) -> bool:
        """Say whether people can tell something now: on its own day, until it is closed."""
        return self.closed_at is None and today(now) == self.date

    def takes_late_at(self, now: datetime.datetime) -> bool:
        """Say whether what was written down there, and waited for a line, still comes in."""
        return self.date <= today(now) <= self.date + LATE_FOR


class TellingQuerySet(models.QuerySet["Telling"]):
    def to_call_back(self, user: User) -> Self:
        """Return what a second person asks about: never who held the talk.

        That is a moderator, a messenger or the programme office, within area and language.
        """
        within = (
            within_grants(user, Role.MODERATOR)
            | within_grants(user, Role.MESSENGER)
            | within_grants(user, Role.PROGRAMME_OFFICE)
        )
        return self.filter(
            call_back=Telling.CallBack.WAITING,
            claimed_at__isnull=True,
            dossier__in=Dossier.objects.filter(within),
        ).exclude(session__held_by=user)


class Telling(models.Model):
    """What one person told at a talk: whose words a contribution holds, without an account.

    ``entry_key`` is made on the device: what arrives twice is one. The code on the claim slip is
    kept as a digest; the code itself is sealed beside it for as long as the slip can be shown or
    printed again. ``telephone`` is sealed too, and only there while a second person has to call.
    """

    class CallBack(models.TextChoices):
        NONE = "", _("not chosen")
        WAITING = "waiting", _("waits for a call")
        CONFIRMED = "confirmed", _("the person told it like this")
        DENIED = "denied", _("the person did not tell it like this")
        NOT_REACHED = "missed", _("the person was not reached")

    dossier = models.OneToOneField(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="telling"
    )
    session = models.ForeignKey(
        AssistedSession, verbose_name=_("talk"), on_delete=models.PROTECT, related_name="tellings"
    )
    first_name = models.CharField(_("first name"), max_length=MAX_FIRST_NAME, blank=True)
    is_16 = models.BooleanField(_("16 or older"), default=False)
    consent_at = models.DateTimeField(_("agreed at"))
    entry_key = models.CharField(max_length=43, editable=False)
    entry_digest = models.CharField(max_length=64, editable=False)
    slip_digest = models.CharField(max_length=64, unique=True, editable=False)
    slip_sealed = models.TextField(blank=True, editable=False)
    slip_until = models.DateField(_("slip valid until the end of"))
    call_back = models.CharField(
        _("call back"), max_length=10, choices=CallBack.choices, default=CallBack.NONE, blank=True
    )
    telephone = models.TextField(blank=True, editable=False)
    checked_by = models.ForeignKey(
        User,
        verbose_name=_("called by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("called at"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        User,
        verbose_name=_("taken into the account of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tellings_claimed",
    )
    claimed_at = models.DateTimeField(_("taken into an account at"), null=True, blank=True)
    created_at = models.DateTimeField(_("came in at"), default=timezone.now, editable=False)

    objects = TellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("telling")
        verbose_name_plural = _("tellings")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(name="one_telling_per_entry", fields=["session", "entry_key"]),
            models.CheckConstraint(
                name="telling_called_by_somebody",
                condition=Q(call_back__in=["", "waiting"], checked_by__isnull=True)
                | (
                    Q(call_back__in=["confirmed", "denied", "missed"])
                    & Q(checked_by__isnull=False, checked_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="telling_claimed_by_somebody",
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="telling_to_call_back",
                fields=["created_at"],
                condition=Q(call_back="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.pk}"

    def is_valid_on(self, date: datetime.date) -> bool:
        """Say whether the slip still opens what was told."""
        return self.claimed_at is None and date <= self.slip_until
