"""Words and pictures that somebody adds to an experience: a contribution like any other."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution, ContributionQuerySet
from indicators.models import Indicator

from .experience import Experience

MAX_REMARK = 1000


class RemarkQuerySet(ContributionQuerySet["Remark"]):
    """Remarks, through the one door of all contributions."""

    def beside(self, indicator: Indicator, *, area_id: int) -> "RemarkQuerySet":
        """Return the remarks beside a figure in an area."""
        return self.filter(indicator=indicator, area=area_id)


class Remark(Contribution):
    """What somebody tells beside a figure, in a few words, with pictures if they like.

    It belongs to an experience from the moment it is handed in: one per person, figure, area and
    quarter, as the experience itself.
    """

    kind = "remark"

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("figure"), on_delete=models.PROTECT, related_name="remarks"
    )
    experience = models.OneToOneField(
        Experience,
        verbose_name=_("experience"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="remark",
    )
    text = models.TextField(_("what you see"), max_length=MAX_REMARK)

    objects = RemarkQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        constraints = [
            *Contribution.Meta.constraints,
            models.CheckConstraint(
                name="remark_belongs_to_an_experience",
                condition=Q(status="draft") | Q(experience__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="remark_beside_figure",
                fields=["area", "indicator", "-id"],
                condition=Q(status="published"),
            ),
            models.Index(
                name="remark_draft_by_key",
                fields=["draft_key"],
                condition=Q(status="draft", author__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        if self.area is None:
            raise NotImplementedError("A remark is always about an area.")
        page = reverse(
            "feedback:figure", kwargs={"slug": self.area.slug, "figure": self.indicator.slug}
        )
        # The page of the list that begins with it, however many came after.
        return f"{page}?after={self.pk + 1}#toelichting-{self.pk}"

    @property
    def element_id(self) -> str:
        """Return the id of its words on a page, for what reads them aloud."""
        return f"tekst-{self.pk}"

    def get_edit_url(self) -> str:
        return reverse("feedback:remark", kwargs={"pk": self.pk})

    def fields_of_revision(self) -> dict[str, Any]:
        return {"text": self.text, "language": self.language}
