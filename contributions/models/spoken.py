"""Recordings of texts: read aloud by whoever wrote them, or by a messenger."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .dossier import Dossier


def spoken_path(spoken: "SpokenText", filename: str) -> str:
    # The stranger's file name is dropped: the address says nothing and cannot be guessed.
    return f"spoken/{spoken.key}/{uuid.uuid4()}"


class SpokenTextQuerySet(models.QuerySet["SpokenText"]):
    def heard(self) -> Self:
        """Return the recordings that everybody hears who may read the text."""
        return self.standing().filter(hidden_at__isnull=True)

    def standing(self) -> Self:
        """Return those that hold their place with the text, also when a moderator hid one."""
        return self.filter(heard_at__isnull=False, removed_at__isnull=True)

    def waiting(self) -> Self:
        """Return those that a moderator still has to listen to, before anybody else does."""
        return self.filter(heard_at__isnull=True, removed_at__isnull=True, hidden_at__isnull=True)

    def judged(self) -> Self:
        """Return those that moderators find beside a text: heard, waiting and hidden ones."""
        return self.filter(removed_at__isnull=True)


class SpokenText(models.Model):
    """A recording in which somebody reads a text aloud, in its own language or in another.

    ``words_digest`` tells which words were read: when the text says something else by now, so
    does the page.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="spoken"
    )
    language = models.CharField(_("language"), max_length=10)
    recording = models.FileField(_("recording"), upload_to=spoken_path, max_length=200, blank=True)
    seconds = models.PositiveSmallIntegerField(_("length in seconds"))
    words_digest = models.CharField(max_length=64, blank=True, editable=False)
    made_by = models.ForeignKey(
        User, verbose_name=_("read by"), on_delete=models.PROTECT, related_name="+"
    )
    #: Else a messenger reads it.
    by_author = models.BooleanField(_("read by its author"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    heard_at = models.DateTimeField(_("heard by everybody since"), null=True, blank=True)
    # By its maker, or since another one took its place.
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    # By a moderator's decision; its maker and moderators still hear it.
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)

    objects = SpokenTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording of a text")
        verbose_name_plural = _("recordings of texts")
        ordering = ("-made_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="one_recording_per_language",
                fields=["dossier", "language"],
                condition=Q(heard_at__isnull=False, removed_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_recording_waits_per_language",
                fields=["dossier", "language"],
                condition=Q(heard_at__isnull=True, removed_at__isnull=True, hidden_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)
