"""How an initiative comes further, and the end of its time."""

import datetime

from django.db import transaction

from contributions.deadlines import today
from ideas.models import Initiative, Progress
from notifications.actions import notify

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
    """Close the initiatives whose last day to gather support is over; return how many.

    Who leads one hears of it, by a worker: but for a double, whose support counts elsewhere.
    """
    closing = Initiative.objects.closing_before(today(now))
    with transaction.atomic():
        # In the order in which ``merging`` locks them, so that none waits for another.
        found = dict(closing.locked().order_by("pk").values_list("pk", "merged_into"))
        closed = Initiative.objects.filter(pk__in=found).update(progress=Progress.EXPIRED)
        for pk, merged_into in found.items():
            if merged_into is None:
                notify("own_expired", pk, now=now)
    return closed
