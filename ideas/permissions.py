"""Who may do what with an initiative."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from ideas.models import Initiative, Progress


def can_answer(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user may give the official answer: the programme office, never to itself."""
    return (
        user.is_authenticated
        and initiative.author_id != user.pk
        and user.has_role(Role.PROGRAMME_OFFICE, area=initiative.area)
        and initiative.is_published
        and initiative.progress in (Progress.OPEN, Progress.IN_CONSIDERATION)
    )


def can_report_progress(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user may say that work began or is done: the programme office."""
    return (
        user.is_authenticated
        and user.has_role(Role.PROGRAMME_OFFICE, area=initiative.area)
        and initiative.is_published
        and initiative.progress in (Progress.ANSWERED, Progress.IN_PROGRESS)
    )
