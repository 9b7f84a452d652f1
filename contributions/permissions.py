"""Who may do what with contributions of any kind."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from contributions.models import Contribution, Status
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
