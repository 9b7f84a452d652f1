"""A council's money of one year, and the by-laws under which it is given."""

import datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jongerenraad.models import Council

#: More than any work budget: a slip of the keyboard is seen before it is money. In cents.
MOST_CENTS = 100_000_000_00


class FundQuerySet(models.QuerySet["Fund"]):
    def of_year(self, year: int) -> Self:
        return self.filter(year=year)


class Fund(models.Model):
    """The money that a council may give in one year. Amounts are in cents.

    Balances stand in ``Balance``, one row per account, and follow from the entries of the ledger.
    """

    council = models.ForeignKey(
        Council, verbose_name=_("council"), on_delete=models.PROTECT, related_name="funds"
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2026), MaxValueValidator(2100)]
    )
    largest_grant = models.BigIntegerField(
        _("largest grant (in cents)"), default=2_500_00, validators=[MinValueValidator(1)]
    )
    fast_lane_limit = models.BigIntegerField(
        _("chair and treasurer decide together up to (in cents; 0: never)"),
        default=250_00,
        validators=[MinValueValidator(0)],
    )
    two_approvals_above = models.BigIntegerField(
        _("a payment above this needs two approvals (in cents)"),
        default=1_000_00,
        validators=[MinValueValidator(0)],
    )
    share_per_area_percent = models.PositiveSmallIntegerField(
        _("most that one area can get, in percent of the fund"),
        default=25,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    report_days = models.PositiveSmallIntegerField(
        _("days to report after it is over"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    last_grant_date = models.DateField(_("last day on which money is given"))

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ("-year",)
        constraints = [
            models.UniqueConstraint(name="one_fund_per_year", fields=["council", "year"]),
            models.CheckConstraint(
                name="fund_by_laws_make_sense",
                condition=Q(
                    largest_grant__gte=1,
                    fast_lane_limit__gte=0,
                    two_approvals_above__gte=0,
                    share_per_area_percent__range=(1, 100),
                    report_days__range=(1, 365),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council} {self.year}"

    def gives_on(self, date: datetime.date) -> bool:
        """Say whether money of this fund can still be given on a date: not that of last year."""
        return date.year == self.year and date <= self.last_grant_date

    def next_closing_date(self, date: datetime.date) -> datetime.date | None:
        """Return the last day of the round of applications that runs on a date, if one does."""
        return (
            self.closing_dates.filter(date__gte=date)
            .order_by("date")
            .values_list("date", flat=True)
            .first()
        )


class ClosingDate(models.Model):
    """The last day of a round of applications; the next round begins the day after."""

    fund = models.ForeignKey(
        Fund, verbose_name=_("fund"), on_delete=models.CASCADE, related_name="closing_dates"
    )
    date = models.DateField(_("last day to apply"))

    class Meta:
        verbose_name = _("closing date")
        verbose_name_plural = _("closing dates")
        ordering = ("date",)
        constraints = [
            models.UniqueConstraint(name="one_closing_date_per_day", fields=["fund", "date"]),
        ]

    def __str__(self) -> str:
        return self.date.isoformat()
