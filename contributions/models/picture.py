"""Pictures that belong to a contribution."""

import datetime
import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .dossier import Dossier
from .revision import Revision

#: Widths in pixels that a picture is offered in, besides its own (at most 2048).
WIDTHS = (320, 640, 1280)
MAX_PICTURES = 5
#: A picture this old without its sizes was lost by a worker: the sweep takes it up again.
LOST_AFTER = datetime.timedelta(minutes=2)
#: So often the sizes of a picture are tried to be made.
MAX_SIZE_TRIES = 8


def original_path(picture: "Picture", filename: str) -> str:
    # The stranger's file name is dropped: the address says nothing and cannot be guessed.
    return f"pictures/{picture.key}/original.webp"


class PictureQuerySet(models.QuerySet["Picture"]):
    def shown(self) -> Self:
        """Return the pictures that stand with the approved text, and that nobody hid."""
        return self.filter(removed_at__isnull=True, hidden_at__isnull=True).filter(
            Q(revision__isnull=True) | Q(revision__state=Revision.State.ACCEPTED)
        )

    def current(self, change: Revision | None = None) -> Self:
        """Return the pictures as their author sees them: with those that wait for review.

        One that a moderator hid is among them, since it still takes one of their five places.

        Args:
            change: the one that the author goes on with, where it was not taken over.
        """
        return self.filter(removed_at__isnull=True).filter(
            Q(revision__isnull=True)
            | Q(revision__state__in=[Revision.State.ACCEPTED, Revision.State.WAITING])
            | Q(revision=change)
        )

    def without_sizes(self) -> Self:
        return self.filter(sizes_made_at__isnull=True)

    def lost_at(self, now: datetime.datetime) -> Self:
        """Return the pictures whose sizes no worker is making, to be tried once more.

        Each try waits twice as long as the one before it, up to four hours; then nobody tries
        any more, so that a file that cannot be read does not keep the workers busy for ever.
        """
        due = Q(size_tries__isnull=True, created_at__lt=now - LOST_AFTER)
        for tries in range(1, MAX_SIZE_TRIES):
            due |= Q(size_tries=tries, created_at__lt=now - LOST_AFTER * 2**tries)
        return self.without_sizes().filter(due)


class Picture(models.Model):
    """A picture, re-encoded on upload; its smaller sizes are made later from this row."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="pictures"
    )
    revision = models.ForeignKey(
        Revision,
        verbose_name=_("came with the change"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pictures",
    )
    image = models.FileField(_("picture"), upload_to=original_path, max_length=200)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    description = models.CharField(_("description"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(_("added at"), default=timezone.now)
    sizes_made_at = models.DateTimeField(_("sizes made at"), null=True, blank=True)
    # Empty before the first try: so the column came without a rewrite of the table.
    size_tries = models.PositiveSmallIntegerField(null=True, editable=False)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    # By a moderator's decision; its author and moderators still see that it was there.
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("position", "pk")
        indexes = [
            models.Index(
                name="picture_without_sizes",
                fields=["created_at"],
                condition=Q(sizes_made_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    def size_path(self, width: int) -> str:
        return f"pictures/{self.key}/{width}.webp"

    @property
    def widths(self) -> list[int]:
        """Return the widths that this picture is offered in, in pixels."""
        return [width for width in WIDTHS if width < self.width]
