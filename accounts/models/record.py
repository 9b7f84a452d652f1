"""The record of what people did by a role."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.records import Record, RecordQuerySet

from .people import User


class RoleAct(Record):
    """That somebody did something by a role: the record only grows, and holds no words.

    ``roles`` are those that the person had then, with commas. ``about`` is the name of a model and
    ``about_pk`` the number of a row; ``details`` holds numbers and codes alone.
    """

    by = models.ForeignKey(
        User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="acts_by_role"
    )
    roles = models.CharField(_("roles"), max_length=200)
    act = models.CharField(_("act"), max_length=80)
    about = models.CharField(_("about"), max_length=80, blank=True)
    about_pk = models.BigIntegerField(_("number"), null=True, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    done_at = models.DateTimeField(_("done at"), default=timezone.now)

    objects = RecordQuerySet["RoleAct"].as_manager()

    class Meta:
        verbose_name = _("act by a role")
        verbose_name_plural = _("acts by roles")
        ordering = ("-pk",)
        indexes = [
            models.Index(name="role_act_by_person", fields=["by", "-id"]),
            models.Index(name="role_act_by_act", fields=["act", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.about_pk or ''}".strip()
