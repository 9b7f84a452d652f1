"""The dossier: what decisions, pictures and revisions of any kind of contribution point at."""

import datetime
from typing import Self

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from areas.models import Area
from contributions.scope import within_grants


class DossierQuerySet(models.QuerySet["Dossier"]):
    def waiting(self) -> Self:
        """Return what waits for a moderator: what cannot wait first, then the longest waiting."""
        return self.filter(waiting_since__isnull=False).order_by(
            "-is_urgent", "waiting_since", "pk"
        )

    def reviewable_by(self, user: User) -> Self:
        """Return what somebody decides about: all in the areas and languages of a moderator.

        The programme office decides about what was passed on to it, within its own.
        """
        return self.filter(
            within_grants(user, Role.MODERATOR)
            | (Q(passed_to_office=True) & within_grants(user, Role.PROGRAMME_OFFICE))
        )

    def behind(self, is_urgent: bool, since: datetime.datetime, pk: int) -> Self:
        """Return what stands behind a place in the queue."""
        # As a range, and what is not behind taken out of it: so an index leads to its beginning.
        later = Q(waiting_since__gte=since) & ~Q(waiting_since=since, pk__lte=pk)
        if is_urgent:
            return self.filter(Q(is_urgent=False) | (Q(is_urgent=True) & later))
        return self.filter(later, is_urgent=False)

    def read_by_nobody(self, now: datetime.datetime) -> Self:
        """Return what nobody is reading."""
        return self.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))

    def locked_if_free(self) -> Self:
        """Lock the rows, without those that somebody else has locked."""
        if connection.features.has_select_for_update_skip_locked:
            return self.select_for_update(no_key=True, skip_locked=True, of=("self",))
        # SQLite has one writer at a time.
        return self


class Dossier(models.Model):
    """The file that belongs to one contribution, of whatever kind.

    ``area`` and ``language`` repeat the contribution's own, from its submission on, so that one
    queue with one index spans all kinds. The status is not here: it lives on the contribution.
    """

    class Review(models.TextChoices):
        NONE = "none", _("nothing to review")
        BEFORE = "before", _("review before publication")
        AFTER = "after", _("review after publication")
        REVISION = "revision", _("review of a change")
        REPORTED = "reported", _("review of what was reported")

    kind = models.CharField(_("kind"), max_length=30)
    area = models.ForeignKey(
        Area, verbose_name=_("area"), on_delete=models.PROTECT, null=True, blank=True
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    review = models.CharField(
        _("review"), max_length=10, choices=Review.choices, default=Review.NONE
    )
    review_reasons = models.JSONField(_("why it is reviewed"), default=list, blank=True)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    promised_date = models.DateField(_("promised before the end of"), null=True, blank=True)

    # A text that reads like a cry for help is read before all others.
    is_urgent = models.BooleanField(_("read first"), default=False, db_default=False)
    claimed_by = models.ForeignKey(
        User,
        verbose_name=_("read by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    claimed_until = models.DateTimeField(_("read until"), null=True, blank=True)
    passed_to = models.ForeignKey(
        User,
        verbose_name=_("passed on to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    passed_to_office = models.BooleanField(
        _("passed on to the programme office"), default=False, db_default=False
    )

    # Since it last changed, its text was set beside others that may say the same.
    compared_at = models.DateTimeField(_("compared with others at"), null=True, editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        constraints = [
            models.CheckConstraint(
                name="dossier_waits_with_a_promise",
                condition=(
                    Q(review="none", waiting_since__isnull=True, promised_date__isnull=True)
                    | (
                        ~Q(review="none")
                        & Q(waiting_since__isnull=False, promised_date__isnull=False)
                    )
                ),
            ),
            models.CheckConstraint(
                name="dossier_claim_has_its_end",
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_is_passed_one_way",
                condition=Q(passed_to__isnull=True) | Q(passed_to_office=False),
            ),
        ]
        indexes = [
            models.Index(
                name="dossier_queue_by_urgency",
                fields=["-is_urgent", "waiting_since", "id"],
                condition=Q(waiting_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def reader_at(self, now: datetime.datetime) -> User | None:
        """Return who is reading it at a moment."""
        if self.claimed_until is None or self.claimed_until <= now:
            return None
        return self.claimed_by

    def is_late(self, day: datetime.date) -> bool:
        """Say whether the promised date is over."""
        return self.promised_date is not None and self.promised_date < day
