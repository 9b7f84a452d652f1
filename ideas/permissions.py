"""Who may do what with an initiative."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Organisation, Role, User
from accounts.organisations import written_for_by
from ideas.models import CoInitiator, Initiative, OfficialAnswer, Progress
from ideas.models.initiative import HELPED_IN


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


def can_write_news(
    user: User | AnonymousUser, initiative: Initiative, now: datetime.datetime
) -> bool:
    """Say whether a user may tell news about an initiative on the site: its writer, or who joined.

    In the name of an organisation, as long as they may write in it. One query, where it is not
    known from the query that nobody joined.
    """
    if not (initiative.is_published and user.is_authenticated):
        return False
    may_have = getattr(initiative, "has_co_initiators", True)
    leads = initiative.author_id == user.pk or (may_have and is_co_initiator(user, initiative))
    return leads and can_write_for(user, initiative.on_behalf_of, now)


def can_merge(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user may join an initiative with another: the programme office, never its own.

    It needs this right for both of them.
    """
    return (
        user.is_authenticated
        and user.has_role(Role.PROGRAMME_OFFICE, area=initiative.area)
        and not initiative.is_of(user)
    )


def is_co_initiator(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """Say whether a user does an initiative together with its author.

    One query, where it is not known from the query that nobody does.
    """
    return (
        user.is_authenticated
        and getattr(initiative, "has_co_initiators", True)
        and CoInitiator.objects.standing().filter(initiative=initiative, user=user).exists()
    )


def is_initiator(
    user: User | AnonymousUser, initiative: Initiative, now: datetime.datetime | None = None
) -> bool:
    """Say whether a user leads an initiative: its writer, or one who joined (one query)."""
    return can_change(user, initiative, now or timezone.now()) or is_co_initiator(user, initiative)


def can_invite(user: User | AnonymousUser, initiative: Initiative, now: datetime.datetime) -> bool:
    """Say whether a user may ask others to join: the writer alone, and nobody under 16."""
    return (
        user.is_authenticated
        and not user.is_under_16
        and initiative.is_published
        and can_change(user, initiative, now)
    )


def takes_help(initiative: Initiative, now: datetime.datetime) -> bool:
    """Say whether people can offer help with an initiative.

    One reason more or less does not show from outside: an author under 16, one who wants no offers,
    one who left the organisation, an account that is closed.
    """
    author = initiative.author
    return (
        initiative.is_published
        and initiative.progress in HELPED_IN
        and initiative.help_closed_at is None
        and author is not None
        and author.is_active
        and not author.is_under_16
        and can_write_for(author, initiative.on_behalf_of, now)
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
        # Of doubles that were joined, the one that goes on is answered.
        and initiative.merged_into_id is None
        and not is_co_initiator(user, initiative)
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
