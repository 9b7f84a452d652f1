"""How somebody is signed in: their browsers, identities elsewhere, and lost second steps."""

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .people import User


class Device(models.Model):
    """Somebody's browser while it is signed in: a name for it, since when, last seen on which day.

    It goes with its session. No IP address is kept: the person knows their own devices by name.
    """

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="devices"
    )
    session = models.OneToOneField(
        Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="device"
    )
    browser = models.CharField(_("browser"), max_length=30, blank=True)
    system = models.CharField(_("system"), max_length=30, blank=True)
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    last_seen_date = models.DateField(_("last seen"))

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return f"{self.browser} {self.system}".strip()


class Identity(models.Model):
    """An account that somebody has with the provider of sign-in, under a name made by this site.

    What the provider calls them is never kept: see ``accounts.sealing.pseudonyms_of``.
    """

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="identities"
    )
    pseudonym = models.CharField(_("pseudonym"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return str(self.pk)


class FactorReset(models.Model):
    """That somebody's second factors were taken away, and by whom: the record only grows.

    Without ``reset_by`` it was done with the command on the server.
    """

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="factor_resets"
    )
    reset_by = models.ForeignKey(
        User,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("second step taken away")
        verbose_name_plural = _("second steps taken away")
        constraints = [
            models.CheckConstraint(
                name="reset_is_not_of_oneself",
                condition=Q(reset_by__isnull=True) | ~Q(reset_by=F("user")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
