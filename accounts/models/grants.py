"""Roles that somebody granted for a while."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from areas.models import Area

from .people import User
from .roles import Role


def in_force(now: datetime) -> Q:
    """Return the condition that a grant holds at a moment."""
    return Q(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def current(self, now: datetime) -> Self:
        """Return the grants in force at a moment."""
        return self.filter(in_force(now))


class RoleGrant(models.Model):
    """A role that somebody was given: by whom, where, in which language and for how long.

    The record only grows: ending a grant sets ``ends_at``, and nothing else ever changes.
    """

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    # Empty means everywhere: losing the area must never widen a grant, hence PROTECT.
    area = models.ForeignKey(
        Area,
        verbose_name=_("area"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User,
        verbose_name=_("granted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants_given",
    )
    created_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        indexes = [models.Index(fields=["user", "starts_at"], name="grant_by_person")]
        constraints = [
            models.CheckConstraint(
                name="grant_is_not_to_oneself",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
            ),
            models.CheckConstraint(
                name="grant_ends_after_it_starts",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="grant_role_is_known", condition=Q(role__in=[role.value for role in Role])
            ),
            models.CheckConstraint(
                name="grant_of_administrator_holds_everywhere",
                condition=~Q(role="administrator") | Q(area__isnull=True, language=""),
            ),
            models.CheckConstraint(
                name="grant_of_messenger_names_a_language",
                condition=~Q(role="messenger") | ~Q(language=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.pk}"

    def is_current(self, now: datetime) -> bool:
        """Say whether the grant is in force at a moment."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    @property
    def opens_admin(self) -> bool:
        """Whether the admin opens: its pages know no scope, so a scoped grant opens none."""
        return (
            self.role in (Role.ADMINISTRATOR, Role.PROGRAMME_OFFICE)
            and self.area_id is None
            and not self.language
        )
