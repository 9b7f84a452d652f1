"""Cards with which somebody without an e-mail address signs in."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from areas.models import Area

from .people import User

#: So many wrong PINs in a row lock a card for good; a new one replaces it.
TRIES = 5


class CardQuerySet(models.QuerySet["Card"]):
    def in_use(self) -> Self:
        """Return the cards that were not ended or replaced; locked ones too."""
        return self.filter(ended_at__isnull=True)

    def given_since(self, person: User, moment: datetime) -> Self:
        """Return the cards that somebody gave from a moment on."""
        return self.filter(given_by=person, given_at__gte=moment)


class Card(models.Model):
    """A card that somebody was given: with its code and a PIN of their own they sign in.

    The code is printed once and kept as a keyed digest; the PIN is the hash of one, sealed.
    ``number`` is no secret: it is the same on each card of one person, and with it a messenger
    replaces a lost one. ``tries`` counts wrong PINs since the last right one.
    """

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="cards"
    )
    number = models.CharField(_("card number"), max_length=9)
    code_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    pin = models.CharField(max_length=400, blank=True, editable=False)
    # Whose button made it: a second press finds the row.
    form_digest = models.CharField(max_length=64, unique=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("wrong tries"), default=0)
    given_by = models.ForeignKey(
        User, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="cards_given"
    )
    given_at = models.DateTimeField(_("given at"), default=timezone.now)
    area = models.ForeignKey(
        Area,
        verbose_name=_("area"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cards",
    )
    first_used_at = models.DateTimeField(_("first used at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    replaced_by = models.OneToOneField(
        "self",
        verbose_name=_("replaced by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
    )

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        indexes = [models.Index(fields=["given_by", "given_at"], name="card_by_giver")]
        constraints = [
            models.UniqueConstraint(
                name="one_card_per_person", fields=["user"], condition=Q(ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="one_card_per_number", fields=["number"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="card_is_not_for_oneself", condition=~Q(given_by=F("user"))
            ),
            models.CheckConstraint(
                name="card_ended_opens_nothing",
                condition=Q(ended_at__isnull=True, code_digest__isnull=False)
                | Q(ended_at__isnull=False, code_digest__isnull=True, pin=""),
            ),
            models.CheckConstraint(
                name="card_replaced_has_ended",
                condition=Q(replaced_by__isnull=True) | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(name="card_tries_are_few", condition=Q(tries__lte=TRIES)),
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"

    @property
    def is_locked(self) -> bool:
        return self.ended_at is None and self.tries >= TRIES

    @property
    def printed_number(self) -> str:
        """The number as it stands on the card: in threes, to be read aloud."""
        return " ".join(self.number[start : start + 3] for start in range(0, len(self.number), 3))
