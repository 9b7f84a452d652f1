"""Doubles: the same idea posted twice, joined by the programme office."""

import datetime
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.records import AppendOnly

from .initiative import Initiative, Progress

MAX_WHY = 1000
#: So long the programme office can take it back.
UNDONE_WITHIN = datetime.timedelta(days=30)
#: From the answer on people count on what stands there: nothing is taken apart any more.
TAKEN_APART_IN = (Progress.OPEN, Progress.IN_CONSIDERATION, Progress.EXPIRED)


class MergerQuerySet(models.QuerySet["Merger"]):
    def standing(self) -> Self:
        """Return those that were not undone."""
        return self.filter(undone_at__isnull=True)

    def delete(self) -> NoReturn:
        raise AppendOnly("What was joined stays on the record: undo it.")


class Merger(models.Model):
    """Which initiative was joined with which, by whom and why.

    Rows are only ever added; of one that stands, that it was undone is written once. Code is
    stopped here, and everything else by triggers in the database.
    """

    double = models.ForeignKey(
        Initiative, verbose_name=_("double"), on_delete=models.PROTECT, related_name="mergers"
    )
    into = models.ForeignKey(
        Initiative,
        verbose_name=_("joined with"),
        on_delete=models.PROTECT,
        related_name="mergers_of_doubles",
    )
    reason = models.TextField(_("reason"), max_length=MAX_WHY)
    made_by = models.ForeignKey(
        User, verbose_name=_("joined by"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("joined at"), default=timezone.now)
    undone_by = models.ForeignKey(
        User,
        verbose_name=_("undone by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects = MergerQuerySet.as_manager()

    class Meta:
        verbose_name = _("merger")
        verbose_name_plural = _("mergers")
        ordering = ("made_at", "pk")
        constraints = [
            models.UniqueConstraint(
                name="one_standing_merger", fields=["double"], condition=Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(name="merger_of_two", condition=~Q(double=F("into"))),
            models.CheckConstraint(name="merger_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="merger_undone_by_someone",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.double_id}/{self.into_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("What was joined stays on the record: undo it.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("What was joined stays on the record: undo it.")

    def can_be_undone_at(self, now: datetime.datetime) -> bool:
        """Say whether it was joined so shortly ago that it can be taken back."""
        return self.undone_at is None and now < self.made_at + UNDONE_WITHIN


def has_doubles() -> Exists:
    """Return what says of each initiative in a query whether doubles were joined with it."""
    return Exists(Initiative.objects.filter(merged_into=OuterRef("pk")))
