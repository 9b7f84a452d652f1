"""Offers of help, and the messages between who offers it and who leads the initiative."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.organisations import written_for_by
from contributions.models import Status
from contributions.models.mailing import Mailing, MailingQuerySet

from .initiative import Initiative
from .together import FROM_16, CoInitiator

MAX_MESSAGE = 1000


def _may_be_read(path: str = "") -> Q:
    """Return what must hold of a conversation: both sides 16, the initiative on the site."""
    return Q(
        **{
            f"{path}initiative__status": Status.PUBLISHED,
            f"{path}initiative__author__age_band__in": FROM_16,
            f"{path}helper__age_band__in": FROM_16,
        }
    )


class HelpOfferQuerySet(models.QuerySet["HelpOffer"]):
    def visible_to(self, user: User | AnonymousUser, now: datetime.datetime) -> Self:
        """Return the conversations a user may read: the one door for pages, counts and mails.

        The two sides alone: who offered help, and who leads the initiative now. When the initiative
        leaves the site, or either side turns out to be under 16, nobody reads on.
        """
        if not user.is_authenticated or user.is_under_16:
            return self.none()
        joined = CoInitiator.objects.standing().filter(user=user).values("initiative")
        own = Q(initiative__author=user)
        in_own_name = own & Q(initiative__on_behalf_of__isnull=True)
        for_others = own & Q(initiative__on_behalf_of__in=written_for_by(user, now))
        return self.filter(
            Q(helper=user) | in_own_name | for_others | Q(initiative__in=joined), _may_be_read()
        )

    def quiet_since(self, moment: datetime.datetime) -> Self:
        """Return those in which nobody wrote since a moment."""
        return self.filter(last_message_at__lt=moment)


class HelpOffer(models.Model):
    """A conversation: one person offers help, and whoever leads the initiative answers."""

    class Side(models.TextChoices):
        HELPER = "helper", _("who offered help")
        INITIATOR = "initiator", _("who leads the initiative")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="help_offers",
    )
    helper = models.ForeignKey(
        User, verbose_name=_("helper"), on_delete=models.PROTECT, related_name="help_offers"
    )
    created_at = models.DateTimeField(_("offered at"), default=timezone.now, editable=False)
    last_message_at = models.DateTimeField(_("last message at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=10, choices=Side.choices, blank=True)

    objects = HelpOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of help")
        verbose_name_plural = _("offers of help")
        constraints = [
            models.UniqueConstraint(
                name="one_open_offer_per_person",
                fields=["initiative", "helper"],
                condition=Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="offer_closed_by_a_side",
                condition=Q(closed_at__isnull=True, closed_by="")
                | Q(closed_at__isnull=False, closed_by__in=["helper", "initiator"]),
            ),
        ]
        indexes = [models.Index(name="help_offer_quiet", fields=["last_message_at"])]

    def __str__(self) -> str:
        return f"{self.initiative_id}/{self.helper_id}"

    def get_absolute_url(self) -> str:
        return reverse("together:conversation", args=[self.pk])

    def name_of(self, person: User) -> str:
        """Return under which name somebody speaks: an organisation's writer stays unnamed."""
        organisation = self.initiative.on_behalf_of
        if organisation is not None and person.pk == self.initiative.author_id:
            return organisation.name
        return person.public_name


class HelpMessage(models.Model):
    """One message in a conversation."""

    offer = models.ForeignKey(
        HelpOffer, verbose_name=_("conversation"), on_delete=models.CASCADE, related_name="messages"
    )
    sender = models.ForeignKey(
        User, verbose_name=_("sender"), on_delete=models.PROTECT, related_name="help_messages"
    )
    text = models.TextField(_("message"), max_length=MAX_MESSAGE)
    language = models.CharField(_("language"), max_length=10, choices=settings.CONTENT_LANGUAGES)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        # How much somebody sent since yesterday.
        indexes = [models.Index(name="help_message_sent", fields=["sender", "sent_at"])]

    def __str__(self) -> str:
        # What people write to each other would end up on screens and in logs.
        return str(self.pk)


class HelpNoticeQuerySet(MailingQuerySet["HelpNotice"]):
    def to_mail(self, now: datetime.datetime) -> Self:
        return (
            super()
            .to_mail(now)
            .filter(
                _may_be_read("message__offer__"),
                message__offer__closed_at__isnull=True,
                recipient__is_active=True,
                recipient__age_band__in=FROM_16,
            )
        )


class HelpNotice(Mailing):
    """The mail that tells one person about one message."""

    message = models.ForeignKey(HelpMessage, on_delete=models.CASCADE, related_name="notices")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="help_notices")

    objects = HelpNoticeQuerySet.as_manager()

    class Meta(Mailing.Meta):
        verbose_name = _("notice of a message")
        verbose_name_plural = _("notices of messages")
        constraints = [
            models.UniqueConstraint(name="one_notice_each", fields=["message", "recipient"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)
