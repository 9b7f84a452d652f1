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
    now: datetime.datetime | None = None,
) -> Preference:
    """Keep what a person chose.

    Args:
        fields: columns of their ``Preference``.
        choices: what differs from the pace, by category and channel; None leaves them as they are.
    """
    now = now or timezone.now()
    with transaction.atomic():
        preference = _locked(person)
        for name, value in fields.items():
            setattr(preference, name, value)
        preference.changed_at = now
        preference.save()
        if choices is not None:
            own = Choice.objects.filter(person=person)
            own.delete()
            Choice.objects.bulk_create(
                Choice(person=person, category=category, channel=channel, wanted=wanted)
                for (category, channel), wanted in choices.items()
            )
    return preference


def pause(*, person: User, paused: bool, now: datetime.datetime | None = None) -> None:
    """Pause all that need not be told, or end the pause; nothing that waited is sent afterwards."""
    now = now or timezone.now()
    choose(person=person, fields={"paused_at": now if paused else None}, now=now)


def stop_mail(*, person: User, why: str, now: datetime.datetime | None = None) -> None:
    """Send no mail to an address any more: it came back ("bounced") or was called unwanted."""
    now = now or timezone.now()
    choose(person=person, fields={"mail_stopped_at": now, "mail_stopped_why": why}, now=now)


def _locked(person: User) -> Preference:
    Preference.objects.get_or_create(person=person)
    return Preference.objects.select_for_update(no_key=True).get(person=person)
