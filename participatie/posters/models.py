"""Sheets that were asked for, and how often somebody came by one. Neither names anybody."""

import datetime
import secrets
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: So long a sheet can be fetched; making it again takes a moment.
KEPT_FOR = datetime.timedelta(days=7)
#: A sheet that no worker touched for so long was lost by one: the sweep sends it again.
LOST_AFTER = datetime.timedelta(minutes=2)
#: So often a sheet is tried.
MAX_TRIES = 4
LANGUAGES_AT_MOST = 4


class Sheet(models.TextChoices):
    POSTER = "poster", _("a poster (A4)")
    CARDS = "cards", _("pocket cards (8 on A4)")


def file_path() -> str:
    """Return a path in the storage that says nothing and cannot be guessed."""
    return f"posters/{secrets.token_urlsafe(32)}.pdf"


class PosterQuerySet(models.QuerySet["Poster"]):
    def under_way(self) -> Self:
        return self.filter(state__in=[Poster.State.WAITING, Poster.State.MAKING])

    def lost_at(self, now: datetime.datetime) -> Self:
        """Return those that no worker is making, though they wait."""
        return self.under_way().filter(touched_at__lt=now - LOST_AFTER)


class Poster(models.Model):
    """A sheet about one thing in some languages, made in the background and the same for everybody.

    ``digest`` is that of all that stands on it. Whoever asks for the same sheet again finds this
    row, and for another one when a word changed. Nobody's name stands with it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(_("about"), max_length=20)
    subject_pk = models.PositiveBigIntegerField(_("number"))
    sheet = models.CharField(_("sheet"), max_length=10, choices=Sheet.choices)
    languages = models.CharField(_("languages"), max_length=40)
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    touched_at = models.DateTimeField(_("last worked on at"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    path = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)

    objects = PosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("poster")
        verbose_name_plural = _("posters")
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="one_poster_of_the_same",
                fields=["subject", "subject_pk", "sheet", "languages", "digest"],
            ),
            models.CheckConstraint(
                name="poster_has_a_file_when_ready_alone",
                condition=Q(state="ready", made_at__isnull=False) & ~Q(path="")
                | ~Q(state="ready") & Q(path=""),
            ),
        ]
        indexes = [
            models.Index(
                name="poster_under_way",
                fields=["touched_at"],
                condition=Q(state__in=["waiting", "making"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_pk}: {self.sheet} ({self.languages})"

    @property
    def codes(self) -> tuple[str, ...]:
        """Return its languages, in order."""
        return tuple(self.languages.split(","))

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.MAKING)


class PosterVisitQuerySet(models.QuerySet["PosterVisit"]):
    def add_one(self) -> int:
        """Raise the counts by one, in the database; return how many rows there were."""
        return self.update(count=F("count") + 1)


class PosterVisit(models.Model):
    """How often the code of a kind of sheet about one thing was followed on a day. Of nobody."""

    subject = models.CharField(_("about"), max_length=20)
    subject_pk = models.PositiveBigIntegerField(_("number"))
    sheet = models.CharField(_("sheet"), max_length=10, choices=Sheet.choices)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("visits"), default=0)

    objects = PosterVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of visits by paper")
        verbose_name_plural = _("counts of visits by paper")
        ordering = ("-day", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="one_count_of_visits_a_day", fields=["subject", "subject_pk", "sheet", "day"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_pk}, {self.sheet}, {self.day}: {self.count}"
