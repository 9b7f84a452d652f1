"""Leaving: the account closes at once; a worker goes through all that was held of the person."""

import datetime
from functools import partial

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from accounts.holdings import all_holdings, obstacles_of
from accounts.models import User
from contributions.actions import Refused
from participatie.privacy.models import Departure
from participatie.tasks import empty_departure

log = structlog.get_logger(__name__)


class CannotLeaveYet(Refused):
    """Something has to be done first; its message says what."""


def leave(*, person: User, texts_stay: bool, now: datetime.datetime | None = None) -> Departure:
    """Let a person leave: signed out everywhere, without rights or name from this moment on.

    What else is held of them is emptied by a worker, at once and again after ten minutes. Leaving
    twice is not an error; the first choice holds.

    Args:
        texts_stay: whether their published texts stay, without a name.

    Raises:
        CannotLeaveYet: they are the last administrator, or have to account for public money.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        now = now or timezone.now()
        if known := Departure.objects.filter(person=locked).first():
            return known
        if sentences := obstacles_of(locked, now):
            raise CannotLeaveYet(sentences[0])
        for holding in all_holdings():
            holding.ends(locked, now)
        locked.is_active = False
        locked.left_at = now
        locked.set_unusable_password()
        locked.save(update_fields=["is_active", "left_at", "password"])
        departure = Departure.objects.create(
            person=locked, texts_stay=texts_stay, asked_at=now, tried_at=now
        )
        transaction.on_commit(partial(empty_departure.delay, departure.pk), robust=True)
    log.info("person_left", user_id=locked.pk)
    return departure


def why_not(person: User) -> list[Promise | str]:
    """Return what a person has to do before they can leave, in sentences."""
    return obstacles_of(person, timezone.now())
