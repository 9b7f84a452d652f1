"""What moderators write to each other about a text, and answers that they use again."""

from typing import ClassVar

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from accounts.holdings import GONE
from accounts.models import User
from accounts.records import Record, RecordQuerySet

from .dossier import Dossier


class NoteQuerySet(RecordQuerySet["Note"]):
    def empty_words(self) -> int:
        """Take the words away, since who they are about has left; the database lets that pass."""
        written = Case(When(text="", then=Value("")), default=Value(GONE))
        return models.QuerySet.update(self, text=written)


class Note(Record):
    """A note of one moderator to others, often with passing the text on; authors do not see it."""

    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="notes"
    )
    text = models.TextField(_("note"))
    written_by = models.ForeignKey(
        User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)
    passed_to = models.ForeignKey(
        User,
        verbose_name=_("passed on to"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    passed_to_office = models.BooleanField(_("passed on to the programme office"), default=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("written_at", "pk")
        constraints = [
            models.CheckConstraint(
                name="note_is_passed_one_way",
                condition=Q(passed_to__isnull=True) | Q(passed_to_office=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.written_at:%Y-%m-%d}"


class SavedReply(models.Model):
    """An explanation that moderators often need; its words exist in every language."""

    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_offered = models.BooleanField(_("offered to moderators"), default=True)

    objects: ClassVar[models.Manager["SavedReply"]] = models.Manager()

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.title

    def text_in(self, language: str) -> str:
        """Return its words in a language; in the site's own where it has none in that one."""
        text: str = getattr(self, build_localized_fieldname("text", language), "") or self.text
        return text
