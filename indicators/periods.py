"""Periods that a measurement is about: a year, a quarter of one, or not told by the source."""

import datetime
import re

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

PERIOD = re.compile(r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4]))?", re.ASCII)
EARLIEST_YEAR = 1990


def check_period(period: str, *, today: datetime.date | None = None) -> None:
    """Refuse what is no period, or one that has not begun.

    Args:
        period: ``2023``, ``2023-Q4``, or nothing where the source tells none.

    Raises:
        ValidationError: with a sentence that says what to write.
    """
    if not period:
        return
    match = PERIOD.fullmatch(period)
    if match is None:
        raise ValidationError(_("“%s” is no period: write a year, or 2023-Q4.") % period)
    today = today or timezone.localdate()
    year, quarter = int(match["year"]), int(match["quarter"] or 1)
    if year < EARLIEST_YEAR or (year, quarter) > (today.year, (today.month + 2) // 3):
        raise ValidationError(_("The period “%s” is too long ago, or still to come.") % period)


def in_words(period: str) -> str:
    """Return a period as people say it, or nothing where the source tells none."""
    match = PERIOD.fullmatch(period)
    if match is None or match["quarter"] is None:
        return period
    return _("%(year)s, quarter %(quarter)s") % {"year": match["year"], "quarter": match["quarter"]}
