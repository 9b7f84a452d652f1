"""Pages that the programme office keeps: how it works, privacy, contact and the like."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Page(models.Model):
    """A page of staff text, in every language; its body is Markdown."""

    slug = models.SlugField(_("address on the site"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text (Markdown)"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects: ClassVar[models.Manager["Page"]] = models.Manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ("order", "slug")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", kwargs={"slug": self.slug})


# Django finds an app's models by this module alone.
from participatie.messenger_models import MessengerAnswer, MessengerRequest  # noqa: E402
from participatie.posters.models import Poster, PosterVisit  # noqa: E402
from participatie.privacy.models import Departure, TakeOut  # noqa: E402
from participatie.shared_devices.models import SharedDevice  # noqa: E402

__all__ = [
    "Departure",
    "MessengerAnswer",
    "MessengerRequest",
    "Page",
    "Poster",
    "PosterVisit",
    "SharedDevice",
    "TakeOut",
]
