"""Trying again what failed, once somebody mended what was wrong."""

import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.record import on_the_record
from notifications.kinds import Channel, all_kinds
from notifications.models import Delivery, Letter, Outgoing
from notifications.outbox import LETTER, failed_of_kind
from notifications.permissions import can_look_after_outbox
from notifications.sending import FRESH_SECONDS

State = Outgoing.State


class NotForYou(Exception):
    """Somebody without the right to it asked for another try."""


@on_the_record
def retry(*, outgoing: Delivery | Letter, by: User, now: datetime.datetime | None = None) -> bool:
    """Put one that failed back to waiting; return whether it waits again.

    Who may see it and who wants it is asked anew when it is sent. What would repeat something is
    dropped: a mail of which a letter told since, and a letter of a week that is over.

    Raises:
        NotForYou: this person does not look after it.
    """
    channel = outgoing.channel if isinstance(outgoing, Delivery) else LETTER
    rows = type(outgoing).objects.filter(pk=outgoing.pk, state=State.FAILED)
    return _put_back(rows, channel, by, now) == 1


@on_the_record
def retry_kind(*, channel: str, kind: str, by: User, now: datetime.datetime | None = None) -> int:
    """Put all of a kind that failed in a channel back to waiting, as ``retry``; return how many.

    Raises:
        NotForYou: this person does not look after it.
    """
    return _put_back(failed_of_kind(channel, kind), channel, by, now)


def _put_back(rows: Any, channel: str, by: User, now: datetime.datetime | None) -> int:
    from notifications.tasks import send, send_letters

    if not can_look_after_outbox(by):
        raise NotForYou
    now = now or timezone.now()
    with transaction.atomic():
        if channel == LETTER:
            _drop(rows.filter(_week_is_over(now)), "week is over", now)
        elif channel == Channel.MAIL:
            _drop(rows.filter(_told_in_a_letter()), "told in a letter", now)
        # The state is in the condition: of two who press at once, one finds nothing.
        count: int = rows.update(
            state=State.WAITING, tries=0, next_try_at=now, taken_at=None, done_at=None, why=""
        )
        if count:
            again = send_letters.delay if channel == LETTER else partial(send.delay, channel)
            transaction.on_commit(again, robust=True)
    return count


def _drop(rows: Any, why: str, now: datetime.datetime) -> None:
    failed = rows.model.objects.filter(state=State.FAILED, pk__in=rows.values("pk"))
    failed.update(state=State.DROPPED, why=why, done_at=now)


def _week_is_over(now: datetime.datetime) -> Q:
    """Return the condition on letters of which the next one takes the place."""
    today = timezone.localdate(now)
    return Q(week_date__lt=today - datetime.timedelta(days=today.weekday()))


def _told_in_a_letter() -> Q:
    """Return the condition on mails of which a letter told after they had failed.

    What must be told goes out all the same: a line in a letter is no decision.
    """
    # A letter is put together at most so long before it goes.
    asked_at = F("taken_at") - datetime.timedelta(seconds=FRESH_SECONDS)
    letters = Letter.objects.alias(asked_at=asked_at).filter(
        recipient=OuterRef("notification__recipient"),
        state__in=[State.IN_FLIGHT, State.SENT],
        after__lt=OuterRef("notification"),
        up_to__gte=OuterRef("notification"),
        asked_at__gt=OuterRef("done_at"),
    )
    kinds = [kind.name for kind in all_kinds() if kind.in_letter and not kind.must_be_told]
    return Q(Exists(letters), notification__event__kind__in=kinds)
