"""A device at an information point or on an evening, on which one person follows another."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SharedDeviceQuerySet(models.QuerySet["SharedDevice"]):
    def running(self) -> Self:
        """Return the devices that are shared now."""
        return self.filter(ended_at__isnull=True)


class SharedDevice(models.Model):
    """A browser that somebody made a shared one, until it is ended.

    The browser holds a key in a signed cookie; the row its digest. ``draft_key`` is the key of the
    drafts that whoever uses it now has begun: they go when the next one comes.
    """

    name = models.CharField(_("name of the device"), max_length=40)
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    code = models.CharField(max_length=128, editable=False)
    draft_key = models.CharField(max_length=43, blank=True, editable=False)
    started_by = models.ForeignKey(
        User, verbose_name=_("started by"), on_delete=models.PROTECT, related_name="shared_devices"
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User,
        verbose_name=_("ended by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_devices_ended",
    )

    objects = SharedDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared device")
        verbose_name_plural = _("shared devices")
        ordering = ("-started_at", "-pk")
        indexes = [
            models.Index(
                name="shared_device_running",
                fields=["started_by", "started_at"],
                condition=Q(ended_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="shared_device_ended_has_its_moment",
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"shared device {self.pk}"

    def is_running(self) -> bool:
        return self.ended_at is None

    @classmethod
    def end_all_of(cls, person: User, now: datetime.datetime) -> None:
        """End the devices that somebody started who leaves."""
        cls.objects.running().filter(started_by=person).update(ended_at=now)
