"""What authors did with their text, beside the changes that they made."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.records import Record, RecordQuerySet

from .dossier import Dossier


class AuthorAct(Record):
    """That an author handed a text in or took it away, and when; it holds no words of theirs.

    ``by`` is empty where somebody without an account did it who holds the slip of what they told.
    """

    class Act(models.TextChoices):
        HANDED_IN = "handed_in", _("sent in by its author")
        WITHDRAWN = "withdrawn", _("taken off the site by its author")
        ENTERED = "entered", _("told to a contact person, who wrote it down")
        CLAIMED = "claimed", _("taken into an account by who told it")

    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="author_acts"
    )
    act = models.CharField(_("act"), max_length=10, choices=Act.choices)
    by = models.ForeignKey(
        User,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    done_at = models.DateTimeField(_("done at"), default=timezone.now)

    objects = RecordQuerySet["AuthorAct"].as_manager()

    class Meta:
        verbose_name = _("act of an author")
        verbose_name_plural = _("acts of authors")
        ordering = ("done_at", "pk")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.act}"
