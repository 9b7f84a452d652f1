"""Who may do what with contributions of any kind."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from contributions.models import Contribution
from contributions.review import can_review


def may_see_unpublished_pictures(user: User | AnonymousUser, contribution: Contribution) -> bool:
    """Say whether a user may see a picture that waits: its author, or who reviews it."""
    if not user.is_authenticated:
        return False
    return contribution.author_id == user.pk or can_review(user, contribution)
