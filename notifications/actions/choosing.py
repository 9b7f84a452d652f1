"""Choosing how to be told, which holds on every channel from the next moment on."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications.models import Choice, Preference


def choose(
    *,
    person: User,
    fields: Mapping[str, Any],
    choices: Mapping[tuple[str, str], bool] | None = None,
    language: str = "",
    now: datetime.datetime | None = None,
) -> Preference:
    """Keep what a person chose.

    Args:
        fields: columns of their ``Preference``.
        choices: what differs from the pace, by category and channel; None leaves them as they are.
        language: the one that they are written to in; nothing leaves it as it is.
    """
    now = now or timezone.now()
    with transaction.atomic():
        preference = Preference.objects.locked_of(person)
        asks_for_more = fields.get("pace", preference.pace) != preference.pace
        was_paused = preference.is_paused
        for name, value in fields.items():
            setattr(preference, name, value)
        if was_paused and not preference.is_paused:
            preference.pause_ended_at = now
        if choices is not None:
            asks_for_more |= _keep(person, choices, now)
        if asks_for_more:
            preference.changed_at = now
        preference.save()
        if language and language != person.language:
            person.language = language
            person.save(update_fields=["language"])
    return preference


def _keep(person: User, choices: Mapping[tuple[str, str], bool], now: datetime.datetime) -> bool:
    """Write choices anew; return whether a "no" was taken back, and the pace holds there again.

    One that stays as it was keeps its moment: the link of a mail that was sent after it still ends
    it (``actions.stop``).
    """
    before = {(one.category, one.channel): one for one in Choice.objects.filter(person=person)}
    gone = [one for key, one in before.items() if choices.get(key) is not one.wanted]
    Choice.objects.filter(pk__in=[one.pk for one in gone]).delete()
    Choice.objects.bulk_create(
        Choice(person=person, category=key[0], channel=key[1], wanted=wanted, chosen_at=now)
        for key, wanted in choices.items()
        if key not in before or before[key] in gone
    )
    return any(not one.wanted for one in gone)


def pause(*, person: User, paused: bool, now: datetime.datetime | None = None) -> None:
    """Pause all that need not be told, or end the pause; nothing that waited is sent afterwards."""
    now = now or timezone.now()
    choose(person=person, fields={"paused_at": now if paused else None}, now=now)


def stop_mail(
    *,
    person: User,
    why: str,
    happened_at: datetime.datetime | None = None,
    now: datetime.datetime | None = None,
) -> bool:
    """Send no mail to an address any more: it came back ("bounced") or its reader "complained".

    Args:
        happened_at: when it came back; now, if nothing else is said.

    Returns:
        Whether it is stopped by this. It is not where it was already, nor where the person chose to
        try again, or came with this address, after that: an old event that is told again must not
        undo it.
    """
    now = now or timezone.now()
    with transaction.atomic():
        preference = Preference.objects.locked_of(person)
        since = preference.mail_counts_from or person.created_at
        if preference.mail_stopped_at is not None or (happened_at or now) < since:
            return False
        preference.mail_stopped_at = now
        preference.mail_stopped_why = why
        preference.save(update_fields=["mail_stopped_at", "mail_stopped_why"])
    return True


def try_mail_again(*, person: User, now: datetime.datetime | None = None) -> None:
    """Send mail to an address again, at the wish of whose it is, or to the one they moved to."""
    now = now or timezone.now()
    again = {"mail_stopped_at": None, "mail_stopped_why": "", "mail_counts_from": now}
    choose(person=person, fields=again, now=now)
