"""Dates as people say them, in the language of the page."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

#: Languages that write days and months with a capital, also within a sentence.
_CAPITALS = {"en", "el", "tr"}


def _said(date: datetime.date, form: str) -> str:
    words = date_format(date, form)
    return words if get_language() in _CAPITALS else words.lower()


def _as_date(moment: datetime.date | datetime.datetime) -> datetime.date:
    """Return the date in Amsterdam of a moment; a date stays as it is."""
    return timezone.localdate(moment) if isinstance(moment, datetime.datetime) else moment


def in_words(moment: datetime.date | datetime.datetime | None) -> str:
    """Return a date of this year or the next: "26 november"."""
    return _said(_as_date(moment), "j E") if moment else ""


def in_words_with_year(moment: datetime.date | datetime.datetime | None) -> str:
    """Return a date of any year: "26 november 2026"."""
    return _said(_as_date(moment), "j E Y") if moment else ""


def month_in_words(date: datetime.date) -> str:
    """Return a month with its year, as it stands alone: "november 2026"."""
    return _said(date, "F Y")


def with_weekday(moment: datetime.date | datetime.datetime | None) -> str:
    """Return a near date with its weekday beside it, where no sentence bends it."""
    if not moment:
        return ""
    return f"{in_words(moment)} ({_said(_as_date(moment), 'l')})"


def with_weekday_and_year(date: datetime.date) -> str:
    """Return a day as it stands alone: "26 november 2026 (donderdag)"."""
    return f"{in_words_with_year(date)} ({_said(date, 'l')})"
