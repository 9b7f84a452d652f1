"""Who may do what with figures."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User


def can_import(user: User | AnonymousUser) -> bool:
    """Say whether a user may bring measurements from a file: the programme office, everywhere.

    A grant for one area does not do: a file may hold any.
    """
    return user.is_authenticated and any(
        grant.role == Role.PROGRAMME_OFFICE and grant.area_id is None
        for grant in user.current_grants
    )
