"""News about an initiative, from those who carry it on."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.models import Contribution, ContributionQuerySet

from .initiative import Initiative

MAX_UPDATE = 4000


class UpdateQuerySet(ContributionQuerySet["Update"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the news a user may see, about initiatives that the user may see."""
        initiatives = Initiative.objects.visible_to(user).order_by()
        return super().visible_to(user).filter(initiative__in=initiatives.values("pk"))


class Update(Contribution):
    """What happened since: a few words, with pictures if they like.

    Of an initiative in an organisation's name it stands in that name as well.
    """

    kind = "update"

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="updates",
    )
    text = models.TextField(_("news"), max_length=MAX_UPDATE)

    objects = UpdateQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("news")
        verbose_name_plural = _("news")
        constraints = [*Contribution.Meta.constraints]
        indexes = [
            models.Index(
                name="update_newest",
                fields=["initiative", "-id"],
                condition=Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        # The page of the list that begins with it, however many came after.
        page = reverse("ideas:news", args=[self.initiative_id, self.initiative.address_slug])
        return f"{page}?after={self.pk + 1}#{self.element_id}"

    def get_edit_url(self) -> str:
        return reverse(
            "ideas:update",
            kwargs={
                "pk": self.initiative_id,
                "slug": self.initiative.address_slug,
                "update_pk": self.pk,
            },
        )

    @property
    def element_id(self) -> str:
        return f"nieuws-{self.pk}"

    def fields_of_revision(self) -> dict[str, Any]:
        return {"text": self.text, "language": self.language}


def has_news() -> Exists:
    """Return what says of each initiative in a query whether there is news about it."""
    return Exists(Update.objects.published().filter(initiative=OuterRef("pk")))
