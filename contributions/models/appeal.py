"""Another look: somebody disagrees with a decision about a text, or about their account."""

import datetime
import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from areas.models import Area

from .decision import Decision
from .measure import Measure

MAX_WORDS = 5000


def recording_path(appeal: "Appeal", filename: str) -> str:
    # The stranger's file name is dropped: the address says nothing and cannot be guessed.
    return f"recordings/{appeal.key}/{uuid.uuid4()}"


class AppealQuerySet(models.QuerySet["Appeal"]):
    def waiting(self) -> Self:
        """Return the appeals that nobody judged yet, the oldest first."""
        return self.filter(judged_at__isnull=True).order_by("filed_at", "pk")


class Appeal(models.Model):
    """Somebody's words, or voice, on why a decision was wrong (article 20 of the DSA).

    It is about one decision or one measure, and there is one at most about each. ``area`` and
    ``language`` say which moderators can judge it: never the one who decided.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("Another moderator still has to look")
        GRANTED = "granted", _("You were right")
        REFUSED = "refused", _("The decision stays")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appeal",
    )
    measure = models.OneToOneField(
        Measure,
        verbose_name=_("measure"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appeal",
    )
    filed_by = models.ForeignKey(
        User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="appeals"
    )
    filed_at = models.DateTimeField(_("sent in at"), default=timezone.now)
    area = models.ForeignKey(
        Area, verbose_name=_("area"), on_delete=models.PROTECT, null=True, blank=True
    )
    language = models.CharField(_("language"), max_length=10)
    words = models.TextField(_("why you disagree"), blank=True)
    recording = models.FileField(
        _("recording"), upload_to=recording_path, max_length=200, blank=True
    )
    recording_type = models.CharField(max_length=40, blank=True, editable=False)
    recording_seconds = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    promised_date = models.DateField(_("promised before the end of"))
    claimed_by = models.ForeignKey(
        User,
        verbose_name=_("read by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True
    )
    reason = models.TextField(_("reason"), blank=True)
    reason_language = models.CharField(
        _("language of the reason"), max_length=10, blank=True, default="", db_default=""
    )
    judged_by = models.ForeignKey(
        User,
        verbose_name=_("judged by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)
    #: The decision that put right what was wrong.
    put_right_by = models.OneToOneField(
        Decision,
        verbose_name=_("put right by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="puts_right",
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ("-filed_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="appeal_is_about_one_thing",
                condition=Q(decision__isnull=False, measure__isnull=True)
                | Q(decision__isnull=True, measure__isnull=False),
            ),
            models.CheckConstraint(
                name="appeal_is_judged_with_a_reason",
                condition=Q(outcome="", judged_at__isnull=True, judged_by__isnull=True, reason="")
                | (
                    ~Q(outcome="")
                    & Q(judged_at__isnull=False, judged_by__isnull=False)
                    & ~Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="appeal_claim_has_its_end",
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="appeal_waiting", fields=["filed_at", "id"], condition=Q(judged_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def is_late(self, day: datetime.date) -> bool:
        """Say whether the promised date is over."""
        return self.judged_at is None and self.promised_date < day
