"""Stopping what a mail told of, by its link, without signing in."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications.kinds import Category, Channel
from notifications.models import Choice, Follow, Preference
from notifications.tokens import LETTER, followed_by
from notifications.wishes import AT_EVERY_PACE, Wishes


class NothingToStop(Exception):
    """A link is for something else than stopping."""


def can_stop(purpose: str) -> bool:
    """Say whether a link is for stopping something."""
    return purpose in (LETTER, *Category.values) or followed_by(purpose) is not None


def stop(
    *, person: User, purpose: str, asked_at: datetime.datetime, now: datetime.datetime | None = None
) -> bool:
    """Stop a category of mail, the weekly letter, or following one thing; twice is no error.

    Args:
        asked_at: when the mail was made whose link this is.

    Returns:
        Whether it is stopped. It is not where the person turned it on again after that mail:
        whoever finds an old mail must not undo what was chosen since.

    Raises:
        NothingToStop: the link is for something else.
    """
    now = now or timezone.now()
    with transaction.atomic():
        preference = Preference.objects.locked_of(person)
        if purpose == LETTER:
            return _stop_letter(preference, asked_at, now)
        if purpose in Category.values:
            return _stop_category(preference, purpose, asked_at, now)
        if thing := followed_by(purpose):
            return _stop_following(person, thing, asked_at)
    raise NothingToStop


def _stop_letter(
    preference: Preference, asked_at: datetime.datetime, now: datetime.datetime
) -> bool:
    if preference.pace != Preference.Pace.WEEKLY:
        return True
    if preference.changed_at > asked_at:
        return False
    preference.pace = Preference.Pace.ABOUT_ME
    preference.changed_at = now
    preference.save()
    return True


def _stop_category(
    preference: Preference, category: str, asked_at: datetime.datetime, now: datetime.datetime
) -> bool:
    person = preference.person_id
    own = Choice.objects.filter(person_id=person, category=category, channel=Channel.MAIL)
    choice = own.first()
    if choice is None:
        in_letter = preference.pace == Preference.Pace.WEEKLY
        comes = in_letter or Wishes(preference).chose(category, Channel.MAIL)
        # What comes at every pace was not turned on by choosing another one.
        is_by_pace = category not in AT_EVERY_PACE
        if comes and is_by_pace and preference.changed_at > asked_at:
            return False
    elif choice.wanted and choice.chosen_at > asked_at:
        return False
    if choice is None or choice.wanted:
        own.delete()
        Choice.objects.create(
            person_id=person,
            category=category,
            channel=Channel.MAIL,
            wanted=False,
            chosen_at=now,
        )
    return True


def _stop_following(person: User, thing: tuple[str, int], asked_at: datetime.datetime) -> bool:
    kind, subject_id = thing
    own = Follow.objects.filter(person=person, kind=kind, subject_id=subject_id)
    own.filter(created_at__lte=asked_at).delete()
    return not own.exists()
