"""How much waits, by language and area, and which promises are about to break."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from accounts.models import Role, User
from contributions.deadlines import today, working_days_later
from contributions.models import Appeal, Dossier
from contributions.models.dossier import DossierQuerySet
from contributions.scope import within_grants


@dataclass(frozen=True)
class Figure:
    """What waits in one language in one area.

    Args:
        late: how many are past their promised date.
        soon: how many were promised for today or the next working day.
    """

    language: str
    area: str
    waiting: int
    late: int
    soon: int
    oldest: datetime.datetime


def _in_sight(person: User) -> DossierQuerySet:
    """Return what waits where somebody moderates, or is the programme office."""
    return Dossier.objects.waiting().filter(
        within_grants(person, Role.MODERATOR) | within_grants(person, Role.PROGRAMME_OFFICE)
    )


def waiting_for(person: User, *, now: datetime.datetime) -> list[Figure]:
    """Return how much waits in each language and area, what is late first (one query)."""
    day = today(now)
    rows = (
        _in_sight(person)
        .order_by()
        .values_list("language", "area__name")
        .annotate(
            waiting=Count("pk"),
            late=Count("pk", filter=Q(promised_date__lt=day)),
            soon=Count("pk", filter=_breaks_soon(day)),
            oldest=Min("waiting_since"),
        )
    )
    figures = [Figure(*row) for row in rows]
    return sorted(figures, key=lambda one: (-one.late, -one.soon, -one.waiting, one.area))


def promises_at_risk(person: User, *, now: datetime.datetime) -> int:
    """Count the texts and appeals whose promise is broken, or nearly: for the programme office.

    Nobody else is alarmed (no query then).
    """
    if not person.has_role(Role.PROGRAMME_OFFICE):
        return 0
    day = today(now)
    theirs = within_grants(person, Role.PROGRAMME_OFFICE)
    at_risk = Q(promised_date__lt=day) | _breaks_soon(day)
    texts = Dossier.objects.filter(theirs, at_risk, waiting_since__isnull=False)
    return texts.count() + Appeal.objects.waiting().filter(theirs, at_risk).count()


@dataclass(frozen=True)
class Appeals:
    """How many requests for another look wait, and how many of them are late or nearly so."""

    waiting: int
    late: int
    soon: int


def appeals_waiting_for(person: User, *, now: datetime.datetime) -> Appeals:
    """Return how many appeals wait where somebody moderates, or is the programme office."""
    day = today(now)
    theirs = within_grants(person, Role.MODERATOR) | within_grants(person, Role.PROGRAMME_OFFICE)
    counted = (
        Appeal.objects.waiting()
        .filter(theirs)
        .aggregate(
            waiting=Count("pk"),
            late=Count("pk", filter=Q(promised_date__lt=day)),
            soon=Count("pk", filter=_breaks_soon(day)),
        )
    )
    return Appeals(**counted)


def _breaks_soon(day: datetime.date) -> Q:
    return Q(promised_date__gte=day, promised_date__lte=working_days_later(day, 1))
