"""Promises with a date. Deadlines are dates: the end of that day in Amsterdam."""

import datetime

import holidays
from django.utils import timezone


def today(now: datetime.datetime) -> datetime.date:
    """Return the date it is in Amsterdam at a moment."""
    return timezone.localdate(now)


def working_days_later(start: datetime.date, days: int) -> datetime.date:
    """Return the date a number of working days after a date.

    Weekends and Dutch public holidays are no working days.
    """
    calendar = holidays.country_holidays("NL")
    date = start
    while days > 0:
        date += datetime.timedelta(days=1)
        if date.weekday() < 5 and date not in calendar:
            days -= 1
    return date
