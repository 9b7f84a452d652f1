"""Sending what waits, in batches: taken first with no lock held, each one marked as it went."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from smtplib import SMTPException
from typing import Any, Protocol

import structlog
from django.db import transaction
from django.utils import timezone

from notifications.kinds import About, Channel, NotificationKind, kind_named
from notifications.models import Delivery, Outgoing
from notifications.models.delivery import MAX_TRIES
from notifications.telling import told
from notifications.wishes import Wishes, wishes_of

log = structlog.get_logger(__name__)

#: So many are taken at once: what a killed worker leaves waits for two minutes.
BATCH = 100

State = Outgoing.State


class Away(Exception):
    """The other side takes nothing now: all the rest waits as well."""


class NotNow(Exception):
    """The other side did not take this one now: it is tried again later."""


class Never(Exception):
    """The other side will never take this one; says why in a word of ours."""


class Courier(Protocol):
    """Carries what goes out by one channel, over one connection for a whole batch."""

    def carry(self, delivery: Delivery, kind: NotificationKind, about: About) -> None:
        """Hand one over.

        Raises:
            Away, NotNow, Never: it did not go.
        """


_couriers: dict[str, Callable[[], Any]] = {}


def register(channel: str, courier: Callable[[], Any]) -> None:
    """Declare who carries for a channel: a context manager that gives a ``Courier``."""
    _couriers[channel] = courier


def send_waiting(channel: str, *, now: datetime.datetime | None = None) -> int:
    """Send a batch of what waits for a channel; return how many were taken."""
    now = now or timezone.now()
    with transaction.atomic():
        pks = Delivery.objects.filter(channel=channel).take(now, BATCH)
    if not pks:
        return 0
    taken = list(
        Delivery.objects.filter(pk__in=pks)
        .select_related("notification__event", "notification__recipient")
        .order_by("next_try_at", "pk")
    )
    wishes = wishes_of(one.notification.recipient_id for one in taken)
    abouts, broken = _told_one_by_one(taken)
    ready = []
    for one in taken:
        kind = kind_named(one.notification.event.kind)
        about = abouts.get(one.notification_id)
        if one.pk in broken:
            settle(one, State.FAILED, why="template")
        elif kind is None or about is None:
            settle(one, State.DROPPED, why="not to be seen")
        elif why := _why_not(one, kind, wishes[one.notification.recipient_id]):
            settle(one, State.DROPPED, why=why)
        elif (later := wishes[one.notification.recipient_id].not_before(kind, now)) > now:
            give_back(one, later)
        else:
            ready.append((one, kind, about))
    if ready:
        _carry(channel, ready)
    return len(taken)


def _why_not(delivery: Delivery, kind: NotificationKind, wishes: Wishes) -> str:
    """Return why one is not sent after all; nothing where it is."""
    if not wishes.wants(kind, Channel(delivery.channel)):
        return "not wanted"
    # Whoever read it on the site meanwhile needs no mail of it, but for decisions about them.
    if delivery.notification.read_at is not None and not kind.must_be_told:
        return "read on the site"
    return ""


def _told_one_by_one(taken: Sequence[Delivery]) -> tuple[dict[int, About], set[int]]:
    """Return what each is about, and the deliveries of the kinds that fail: the others go."""
    try:
        return told(one.notification for one in taken), set()
    except Exception:
        # One kind's mistake must not keep the others: found by asking for each kind apart.
        abouts: dict[int, About] = {}
        broken: set[int] = set()
        for name in {one.notification.event.kind for one in taken}:
            ones = [one for one in taken if one.notification.event.kind == name]
            try:
                abouts |= told(one.notification for one in ones)
            except Exception as error:
                log.error("notification_failed", kind=name, reason=type(error).__name__)
                broken |= {one.pk for one in ones}
        return abouts, broken


def _carry(channel: str, ready: Sequence[tuple[Delivery, NotificationKind, About]]) -> None:
    waiting = list(ready)
    try:
        with _couriers[channel]() as courier:
            while waiting:
                delivery, kind, about = waiting[0]
                _carry_one(courier, delivery, kind, about)
                waiting.pop(0)
    except Away as error:
        log.warning("channel_away", channel=channel, reason=str(error), waiting=len(waiting))
        for delivery, _kind, _about in waiting:
            try_later(delivery, why="away")


def _carry_one(courier: Courier, delivery: Delivery, kind: NotificationKind, about: About) -> None:
    try:
        courier.carry(delivery, kind, about)
    except NotNow:
        try_later(delivery, why="not taken")
    except Never as error:
        settle(delivery, State.FAILED, why=str(error))
    except Away:
        raise
    except Exception as error:
        log.error(
            "notification_failed",
            delivery=delivery.pk,
            kind=kind.name,
            reason=type(error).__name__,
        )
        settle(delivery, State.FAILED, why="template")
    else:
        settle(delivery, State.SENT)


def settle(row: Any, state: str, *, why: str = "") -> None:
    """Write what became of one that this worker took; one that another took since is left alone."""
    held = type(row)._default_manager.filter(
        pk=row.pk, state=State.IN_FLIGHT, taken_at=row.taken_at
    )
    held.update(state=state, done_at=timezone.now(), why=why)


def try_later(row: Any, *, why: str) -> None:
    """Let one that was not taken wait, ever longer; after the last try it has failed."""
    if row.tries >= MAX_TRIES:
        settle(row, State.FAILED, why=why)
        return
    held = type(row)._default_manager.filter(
        pk=row.pk, state=State.IN_FLIGHT, taken_at=row.taken_at
    )
    held.update(state=State.WAITING, next_try_at=timezone.now() + row.wait_until(), why=why)


def give_back(row: Any, until: datetime.datetime) -> None:
    """Let one wait that was not tried at all."""
    held = type(row)._default_manager.filter(
        pk=row.pk, state=State.IN_FLIGHT, taken_at=row.taken_at
    )
    held.update(state=State.WAITING, next_try_at=until, tries=row.tries - 1)


@contextmanager
def mail_server() -> Iterator[Callable[[Any], None]]:
    """Give what sends one mail over one connection, opened anew when it broke.

    Raises:
        Away: the mail server does not answer.
    """
    from django.core.mail import get_connection

    connection = get_connection()

    def send(message: Any) -> None:
        try:
            connection.open()
        except (SMTPException, OSError) as error:
            raise Away(type(error).__name__) from None
        try:
            connection.send_messages([message])
        except (SMTPException, OSError) as error:
            # What a mail server answers repeats the address.
            connection.close()
            raise NotNow(type(error).__name__) from None

    try:
        yield send
    finally:
        connection.close()
