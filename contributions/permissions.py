"""Who may do what with contributions of any kind."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from areas.models import Area
from contributions.models import Contribution, Measure, Status
from contributions.review import can_review


def may_see_unpublished_pictures(user: User | AnonymousUser, contribution: Contribution) -> bool:
    """Say whether a user may see a picture that waits: its author, or who reviews it."""
    if not user.is_authenticated:
        return False
    return contribution.author_id == user.pk or can_review(user, contribution)


def can_read_history(user: User, contribution: Contribution) -> bool:
    """Say whether a user may read what happened to a text: its author, and who reviews it.

    Of a draft there is nothing to tell.
    """
    if contribution.status == Status.DRAFT:
        return False
    return (
        contribution.author_id == user.pk
        or (
            contribution.area is not None
            and user.has_role(
                Role.MODERATOR, area=contribution.area, language=contribution.language
            )
        )
        or can_review(user, contribution)
    )


def can_hold_talk(user: User, area: Area, language: str) -> bool:
    """Say whether a user may write down what people tell there in a language: a messenger."""
    return area.accepts_contributions and user.has_role(
        Role.MESSENGER, area=area, language=language
    )


def measure_on(person: User | AnonymousUser, now: datetime.datetime) -> Measure | None:
    """Return the measure that keeps somebody from writing: the one that holds longest (a query)."""
    if not person.is_authenticated:
        return None
    return longest_of(Measure.objects.in_force(now).filter(person=person), now)


def longest_of(measures: Iterable[Measure], now: datetime.datetime) -> Measure | None:
    """Return the one of some measures that holds longest, of those that hold."""
    held = [one for one in measures if one.is_in_force(now)]
    for_good = next((one for one in held if one.ends_at is None), None)
    return for_good or max(held, key=lambda one: one.ends_at or now, default=None)


def can_write_for_office(user: User | AnonymousUser) -> bool:
    """Say whether a user writes texts in the name of the programme office, wherever that is."""
    return user.is_authenticated and any(
        grant.role == Role.PROGRAMME_OFFICE for grant in user.current_grants
    )
