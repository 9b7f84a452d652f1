"""People who do an initiative together: who joined its author, and who was asked to."""

import datetime
import secrets
from typing import Self

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.deadlines import today
from contributions.models import Status
from contributions.models.mailing import Mailing, MailingQuerySet

from .initiative import Initiative

#: The age groups that may write to others and be written to; an age not told is in none of them.
FROM_16 = [band.value for band in User.AgeBand if band != User.AgeBand.FROM_12]
#: How many people may join an author; invitations that are open count.
MAX_TOGETHER = 5
#: In days after the one on which it was sent; it ends with the last of them.
INVITATION_DAYS = 14

_signer = Signer(sep=".", salt="ideas.invitation")


def make_key() -> str:
    return secrets.token_urlsafe(16)


class CoInitiatorQuerySet(models.QuerySet["CoInitiator"]):
    def standing(self) -> Self:
        """Return those who count: nobody under 16, and nobody whose account is closed."""
        return self.filter(user__is_active=True, user__age_band__in=FROM_16)


class CoInitiator(models.Model):
    """Somebody who does an initiative together with its author: they agreed to it themselves."""

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="co_initiators",
    )
    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="co_initiated"
    )
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = CoInitiatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-initiator")
        verbose_name_plural = _("co-initiators")
        constraints = [
            models.UniqueConstraint(name="joins_an_initiative_once", fields=["initiative", "user"]),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id}/{self.user_id}"


class InvitationQuerySet(MailingQuerySet["Invitation"]):
    def open_at(self, now: datetime.datetime) -> Self:
        """Return those that can still be answered, as far as they themselves say."""
        return self.filter(outcome="", expires_at__gt=now)

    def answerable(self, now: datetime.datetime) -> Self:
        """Return the open ones to an initiative that is on the site, by somebody of 16 or older."""
        return self.open_at(now).filter(
            initiative__status=Status.PUBLISHED,
            initiative__merged_into__isnull=True,
            initiative__author__age_band__in=FROM_16,
            initiative__author__is_active=True,
        )

    def to_mail(self, now: datetime.datetime) -> Self:
        return super().to_mail(now).answerable(now)

    def lapsed(self, now: datetime.datetime) -> Self:
        """Return those that nobody answered in time and that still hold an address."""
        return self.filter(outcome="", expires_at__lte=now)

    def by_token(self, token: str) -> Self:
        """Return the one whose link this is, or none."""
        try:
            return self.filter(key=_signer.unsign(token))
        except BadSignature:
            return self.none()


class Invitation(Mailing):
    """The question to one e-mail address whether somebody joins an initiative.

    The address is kept only while the question is open. The link in the mail is signed and not
    kept: the database alone does not open it, and a mail that was lost can still be sent again.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")
        EXPIRED = "expired", _("not answered in time")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    invited_by = models.ForeignKey(
        User, verbose_name=_("invited by"), on_delete=models.PROTECT, related_name="+"
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=10)
    key = models.CharField(max_length=22, unique=True, default=make_key, editable=False)
    expires_at = models.DateTimeField(_("can be answered until"))
    outcome = models.CharField(_("answer"), max_length=10, choices=Outcome.choices, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta(Mailing.Meta):
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                name="one_open_invitation_per_address",
                fields=["initiative", "email"],
                condition=Q(outcome=""),
            ),
            models.CheckConstraint(
                name="invitation_keeps_an_address_while_open",
                condition=Q(Q(outcome="", ended_at__isnull=True) & ~Q(email=""))
                | Q(
                    outcome__in=["accepted", "declined", "withdrawn", "expired"],
                    ended_at__isnull=False,
                    email="",
                ),
            ),
        ]
        indexes = [
            *Mailing.Meta.indexes,
            models.Index(name="invitation_by_address", fields=["email"], condition=Q(outcome="")),
        ]

    def __str__(self) -> str:
        # The address would end up on screens and in logs.
        return str(self.pk)

    @staticmethod
    def end_after(now: datetime.datetime) -> datetime.datetime:
        """Return until when an invitation of a moment can be answered: a midnight in Amsterdam."""
        day_after = today(now) + datetime.timedelta(days=INVITATION_DAYS + 1)
        return datetime.datetime.combine(
            day_after, datetime.time.min, timezone.get_default_timezone()
        )

    @property
    def last_day(self) -> datetime.date:
        return timezone.localdate(self.expires_at) - datetime.timedelta(days=1)

    @property
    def token(self) -> str:
        return _signer.sign(self.key)

    def get_absolute_url(self) -> str:
        return reverse("together:invitation", args=[self.token])

    def end(self, outcome: str, now: datetime.datetime, *, by: User | None = None) -> None:
        """End a locked invitation and forget its address."""
        self.outcome, self.ended_at, self.answered_by, self.email = outcome, now, by, ""
        self.save(update_fields=["outcome", "ended_at", "answered_by", "email"])
