"""Measures about an account: somebody may not write for a while, or not any more."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .decision import Decision, HouseRule
from .dossier import Dossier


class MeasureQuerySet(models.QuerySet["Measure"]):
    def in_force(self, now: datetime.datetime) -> Self:
        """Return the measures that hold at a moment."""
        return self.filter(
            Q(kind=Measure.Kind.PAUSE, ends_at__gt=now)
            | Q(kind=Measure.Kind.END, agreed_at__isnull=False),
            starts_at__lte=now,
            lifted_at__isnull=True,
        )

    def asked(self) -> Self:
        """Return the ends that wait for a second moderator's yes: they do not hold yet."""
        return self.filter(kind=Measure.Kind.END, agreed_at__isnull=True, lifted_at__isnull=True)


class Measure(models.Model):
    """That somebody may not write: until ``ends_at``, or for good.

    What the person wrote stays. They can still sign in, read the reason, ask for another look,
    take their data out and leave. The row says who decided and why; it changes only when the
    measure is lifted, and when the person leaves.
    """

    class Kind(models.TextChoices):
        PAUSE = "pause", _("a pause")
        END = "end", _("the end of taking part")

    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="measures"
    )
    rule = models.ForeignKey(
        HouseRule, verbose_name=_("house rule"), on_delete=models.PROTECT, related_name="measures"
    )
    reason = models.TextField(_("reason"))
    facts = models.TextField(_("what it is about"), blank=True)
    #: The text that gave rise to it, and the decision about that text, where there is one.
    dossier = models.ForeignKey(
        Dossier,
        verbose_name=_("dossier"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
    )
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("decision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
    )
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+"
    )
    #: Of an end, whose second yes it was: another moderator's, or an administrator's own.
    agreed_by = models.ForeignKey(
        User,
        verbose_name=_("agreed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        User,
        verbose_name=_("lifted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lifted_because = models.TextField(_("why it was lifted"), blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("-starts_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="measure_has_its_term",
                condition=Q(kind="pause", ends_at__isnull=False, ends_at__gt=F("starts_at"))
                | Q(kind="end", ends_at__isnull=True),
            ),
            models.CheckConstraint(name="measure_has_a_reason", condition=~Q(reason="")),
            models.UniqueConstraint(name="one_measure_per_decision", fields=["decision"]),
            models.CheckConstraint(
                name="measure_is_not_to_oneself", condition=~Q(person=F("decided_by"))
            ),
            models.CheckConstraint(
                name="measure_agreed_by_someone",
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(kind="end", agreed_at__isnull=False, agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="measure_lifted_by_someone",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="measure_by_person", fields=["person", "starts_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def is_in_force(self, now: datetime.datetime) -> bool:
        """Say whether it holds at a moment."""
        if self.kind == self.Kind.END:
            return self.lifted_at is None and self.agreed_at is not None
        assert self.ends_at is not None
        return self.lifted_at is None and self.starts_at <= now < self.ends_at

    @property
    def is_asked(self) -> bool:
        """Say whether it still waits for a second moderator's yes."""
        return self.kind == self.Kind.END and self.agreed_at is None and self.lifted_at is None

    @property
    def last_date(self) -> datetime.date | None:
        """Return the last day of a pause, in Amsterdam; nothing for an end."""
        if self.ends_at is None:
            return None
        return timezone.localdate(self.ends_at - datetime.timedelta(seconds=1))

    @property
    def agreed_by_is_missing(self) -> bool:
        """Say whether it never held: an end to which no second moderator said yes."""
        return self.kind == self.Kind.END and self.agreed_at is None
