"""Names on screen, as moderators read them."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .contribution import Contribution, ContributionQuerySet


class ShownName(Contribution):
    """The names that somebody shows: read after they stand there, like any text.

    Each change makes the row wait again; the words of the row are the names as they were handed
    in. Whose names are hidden is shown by their pseudonym (``User.names_hidden_at``).
    """

    kind = "name"

    display_name = models.CharField(_("name on screen"), max_length=60, blank=True)
    business_name = models.CharField(_("business name"), max_length=80, blank=True)

    objects: Any = ContributionQuerySet["ShownName"].as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("name on screen")
        verbose_name_plural = _("names on screen")
        constraints = [
            *Contribution.Meta.constraints,
            models.UniqueConstraint(name="one_shown_name_per_person", fields=["author"]),
        ]

    def get_absolute_url(self) -> str:
        """Return where its owner reads what became of it: a name has no page of its own."""
        return reverse("contributions:history", args=[self.dossier_id])

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.display_name, self.business_name)))
