"""Promises with a date. Deadlines are dates: the end of that day in Amsterdam."""

import datetime
from functools import cache

import holidays
from django.utils import timezone


def today(now: datetime.datetime) -> datetime.date:
    """Return the date it is in Amsterdam at a moment."""
    return timezone.localdate(now)


@cache
def _public_holidays() -> holidays.HolidayBase:
    # It works out a year once, when first asked about it: most of what a new text would cost.
    return holidays.country_holidays("NL")


def working_days_later(start: datetime.date, days: int) -> datetime.date:
    """Return the date a number of working days after a date.

    Weekends and Dutch public holidays are no working days.
    """
    calendar = _public_holidays()
    date = start
    while days > 0:
        date += datetime.timedelta(days=1)
        if date.weekday() < 5 and date not in calendar:
            days -= 1
    return date
