"""Who may do what with an initiative."""

import datetime

from django.contrib.auth.models import AnonymousUser

from accounts.models import Organisation, Role, User
from accounts.organisations import written_for_by
from ideas.models import Initiative, OfficialAnswer, Progress


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
    leaves it as it is.
    """
    return (
        user.is_authenticated
        and initiative.author_id == user.pk
        and can_write_for(user, initiative.on_behalf_of, now)
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


def is_office_of(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user acts for the programme office here: never about what is their own."""
    return (
        user.is_authenticated
        and initiative.author_id != user.pk
        and user.has_role(Role.PROGRAMME_OFFICE, area=initiative.area)
        and initiative.is_published
    )


def can_answer(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user may give the official answer, at will or after enough support."""
    return initiative.progress in (Progress.OPEN, Progress.IN_CONSIDERATION) and is_office_of(
        user, initiative
    )


def can_work_on(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user may change the answer and tell of the work that follows it."""
    return initiative.progress in (Progress.ANSWERED, Progress.IN_PROGRESS) and is_office_of(
        user, initiative
    )


def can_report(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user may write a report: also when the work is done."""
    return initiative.progress in (
        Progress.ANSWERED,
        Progress.IN_PROGRESS,
        Progress.DONE,
    ) and is_office_of(user, initiative)


def can_hand_over(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user may hand an initiative over to a department."""
    return initiative.progress in (
        Progress.IN_CONSIDERATION,
        Progress.ANSWERED,
        Progress.IN_PROGRESS,
    ) and is_office_of(user, initiative)


def office_buttons(
    user: User | AnonymousUser, initiative: Initiative, answer: OfficialAnswer | None
) -> frozenset[str]:
    """Return what the programme office finds to do on the page of an initiative.

    Args:
        answer: the official answer, as the user may read it.
    """
    buttons = {
        "answer": can_answer(user, initiative),
        "change_answer": answer is not None and can_work_on(user, initiative),
        "work": answer is not None and answer.promises_work and can_work_on(user, initiative),
        "report": can_report(user, initiative),
        "hand_over": can_hand_over(user, initiative),
    }
    return frozenset(name for name, may in buttons.items() if may)
