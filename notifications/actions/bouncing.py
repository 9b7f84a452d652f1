"""Stopping the addresses that the service which sends our mail tells of."""

import datetime
from collections.abc import Sequence

import structlog
from django.utils import timezone

from accounts.models import User
from notifications.actions.choosing import stop_mail
from notifications.bounces import Returned

log = structlog.get_logger(__name__)


def stop_addresses(returned: Sequence[Returned], *, now: datetime.datetime | None = None) -> int:
    """Stop the addresses that came to nothing for good; return how many.

    An address without an account is left alone, and one that is stopped stays as it is: the same
    told twice changes nothing.
    """
    now = now or timezone.now()
    told = {one.address: one for one in returned}
    people = User.objects.filter(email__in=told, left_at__isnull=True)
    stopped = 0
    for person in people.exclude(preference__mail_stopped_at__isnull=False):
        one = told[person.email or ""]
        if stop_mail(person=person, why=one.why, happened_at=one.at, now=now):
            log.info("mail_stopped", user_id=person.pk, why=one.why)
            stopped += 1
    return stopped
