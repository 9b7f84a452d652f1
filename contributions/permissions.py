"""Who may do what with contributions of any kind."""

import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
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


def measure_on(person: User | AnonymousUser, now: datetime.datetime) -> Measure | None:
    """Return the measure that keeps somebody from writing: the one that holds longest (a query)."""
    if not person.is_authenticated:
        return None
    held = list(Measure.objects.in_force(now).filter(person=person))
    if not held:
        return None
    for_good = [one for one in held if one.ends_at is None]
    return for_good[0] if for_good else max(held, key=lambda one: one.ends_at or now)
