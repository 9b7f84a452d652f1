"""The worker's part of leaving: twice through all that is held, until nothing is left."""

import datetime

import structlog
from django.core.cache import caches
from django.db.models import F
from django.utils import timezone

from accounts.holdings import Leaving, all_holdings
from accounts.models import User
from participatie.mail import forget_mail_to
from participatie.privacy.models import SECOND_PASS_AFTER, Departure

log = structlog.get_logger(__name__)


class PassNotDone(Exception):
    """Something could not be emptied: the sweep tries again."""


def make_pass(*, pk: int, now: datetime.datetime | None = None) -> bool:
    """Go through all that is held of somebody who left; safe to do twice or to cut short.

    A try is counted before it is made.

    Returns:
        Whether there was a pass to make.

    Raises:
        PassNotDone: something failed; the rest was emptied all the same.
    """
    now = now or timezone.now()
    departure = Departure.objects.select_related("person").filter(pk=pk).first()
    if departure is None or not _is_due(departure, now):
        return False
    Departure.objects.filter(pk=pk).update(tries=F("tries") + 1, tried_at=now)
    leaving = Leaving(texts_stay=departure.texts_stay, now=now)
    address = departure.person.email
    failed: list[str] = []
    for holding in all_holdings():
        if failed and holding.model is User:
            # What is left is found by the row: it goes when all the rest is gone.
            continue
        try:
            holding.leave(departure.person, leaving)
        except Exception as error:
            failed.append(holding.model._meta.label_lower)
            log.error("not_emptied", departure=pk, model=failed[-1], exc_info=error)
    # Cards and figures that were drawn of their words.
    caches["drawings"].clear()
    if address is not None:
        forget_mail_to(address)
    if failed:
        raise PassNotDone(", ".join(failed))
    done = "second_pass_at" if departure.first_pass_at else "first_pass_at"
    Departure.objects.filter(pk=pk, **{f"{done}__isnull": True}).update(
        tries=0, tried_at=now, **{done: now}
    )
    log.info("departure_pass", departure=pk, which=done)
    return True


def _is_due(departure: Departure, now: datetime.datetime) -> bool:
    if departure.first_pass_at is None:
        return True
    return departure.second_pass_at is None and now >= departure.first_pass_at + SECOND_PASS_AFTER


def sweep(*, now: datetime.datetime) -> list[int]:
    """Return the departures with a pass to make, whether it is time or a dead worker left it."""
    due = Departure.objects.due_at(now).order_by("tried_at", "pk")
    return list(due.values_list("pk", flat=True)[:100])
