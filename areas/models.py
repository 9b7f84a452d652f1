"""Areas: where people live, and the settings of taking part that hold there."""

from collections.abc import Iterable
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def is_within(area_id: int, ancestor_id: int, parents: dict[int, int | None]) -> bool:
    """Say whether an area is another one or lies inside it.

    ``parents`` maps each area's id to its parent's id (see ``AreaQuerySet.parents``).
    """
    seen: set[int] = set()
    current: int | None = area_id
    while current is not None and current not in seen:
        if current == ancestor_id:
            return True
        seen.add(current)
        current = parents.get(current)
    return False


class AreaManager(models.Manager["Area"]):
    def accepting_contributions(self) -> models.QuerySet["Area"]:
        """Return the areas where people can post: the neighbourhoods of the deal."""
        return self.filter(accepts_contributions=True)

    def parents(self) -> dict[int, int | None]:
        """Return every area's parent, in one query: the whole tree is a few dozen rows."""
        return dict(self.order_by().values_list("pk", "parent_id"))

    def ids_within(self, area_ids: Iterable[int]) -> set[int]:
        """Return the ids of the given areas and of everything inside them, in one query."""
        parents = self.parents()
        roots = list(area_ids)
        return {pk for pk in parents if any(is_within(pk, root, parents) for root in roots)}


class Area(models.Model):
    """A place that has figures or takes contributions: from the country to a part of a wijk.

    The codes are those of Statistics Netherlands (CBS) in the edition of ``codes_year``: a wijk's
    figures already hold those of its buurten, so the two are never added up.
    """

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        REGION = "region", _("Region")
        MUNICIPALITY = "municipality", _("Municipality")
        DISTRICT = "district", _("City district")
        NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")
        PART = "part", _("Part of a neighbourhood")
        GROUP = "group", _("Group of neighbourhoods")

    slug = models.SlugField(_("address on the site"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("lies in"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    wijk_codes = models.CharField(_("CBS wijk codes"), max_length=200, blank=True)
    buurt_codes = models.CharField(_("CBS buurt codes"), max_length=400, blank=True)
    postcodes = models.CharField(
        _("postcodes"),
        max_length=200,
        blank=True,
        # Null, so that the code before an upgrade can still add rows while it runs.
        null=True,
        help_text=_(
            "The digits that a postcode here begins with, with spaces between them: four of a "
            "neighbourhood, fewer of a municipality. More than one area may have the same."
        ),
    )
    codes_year = models.PositiveSmallIntegerField(_("edition of the CBS codes"), default=2025)
    latitude = models.DecimalField(
        _("latitude of the centre"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude of the centre"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    note = models.TextField(_("note for staff"), blank=True)
    accepts_contributions = models.BooleanField(_("people can post here"), default=False)
    support_threshold = models.PositiveIntegerField(
        _("supports needed for an answer"), default=75, validators=[MinValueValidator(1)]
    )
    support_days = models.PositiveSmallIntegerField(
        _("days to gather support"), default=90, validators=[MinValueValidator(1)]
    )
    review_working_days = models.PositiveSmallIntegerField(
        _("working days within which a text is reviewed"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    answer_weeks = models.PositiveSmallIntegerField(
        _("weeks within which an answer comes"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
    )

    objects: ClassVar[AreaManager] = AreaManager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="area_terms_are_positive",
                condition=Q(support_threshold__gte=1)
                & Q(support_days__gte=1)
                & Q(review_working_days__gte=1)
                & Q(answer_weeks__gte=1),
            ),
            models.CheckConstraint(
                name="area_is_not_its_own_parent", condition=~Q(parent=models.F("id"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BorderImport(models.Model):
    """One reading of the borders: where they came from, and what became of each row of ours.

    ``refused`` holds the code or the area and the reason, for every row that did not come in.
    """

    source = models.CharField(_("source"), max_length=300)
    year = models.PositiveSmallIntegerField(_("edition"))
    imported_at = models.DateTimeField(_("read at"), default=timezone.now)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_added = models.PositiveIntegerField(_("rows added"), default=0)
    rows_changed = models.PositiveIntegerField(_("rows changed"), default=0)
    refused = models.JSONField(_("rows refused"), default=list)

    objects: ClassVar[models.Manager["BorderImport"]] = models.Manager()

    class Meta:
        verbose_name = _("reading of borders")
        verbose_name_plural = _("readings of borders")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.source


class Border(models.Model):
    """The line around an area, as the coordinates of a GeoJSON MultiPolygon (RFC 7946).

    One ``drawn_roughly`` is no real border: only sample data makes those, and every map says so.
    """

    area = models.OneToOneField(
        Area, verbose_name=_("area"), on_delete=models.CASCADE, related_name="border"
    )
    polygons = models.JSONField(_("polygons"))
    year = models.PositiveSmallIntegerField(_("edition"))
    drawn_roughly = models.BooleanField(_("drawn roughly"), default=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects: ClassVar[models.Manager["Border"]] = models.Manager()

    class Meta:
        verbose_name = _("border")
        verbose_name_plural = _("borders")

    def __str__(self) -> str:
        return str(self.area)
