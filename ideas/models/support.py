"""Support: one person's yes to an initiative."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.models import Channel

from .initiative import Initiative


class Support(models.Model):
    """One person's yes. Nobody sees whose; the number is public, and split by channel."""

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="supports",
    )
    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="supports"
    )
    channel = models.CharField(
        _("came in by"), max_length=10, choices=Channel.choices, default=Channel.WEB
    )
    created_at = models.DateTimeField(_("given at"), default=timezone.now)
    #: The double that it was given to, where it counts for the one that this was joined with.
    given_to = models.ForeignKey(
        Initiative,
        verbose_name=_("given to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("supports")
        constraints = [
            # The row itself is the rule: whoever comes second finds it there.
            models.UniqueConstraint(name="one_support_per_person", fields=["initiative", "person"]),
        ]
        indexes = [
            models.Index(
                name="support_given_to_double",
                fields=["given_to"],
                condition=Q(given_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id}/{self.person_id}"


def has_support_of(user: User | AnonymousUser) -> Exists | Value:
    """Return what says of each initiative in a query whether a person supports it now."""
    if not user.is_authenticated:
        return Value(False)
    return Exists(Support.objects.filter(initiative=OuterRef("pk"), person=user))


def supported_by(initiative: Initiative, user: User | AnonymousUser) -> bool:
    """Say whether a person supports an initiative now."""
    if not user.is_authenticated:
        return False
    return initiative.supports.filter(person=user).exists()
