"""Who may do what in a council."""

import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from jongerenraad.models import Council, Membership, Office


def can_manage_members(user: User | AnonymousUser) -> bool:
    """Say whether a user may appoint members: the programme office, everywhere.

    A grant for one area does not do: a council has seats of all of them.
    """
    return user.is_authenticated and any(
        grant.role == Role.PROGRAMME_OFFICE and grant.area_id is None
        for grant in user.current_grants
    )


def membership_of(
    user: User | AnonymousUser, council: Council, now: datetime.datetime
) -> Membership | None:
    """Return what somebody is in a council at a moment, a mentor included (one query)."""
    if not user.is_authenticated:
        return None
    return (
        Membership.objects.current(now)
        .filter(person=user, term__council=council)
        .select_related("person", "seat__area", "term")
        .order_by("pk")
        .first()
    )


def can_open_votes(membership: Membership | None) -> bool:
    """Say whether a member may open a vote: the chair, and in the chair's place the secretary."""
    return membership is not None and membership.office in (Office.CHAIR, Office.SECRETARY)


def can_write_minority_view(membership: Membership | None) -> bool:
    """Say whether a member may write down what those who were outvoted think."""
    return membership is not None and membership.office in (Office.CHAIR, Office.SECRETARY)
