"""Quarters of a year: each figure is asked about once in each. A quarter is its first day."""

import datetime

from django.utils.dateformat import format as format_date

from contributions.deadlines import today


def quarter_of(date: datetime.date) -> datetime.date:
    """Return the quarter in which a date lies."""
    return date.replace(month=3 * ((date.month - 1) // 3) + 1, day=1)


def quarter_at(now: datetime.datetime) -> datetime.date:
    """Return the quarter that runs in Amsterdam at a moment."""
    return quarter_of(today(now))


def quarter_before(quarter: datetime.date) -> datetime.date:
    return quarter_of(quarter - datetime.timedelta(days=1))


def code_of(quarter: datetime.date) -> str:
    """Return a quarter as it stands in forms and files: ``2026-Q4``."""
    return f"{quarter.year}-Q{(quarter.month + 2) // 3}"


def in_words(quarter: datetime.date) -> str:
    """Return a quarter as people say it: "oktober – december 2026"."""
    last = quarter.replace(month=quarter.month + 2)
    return f"{format_date(quarter, 'F')} – {format_date(last, 'F Y')}"
