"""How an initiative comes further, and the end of its time."""

import datetime

from contributions.deadlines import today
from ideas.models import Initiative, Progress

#: How an initiative comes further. Support moves it by itself; the rest is the programme office's.
#: Work that is not done after all goes back to an answer that says so.
PROGRESS: dict[Progress, frozenset[Progress]] = {
    Progress.OPEN: frozenset({Progress.IN_CONSIDERATION, Progress.ANSWERED, Progress.EXPIRED}),
    Progress.IN_CONSIDERATION: frozenset({Progress.ANSWERED}),
    Progress.ANSWERED: frozenset({Progress.IN_PROGRESS, Progress.DONE}),
    Progress.IN_PROGRESS: frozenset({Progress.ANSWERED, Progress.DONE}),
    Progress.DONE: frozenset(),
    Progress.EXPIRED: frozenset(),
}


def expire(*, now: datetime.datetime) -> int:
    """Close the initiatives whose last day to gather support is over; return how many."""
    return Initiative.objects.closing_before(today(now)).update(progress=Progress.EXPIRED)
