"""A change to a published text: it waits for a moderator while the approved text stays."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .dossier import Dossier


class Revision(models.Model):
    """What an author wants a published contribution to become, or made of one that is not.

    ``data`` holds the new values of the fields that its kind allows to be revised, ``before`` what
    the text said then; it is empty (None) in rows older than the column. Who changed what and when
    never changes once a row is closed (a trigger in the database sees to it); the words of the two
    can be taken out when somebody leaves. ``created_by`` is empty where somebody without an account
    asked for it who holds the slip of what they told.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for review")
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("not taken over")
        DROPPED = "dropped", _("overtaken")
        # Nobody else read the text yet: it needed no moderator.
        MADE = "made", _("changed at once")

    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="revisions"
    )
    data = models.JSONField(_("new text"))
    before = models.JSONField(_("text before"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    created_by = models.ForeignKey(
        User,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="one_waiting_revision", fields=["dossier"], condition=Q(state="waiting")
            ),
            models.CheckConstraint(
                name="revision_closed_or_waiting",
                condition=Q(state="waiting", closed_at__isnull=True)
                | (~Q(state="waiting") & Q(closed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.pk}"
