"""Who may look after what goes out."""

from accounts.models import User


def can_look_after_outbox(user: User) -> bool:
    """Say whether somebody sees what goes out, and may have it tried again.

    Administrators, and the programme office where it works everywhere: the page knows no scope.
    """
    return user.is_active and any(grant.opens_admin for grant in user.current_grants)
