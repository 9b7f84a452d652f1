"""The weekly letter of one person."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .delivery import Outgoing, OutgoingQuerySet


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
        ]
        indexes = [
            models.Index(
                name="letter_due",
                fields=["next_try_at", "id"],
                condition=Q(state__in=["waiting", "in_flight"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.week_date}"
