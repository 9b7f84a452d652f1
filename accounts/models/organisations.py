"""Bodies in whose name people write, and who may do so."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .grants import in_force
from .people import User


class Organisation(models.Model):
    """A body in whose name people may write: shown as such, with the writer on the record.

    Who may do so is declared by the app that knows (see ``accounts.organisations``).
    """

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        SHOP_STREET = "shop_street", _("Shop street")
        COUNCIL = "council", _("Council")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="organisation_kind_is_known",
                condition=Q(kind__in=["organisation", "shop_street", "council"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.pk])


class OrganisationGrantQuerySet(models.QuerySet["OrganisationGrant"]):
    def current(self, now: datetime) -> Self:
        """Return the grants in force at a moment."""
        return self.filter(in_force(now))


class OrganisationGrant(models.Model):
    """The right to write in an organisation's name: whose, by whom given, and for how long.

    The record only grows, as that of roles. Who writes for a council follows from its seats.
    """

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="organisation_grants"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="grants",
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User,
        verbose_name=_("granted by"),
        on_delete=models.PROTECT,
        related_name="organisation_grants_given",
    )
    created_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)

    objects = OrganisationGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("right to write for an organisation")
        verbose_name_plural = _("rights to write for an organisation")
        indexes = [models.Index(fields=["user", "starts_at"], name="name_grant_by_person")]
        constraints = [
            models.CheckConstraint(
                name="name_grant_is_not_to_oneself", condition=~Q(granted_by=F("user"))
            ),
            models.CheckConstraint(
                name="name_grant_ends_after_it_starts",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.pk}"
