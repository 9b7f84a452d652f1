"""Who may do what with experiences and responses."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from areas.models import Area


def can_respond(user: User | AnonymousUser, area: Area) -> bool:
    """Say whether a user may say what was done with what people told: the programme office."""
    return user.is_authenticated and user.has_role(Role.PROGRAMME_OFFICE, area=area)


def can_read_summaries(user: User | AnonymousUser) -> bool:
    """Say whether a user may read how many told what, over all areas and quarters."""
    return user.is_authenticated and user.reads_summaries
