"""An import of measurements: what came in, what it would change, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ImportRun(models.Model):
    """A file of measurements that somebody of the staff brought, tried first and applied after.

    ``refused`` holds a row's number in the file and the reason, for every row that cannot come in.
    """

    file_name = models.CharField(_("file"), max_length=200)
    content = models.TextField(_("content"))
    created_by = models.ForeignKey(
        User, verbose_name=_("brought by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("brought at"), default=timezone.now)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_added = models.PositiveIntegerField(_("rows added"), default=0)
    rows_changed = models.PositiveIntegerField(_("rows changed"), default=0)
    refused = models.JSONField(_("rows refused"), default=list)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    applied_by = models.ForeignKey(
        User,
        verbose_name=_("applied by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar[models.Manager["ImportRun"]] = models.Manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="import_applied_by_someone",
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
