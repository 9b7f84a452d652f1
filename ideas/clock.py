"""The public clock: what is promised next, before which day, and how far that day is.

Pure questions: whoever asks brings what was read and the date it is (in Amsterdam). A promise holds
until the end of its day.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.dates import in_words_with_year
from ideas.models import Initiative, Milestone, OfficialAnswer, Progress


@dataclass(frozen=True)
class Clock:
    """A promise that runs, as it reads on a day; ``milestone`` if that is what was promised."""

    due_date: datetime.date
    sentence: str
    remaining: str
    is_late: bool
    milestone: Milestone | None = None


def next_promise(
    initiative: Initiative,
    answer: OfficialAnswer | None,
    milestones: Iterable[Milestone],
    date: datetime.date,
) -> Clock | None:
    """Return the promise after an answer that comes first, or None where nothing is promised.

    The answer itself is waited for in ``ideas.standing``, which says so in the same words.

    Args:
        answer: the official answer, where it may be read.
        date: the date it is.
    """
    if initiative.progress == Progress.ANSWERED and answer and answer.new_answer_date:
        return _clock(
            _("The programme office promised a new answer."), answer.new_answer_date, date
        )
    if initiative.progress not in (Progress.ANSWERED, Progress.IN_PROGRESS):
        return None
    to_come = [one for one in milestones if one.is_open]
    if not to_come:
        return None
    first = min(to_come, key=lambda one: (one.planned_date, one.pk))
    is_late = first.planned_date < date
    sentence = _("A milestone is late.") if is_late else _("This is the next milestone.")
    return _clock(sentence, first.planned_date, date, first)


def _clock(
    sentence: str, due: datetime.date, date: datetime.date, milestone: Milestone | None = None
) -> Clock:
    return Clock(due, sentence, said(due, date), due < date, milestone)


def said(due: datetime.date, date: datetime.date) -> str:
    """Say how far a promised day is, seen from a date."""
    days = (due - date).days
    told = {"date": in_words_with_year(due)}
    if days == 0:
        return _("Promised before the end of %(date)s: that is today.") % told
    if days > 0:
        return ngettext(
            "Promised before the end of %(date)s: %(count)s day to go.",
            "Promised before the end of %(date)s: %(count)s days to go.",
            days,
        ) % {**told, "count": days}
    return ngettext(
        "Promised before the end of %(date)s: that is %(count)s day ago, and it is not there yet.",
        "Promised before the end of %(date)s: that is %(count)s days ago, and it is not there yet.",
        -days,
    ) % {**told, "count": -days}
