"""Who may do what with an initiative."""

import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import Organisation, Role, User
from accounts.organisations import written_for_by
from ideas.models import Initiative, Progress


def can_write_for(
    user: User | AnonymousUser, organisation: Organisation | None, now: datetime.datetime
) -> bool:
    """Say whether a user may write in an organisation's name at a moment (in one's own, always)."""
    if organisation is None:
        return True
    return user.is_authenticated and organisation in written_for_by(user, now)


def can_change(user: User | AnonymousUser, initiative: Initiative, now: datetime.datetime) -> bool:
    """Say whether a user may change an initiative or take it away: its writer.

    What stands in an organisation's name stays the organisation's: who may no longer write in it
    leaves it as it is. So does whose idea was joined with another one.
    """
    return (
        user.is_authenticated
        and initiative.author_id == user.pk
        and initiative.merged_into_id is None
        and can_write_for(user, initiative.on_behalf_of, now)
    )


def is_initiator(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user carries an initiative on: who shared it."""
    return user.is_authenticated and initiative.author_id == user.pk


def can_write_news(
    user: User | AnonymousUser, initiative: Initiative, now: datetime.datetime
) -> bool:
    """Say whether a user may tell news about an initiative on the site: an initiator.

    In the name of an organisation, as long as they may write in it.
    """
    return (
        initiative.is_published
        and is_initiator(user, initiative)
        and can_write_for(user, initiative.on_behalf_of, now)
    )


def can_merge(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user may join an initiative with another: the programme office, never its own.

    It needs this right for both of them.
    """
    return (
        user.is_authenticated
        and initiative.author_id != user.pk
        and user.has_role(Role.PROGRAMME_OFFICE, area=initiative.area)
    )


def can_see_writer(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user may see who wrote in an organisation's name: office and moderators."""
    return (
        initiative.on_behalf_of_id is not None
        and user.is_authenticated
        and (
            user.has_role(Role.PROGRAMME_OFFICE, area=initiative.area)
            or user.has_role(Role.MODERATOR, area=initiative.area, language=initiative.language)
        )
    )


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
