"""Initiatives: what somebody wants to do, or see done, in a neighbourhood."""

import datetime
from typing import Any, Self

from anyascii import anyascii
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, User
from contributions.deadlines import today
from contributions.models import Contribution, ContributionQuerySet
from contributions.scope import within_grants
from indicators.models import Indicator, TargetGroup, Theme

from .department import Department

MAX_TITLE = 120
MAX_TEXT = 8000
MAX_HELP = 500


class Progress(models.TextChoices):
    """How far an initiative has come: a thing apart from the review of its text."""

    OPEN = "open", _("gathering support")
    IN_CONSIDERATION = "in_consideration", _("enough support: waiting for an answer")
    ANSWERED = "answered", _("answered")
    IN_PROGRESS = "in_progress", _("being done")
    DONE = "done", _("done")
    EXPIRED = "expired", _("closed: not enough support")


#: Supporting goes on until there is an answer.
SUPPORTED_IN = (Progress.OPEN, Progress.IN_CONSIDERATION)
#: Helping goes on until it is done.
HELPED_IN = (
    Progress.OPEN,
    Progress.IN_CONSIDERATION,
    Progress.ANSWERED,
    Progress.IN_PROGRESS,
)


class InitiativeQuerySet(ContributionQuerySet["Initiative"]):
    def published(self) -> Self:
        """Return what stands on the site by itself: a double is read where it was joined."""
        return super().published().filter(merged_into__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return what a user may see; a double that was joined is its author's and the staff's."""
        seen = Q(merged_into__isnull=True)
        if user.is_authenticated:
            seen |= Q(author=user)
            seen |= within_grants(user, Role.MODERATOR)
            seen |= within_grants(user, Role.PROGRAMME_OFFICE)
        return super().visible_to(user).filter(seen)

    def needing_a_push(self) -> Self:
        """Return the open ones that still need support, those that need least first."""
        return self.filter(progress=Progress.OPEN, support_missing__gt=0)

    def closing_before(self, date: datetime.date) -> Self:
        """Return the open ones whose last day to gather support lies before a date."""
        return self.filter(progress=Progress.OPEN, closes_on__lt=date)

    def on_behalf_of(self, organisation: Organisation) -> Self:
        """Return what was written in an organisation's name."""
        return self.filter(on_behalf_of=organisation)

    def with_place(self) -> Self:
        """Return those whose pin others may see: the rule of ``shows_place``, for many at once."""
        old_enough = Q(author__isnull=True) | ~Q(author__age_band__in=User.UNDER_16)
        return self.filter(old_enough, latitude__isnull=False)

    def for_cards(self) -> Self:
        """Load what a card shows, in the language of the page."""
        found = self.select_related("area", "theme", "on_behalf_of")
        return found.in_language(get_language() or "")


class Initiative(Contribution):
    """What a resident, entrepreneur, organisation or council wants to do or see done.

    ``threshold`` and ``closes_on`` are copied from the area when it is published: changing an
    area's settings never moves the goal of a running initiative.

    One that was ``merged_into`` another keeps its text and status, and is read there from then on.

    One ``on_behalf_of`` an organisation stands in its name: others do not see who wrote it.
    """

    kind = "initiative"

    on_behalf_of = models.ForeignKey(
        Organisation,
        verbose_name=_("in the name of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="initiatives",
    )
    title = models.CharField(_("title"), max_length=MAX_TITLE, blank=True)
    slug = models.SlugField(max_length=60, blank=True, editable=False)
    text = models.TextField(_("story"), max_length=MAX_TEXT, blank=True)
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.PROTECT, null=True, blank=True
    )
    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("about the figure"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="initiatives",
    )
    target_groups = models.ManyToManyField(
        TargetGroup, verbose_name=_("for whom"), blank=True, related_name="initiatives"
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    address_line = models.CharField(_("street or place"), max_length=120, blank=True)
    help_wanted = models.TextField(_("help you look for"), max_length=MAX_HELP, blank=True)
    help_closed_at = models.DateTimeField(_("no offers of help since"), null=True, editable=False)

    progress = models.CharField(
        _("progress"), max_length=20, choices=Progress.choices, default=Progress.OPEN
    )
    threshold = models.PositiveIntegerField(_("supports needed"), default=75)
    closes_on = models.DateField(_("last day to support"), null=True, blank=True)
    crossed_at = models.DateTimeField(_("had enough support at"), null=True, blank=True)
    answer_due_date = models.DateField(_("answer promised before the end of"), null=True)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department that works on it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="initiatives",
    )
    support_count = models.PositiveIntegerField(_("supports"), default=0)
    comment_count = models.PositiveIntegerField(_("comments"), default=0)
    support_missing = models.GeneratedField(
        expression=F("threshold") - F("support_count"),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name=_("supports still needed"),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("joined with"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="doubles",
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta(Contribution.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        constraints = [
            *Contribution.Meta.constraints,
            models.CheckConstraint(
                name="initiative_progress_is_known", condition=Q(progress__in=Progress.values)
            ),
            models.CheckConstraint(
                name="initiative_published_has_terms",
                condition=~Q(status="published") | Q(closes_on__isnull=False, threshold__gte=1),
            ),
            models.CheckConstraint(
                name="initiative_submitted_is_complete",
                condition=Q(status="draft") | (~Q(title="") & ~Q(text="") & Q(theme__isnull=False)),
            ),
            models.CheckConstraint(
                name="initiative_crossing_starts_the_clock",
                condition=Q(crossed_at__isnull=True) | Q(answer_due_date__isnull=False),
            ),
            models.CheckConstraint(
                name="initiative_pin_has_both_numbers",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="initiative_in_a_name_has_its_writer",
                condition=Q(on_behalf_of__isnull=True) | Q(author__isnull=False),
            ),
            models.CheckConstraint(
                name="initiative_is_not_its_own_double",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
        ]
        # One index per way of looking through the list; each ends in the key that pages it.
        indexes = [
            models.Index(
                name="initiative_newest",
                fields=["-published_at", "-id"],
                condition=Q(status="published"),
            ),
            models.Index(
                name="initiative_area_newest",
                fields=["area", "-published_at", "-id"],
                condition=Q(status="published"),
            ),
            # A rare language or state is found without walking through all the others.
            models.Index(
                name="initiative_language_newest",
                fields=["language", "-published_at", "-id"],
                condition=Q(status="published"),
            ),
            models.Index(
                name="initiative_progress_newest",
                fields=["progress", "-published_at", "-id"],
                condition=Q(status="published"),
            ),
            models.Index(
                name="initiative_most_supported",
                fields=["-support_count", "-id"],
                condition=Q(status="published"),
            ),
            models.Index(
                name="initiative_last_push",
                fields=["support_missing", "-id"],
                condition=Q(status="published", progress="open"),
            ),
            models.Index(
                name="initiative_about_figure",
                fields=["indicator", "area", "-support_count"],
                condition=Q(status="published", indicator__isnull=False),
            ),
            models.Index(
                name="initiative_organisation_newest",
                fields=["on_behalf_of", "-published_at", "-id"],
                condition=Q(status="published", on_behalf_of__isnull=False),
            ),
            # Few have a double: the index holds those alone.
            models.Index(
                name="initiative_doubles",
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
            ),
            # Holds all that the map counts, so that it reads no rows.
            models.Index(
                name="initiative_on_the_map",
                fields=["latitude", "longitude", "author", "id"],
                condition=Q(status="published", latitude__isnull=False, merged_into__isnull=True),
            ),
            models.Index(
                name="initiative_answer_due",
                fields=["answer_due_date", "id"],
                condition=Q(status="published", progress="in_consideration"),
            ),
            models.Index(
                name="initiative_draft_by_key",
                fields=["draft_key"],
                condition=Q(status="draft", author__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ideas:detail", kwargs={"pk": self.pk, "slug": self.address_slug})

    @property
    def address_slug(self) -> str:
        return self.slug or "initiatief"

    def set_title(self, title: str) -> None:
        """Set the title, and the slug that follows from it in any script."""
        self.title = title
        self.slug = slugify(anyascii(title))[:60].strip("-")

    @property
    def is_complete(self) -> bool:
        """Say whether it has all that an initiative cannot do without."""
        return bool(self.title and self.text and self.theme_id and self.area_id)

    def is_of(self, user: User) -> bool:
        """Say whether somebody wrote it, or does it together with who did.

        One query, where it is not known from the query that nobody does.
        """
        if super().is_of(user):
            return True
        may_have = getattr(self, "has_co_initiators", True)
        return may_have and self.co_initiators.filter(user=user).exists()

    @property
    def is_published(self) -> bool:
        """Say whether it stands on the site by itself."""
        return super().is_published and self.merged_into_id is None

    def is_open_on(self, date: datetime.date) -> bool:
        """Say whether people may support it on a date (in Amsterdam), up to that day's end."""
        return self.is_published and self.takes_support_on(date)

    def takes_support_on(self, date: datetime.date) -> bool:
        """Say whether the time to support it is not over on a date, shown on the site or not."""
        if self.progress not in SUPPORTED_IN:
            return False
        if self.progress == Progress.IN_CONSIDERATION:
            return True
        return self.closes_on is not None and date <= self.closes_on

    def is_open_at(self, now: datetime.datetime) -> bool:
        return self.is_open_on(today(now))

    @property
    def has_enough_support(self) -> bool:
        return self.crossed_at is not None

    @property
    def shows_place(self) -> bool:
        """Say whether a pin or address may be shown: never one by somebody under 16."""
        return self.author is None or not self.author.is_under_16

    def fields_of_revision(self) -> dict[str, Any]:
        groups = [] if self.pk is None else list(self.target_groups.order_by("pk"))
        # Of somebody under 16 no place is kept, in no version of their text.
        latitude, longitude, address_line = (
            (self.latitude, self.longitude, self.address_line)
            if self.shows_place
            else (None, None, "")
        )
        return {
            "title": self.title,
            "text": self.text,
            "language": self.language,
            "area": self.area_id,
            "theme": self.theme_id,
            "indicator": self.indicator_id,
            "target_groups": [group.pk for group in groups],
            "latitude": None if latitude is None else str(latitude),
            "longitude": None if longitude is None else str(longitude),
            "address_line": address_line,
            "help_wanted": self.help_wanted,
        }
