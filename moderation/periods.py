"""The periods that there are public figures of: months and years that are over."""

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from contributions.deadlines import today
from contributions.models import Decision, Report


@dataclass(frozen=True, order=True)
class Period:
    """A month, or a year (``month`` 0)."""

    year: int
    month: int = 0

    @property
    def code(self) -> str:
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def first_date(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, 1)

    @property
    def end_date(self) -> datetime.date:
        """The day after the last one that counts."""
        return _month_later(self.first_date) if self.month else datetime.date(self.year + 1, 1, 1)

    @property
    def last_date(self) -> datetime.date:
        """The last day that counts."""
        return self.end_date - datetime.timedelta(days=1)

    def covers(self, name: str) -> Q:
        """Return the condition that a moment lies in the period."""
        return Q(
            **{
                f"{name}__gte": _midnight(self.first_date),
                f"{name}__lt": _midnight(self.end_date),
            }
        )


def _month_later(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=31)).replace(day=1)


def _midnight(date: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time.min))


def periods(now: datetime.datetime) -> list[Period]:
    """Return the years and months that there are figures of, the latest first (two queries).

    They begin with the first decision or report. A year has figures once it is over: told month by
    month while it grows, it would tell in the end what a small month hides.
    """
    firsts = [
        Decision.objects.order_by("pk").values_list("decided_at", flat=True).first(),
        Report.objects.order_by("pk").values_list("created_at", flat=True).first(),
    ]
    known = [today(first) for first in firsts if first is not None]
    found: list[Period] = []
    month = min(known).replace(day=1) if known else today(now)
    while month < today(now).replace(day=1):
        found.append(Period(month.year, month.month))
        month = _month_later(month)
        if month.month == 1:
            found.append(Period(month.year - 1))
    # The year stands before its months, also where the latest comes first.
    return sorted(found, key=lambda one: (-one.year, one.month != 0, -one.month))
