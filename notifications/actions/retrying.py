"""Trying again what failed, once somebody mended what was wrong."""

import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.record import on_the_record
from notifications.models import Delivery, Letter, Outgoing
from notifications.outbox import LETTER, failed_of_kind
from notifications.permissions import can_look_after_outbox


class NotForYou(Exception):
    """Somebody without the right to it asked for another try."""


@on_the_record
def retry(*, outgoing: Delivery | Letter, by: User, now: datetime.datetime | None = None) -> bool:
    """Put one that failed back to waiting; return whether it was failed still.

    Who may see it and who wants it is asked anew when it is sent.

    Raises:
        NotForYou: this person does not look after it.
    """
    channel = outgoing.channel if isinstance(outgoing, Delivery) else LETTER
    rows = type(outgoing).objects.filter(pk=outgoing.pk, state=Outgoing.State.FAILED)
    return _put_back(rows, channel, by, now) == 1


@on_the_record
def retry_kind(*, channel: str, kind: str, by: User, now: datetime.datetime | None = None) -> int:
    """Put all of a kind that failed in a channel back to waiting; return how many.

    Raises:
        NotForYou: this person does not look after it.
    """
    return _put_back(failed_of_kind(channel, kind), channel, by, now)


def _put_back(rows: Any, channel: str, by: User, now: datetime.datetime | None) -> int:
    from notifications.tasks import send, send_letters

    if not can_look_after_outbox(by):
        raise NotForYou
    with transaction.atomic():
        # The state is in the condition: of two who press at once, one finds nothing.
        count: int = rows.update(
            state=Outgoing.State.WAITING,
            tries=0,
            next_try_at=now or timezone.now(),
            taken_at=None,
            done_at=None,
            why="",
        )
        if count:
            again = send_letters.delay if channel == LETTER else partial(send.delay, channel)
            transaction.on_commit(again, robust=True)
    return count
