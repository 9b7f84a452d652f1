"""What waits for moderators, summed up once a day."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from contributions.deadlines import today
from contributions.models import Appeal, Dossier
from contributions.notices import Reach
from notifications.actions import notify
from notifications.kinds import About, Category, NotificationKind, Telling, register


@dataclass(frozen=True)
class _Waiting:
    """How many texts, or requests for another look, wait in one area and language."""

    area: int | None
    language: str
    count: int
    late: int


def _waiting(day: datetime.date) -> list[_Waiting]:
    """Return how much waits, by area and language (two queries)."""
    counts = {"count": Count("pk"), "late": Count("pk", filter=Q(promised_date__lt=day))}
    found: list[_Waiting] = []
    for rows in (Dossier.objects.waiting(), Appeal.objects.waiting()):
        counted = rows.order_by().values_list("area", "language").annotate(**counts)
        found += [_Waiting(*row) for row in counted]
    return found


def _of(person: int, reach: Reach, waiting: Iterable[_Waiting]) -> tuple[int, int]:
    """Return how much waits for a moderator, and how much of it is late."""
    theirs = [one for one in waiting if reach.covers(person, one.area, one.language)]
    return sum(one.count for one in theirs), sum(one.late for one in theirs)


def _load(days: Collection[int], language: str) -> Mapping[int, Telling]:
    """Say what waits now, to whom it was said today, by the number of the day in the calendar."""
    day = today(timezone.now())
    if day.toordinal() not in days:
        return {}
    reach, waiting = Reach.of(Role.MODERATOR), _waiting(day)

    def tell(reader: User) -> About | None:
        count, late = _of(reader.pk, reach, waiting)
        if not count:
            return None
        return About(path=reverse("moderation:queue"), values={"count": count, "late": late})

    return {day.toordinal(): tell}


def tell_moderators(*, now: datetime.datetime) -> int:
    """Tell each moderator how much waits for them, if anything does; return how many are told."""
    day = today(now)
    reach, waiting = Reach.of(Role.MODERATOR, now=now), _waiting(day)
    people = [person for person in reach.grants if _of(person, reach, waiting)[0]]
    if people:
        notify("review_waiting", day.toordinal(), to=people, now=now)
    return len(people)


REVIEW_WAITING = NotificationKind(
    name="review_waiting",
    label=_("Texts wait for a moderator"),
    category=Category.TASKS,
    concerns=_("Moderators, once a day, if something waits where they read."),
    subject=_("Waiting for a moderator: %(count)s"),
    sentence=_("This waits in your neighbourhoods and languages. Past the promised day: %(late)s."),
    load=_load,
    in_letter=False,
    sample={"count": 7, "late": 1},
)


def declare() -> None:
    """Declare the kind, at start-up."""
    register(REVIEW_WAITING)
