"""The periods that there are public figures of: months that are over, and years of them."""

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from contributions.deadlines import today
from contributions.models import Decision, Report


@dataclass(frozen=True, order=True)
class Period:
    """A month, or a year (``month`` 0) as far as its months are over."""

    year: int
    month: int = 0

    @property
    def code(self) -> str:
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def first_date(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, 1)

    def end_date(self, now: datetime.datetime) -> datetime.date:
        """Return the day after the last one that counts."""
        after = _month_later(self.first_date) if self.month else datetime.date(self.year + 1, 1, 1)
        return min(after, today(now).replace(day=1))

    def last_date(self, now: datetime.datetime) -> datetime.date:
        """Return the last day that counts."""
        return self.end_date(now) - datetime.timedelta(days=1)

    def covers(self, name: str, now: datetime.datetime) -> Q:
        """Return the condition that a moment lies in the period."""
        return Q(
            **{
                f"{name}__gte": _midnight(self.first_date),
                f"{name}__lt": _midnight(self.end_date(now)),
            }
        )


def _month_later(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=31)).replace(day=1)


def _midnight(date: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time.min))


def periods(now: datetime.datetime) -> list[Period]:
    """Return the years and months that there are figures of, the latest first (two queries).

    They begin with the first decision or report; the month that is not over has none yet.
    """
    firsts = [
        Decision.objects.order_by("pk").values_list("decided_at", flat=True).first(),
        Report.objects.order_by("pk").values_list("created_at", flat=True).first(),
    ]
    known = [today(first) for first in firsts if first is not None]
    found: list[Period] = []
    month = min(known).replace(day=1) if known else today(now)
    while month < today(now).replace(day=1):
        if not found or found[-1].year != month.year:
            found.append(Period(month.year))
        found.append(Period(month.year, month.month))
        month = _month_later(month)
    # The year stands before its months, also where the latest comes first.
    return sorted(found, key=lambda one: (-one.year, one.month != 0, -one.month))
