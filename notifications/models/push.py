"""Where somebody's browser takes messages for them."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, User


def digest_of(endpoint: str) -> str:
    """Return the digest by which an endpoint is found; the address is too long for an index."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


class PushSubscription(models.Model):
    """A browser that somebody chose to be told on, with the keys for what only it can read.

    It goes with the device: who signs out there, wherever they do it from, is told nothing there.
    """

    person = models.ForeignKey(
        User,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="push_subscriptions",
    )
    device = models.ForeignKey(
        Device,
        verbose_name=_("device"),
        on_delete=models.CASCADE,
        related_name="push_subscriptions",
    )
    #: The address of its push service: whoever knows it can send there, but nothing readable.
    endpoint = models.CharField(max_length=1000, editable=False)
    endpoint_digest = models.CharField(max_length=64, unique=True, editable=False)
    #: The browser's public key and its secret, in base64url (RFC 8291, section 3.1 and 3.2).
    p256dh = models.CharField(max_length=100, editable=False)
    auth = models.CharField(max_length=30, editable=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("browser to tell on")
        verbose_name_plural = _("browsers to tell on")

    def __str__(self) -> str:
        return str(self.pk)
