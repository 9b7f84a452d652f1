"""What somebody sees in the street, told beside a figure with one tap, and how many saw what."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from areas.models import Area
from contributions.models import Channel
from indicators.models import Indicator


class Recognition(models.TextChoices):
    """Whether somebody recognises a figure in their own street."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("A little")
    NO = "no", _("No")


class Trend(models.TextChoices):
    """How it is now, beside a year ago."""

    BETTER = "better", _("Better")
    SAME = "same", _("The same")
    WORSE = "worse", _("Worse")


RECOGNITIONS = tuple(Recognition.values)
TRENDS = tuple(Trend.values)


def quarter_begins_on_its_first_day(name: str) -> models.CheckConstraint:
    """Return the constraint that a quarter's date is the first day of a quarter."""
    return models.CheckConstraint(
        name=name,
        condition=Q(quarter_date__month__in=[1, 4, 7, 10], quarter_date__day=1),
    )


class Experience(models.Model):
    """One answer per person, figure, area and quarter; without an account one per browser.

    ``browser`` is the digest of a key that only that browser holds. It stays when the row becomes
    somebody's own, so that nobody answers twice in one browser by signing out.
    """

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("figure"), on_delete=models.PROTECT, related_name="experiences"
    )
    area = models.ForeignKey(
        Area, verbose_name=_("area"), on_delete=models.PROTECT, related_name="experiences"
    )
    quarter_date = models.DateField(_("first day of the quarter"))
    person = models.ForeignKey(
        User,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="experiences",
    )
    browser = models.CharField(_("browser"), max_length=64, blank=True, editable=False)
    recognition = models.CharField(
        _("do you recognise this?"), max_length=10, choices=Recognition.choices, blank=True
    )
    trend = models.CharField(
        _("compared with a year ago"), max_length=10, choices=Trend.choices, blank=True
    )
    channel = models.CharField(
        _("came in by"), max_length=10, choices=Channel.choices, default=Channel.WEB
    )
    created_at = models.DateTimeField(_("told at"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects: ClassVar[models.Manager["Experience"]] = models.Manager()

    class Meta:
        verbose_name = _("experience")
        verbose_name_plural = _("experiences")
        constraints = [
            # The row itself is the rule: whoever comes second finds it there.
            models.UniqueConstraint(
                name="one_experience_per_person",
                fields=["person", "indicator", "area", "quarter_date"],
                condition=Q(person__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_experience_per_browser",
                fields=["browser", "indicator", "area", "quarter_date"],
                condition=~Q(browser=""),
            ),
            models.CheckConstraint(
                name="experience_is_of_someone", condition=Q(person__isnull=False) | ~Q(browser="")
            ),
            models.CheckConstraint(
                name="experience_says_something", condition=~Q(recognition="") | ~Q(trend="")
            ),
            models.CheckConstraint(
                name="experience_answers_are_known",
                condition=Q(recognition__in=["", *RECOGNITIONS]) & Q(trend__in=["", *TRENDS]),
            ),
            quarter_begins_on_its_first_day("experience_in_a_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.area_id}/{self.quarter_date}"

    @property
    def with_account(self) -> bool:
        return self.person_id is not None


class Tally(models.Model):
    """How many answered what about a figure in an area and a quarter.

    Those with and without an account are counted apart. It is written in the transaction of the
    answer, and ``actions.recount`` makes it anew from the answers.
    """

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("figure"), on_delete=models.PROTECT, related_name="tallies"
    )
    area = models.ForeignKey(
        Area, verbose_name=_("area"), on_delete=models.PROTECT, related_name="tallies"
    )
    quarter_date = models.DateField(_("first day of the quarter"))
    with_account = models.BooleanField(_("with an account"))
    answered = models.PositiveIntegerField(_("answered"), default=0)
    yes = models.PositiveIntegerField(_("yes"), default=0)
    partly = models.PositiveIntegerField(_("a little"), default=0)
    no = models.PositiveIntegerField(_("no"), default=0)
    better = models.PositiveIntegerField(_("better"), default=0)
    same = models.PositiveIntegerField(_("the same"), default=0)
    worse = models.PositiveIntegerField(_("worse"), default=0)

    objects: ClassVar[models.Manager["Tally"]] = models.Manager()

    class Meta:
        verbose_name = _("count of experiences")
        verbose_name_plural = _("counts of experiences")
        constraints = [
            # The area first: that is how pages and staff's tables look for them.
            models.UniqueConstraint(
                name="one_tally",
                fields=["area", "quarter_date", "indicator", "with_account"],
            ),
            quarter_begins_on_its_first_day("tally_of_a_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.area_id}/{self.quarter_date}"
