"""Sending what waits, in batches: taken first with no lock held, each one marked as it went."""

import datetime
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from notifications.following import told_for_following
from notifications.kinds import About, Channel, NotificationKind, kind_named
from notifications.models import Delivery, Notification, Outgoing
from notifications.models.delivery import MAX_TRIES, pause_after
from notifications.refusals import ERRORS, Away, Broken, Never, NotNow, refusal_of
from notifications.telling import told
from notifications.wishes import Wishes, must_go, wishes_of

__all__ = ["Away", "Courier", "Never", "NotNow", "mail_server", "register", "send_waiting"]

log = structlog.get_logger(__name__)

#: So many are taken at once: what a killed worker leaves waits for two minutes.
BATCH = 500
#: So long what was asked of a batch holds: what may be seen, and who wants it. A slow server takes
#: its rest in another one, of which it is asked anew; before it counts as lost, too.
FRESH_SECONDS = 60
#: When what an absent server left is tried again.
AWAY_FOR = datetime.timedelta(minutes=1)

#: A database that is busy or away is no mistake of a template: the task is tried again.
_DATABASE = (OperationalError, InterfaceError)

State = Outgoing.State


class Courier(Protocol):
    """Carries what goes out by one channel, over one connection for a whole batch."""

    def carry(self, delivery: Delivery, kind: NotificationKind, about: About) -> None:
        """Hand one over.

        Raises:
            Away, NotNow, Never: it did not go.
        """


@dataclass(frozen=True)
class Ready:
    """One row that goes out, and how a courier is handed it."""

    row: Any
    kind: str
    hand_over: Callable[[Any], None]


_couriers: dict[str, Callable[[], Any]] = {}


def register(channel: str, courier: Callable[[], Any]) -> None:
    """Declare who carries for a channel: a context manager that gives a ``Courier``."""
    _couriers[channel] = courier


def courier_for(channel: str) -> Callable[[], Any] | None:
    return _couriers.get(channel)


def send_waiting(channel: str, *, now: datetime.datetime | None = None) -> int:
    """Send a batch of what waits for a channel.

    Returns:
        How many were taken; 0 where the other side is away, so that nobody goes on with the rest.
    """
    now = now or timezone.now()
    courier = courier_for(channel)
    if courier is None:
        # Nothing carries for it here: what waits goes on waiting.
        return 0
    with transaction.atomic():
        pks = Delivery.objects.filter(channel=channel).take(now, BATCH)
    if not pks:
        return 0
    rows = Delivery.objects.select_related("notification__event", "notification__recipient")
    taken = in_order(rows, pks)
    ready = _sorted_out(taken, now)
    if ready and not carry_all(channel, courier, ready):
        return 0
    return len(taken)


def in_order(rows: Any, pks: Sequence[int]) -> list[Any]:
    """Return rows in the order in which they were taken: what has killed a worker comes last."""
    found = {row.pk: row for row in rows.filter(pk__in=pks)}
    return [found[pk] for pk in pks if pk in found]


def _sorted_out(taken: Sequence[Delivery], now: datetime.datetime) -> list[Ready]:
    """Return what goes out now of what was taken, and write what becomes of the rest."""
    wishes = wishes_of(one.notification.recipient_id for one in taken)
    abouts, broken = told_but_for_broken(one.notification for one in taken)
    ready: list[Ready] = []
    settled: dict[tuple[State, str], list[Delivery]] = defaultdict(list)
    later: dict[datetime.datetime, list[Delivery]] = defaultdict(list)
    for one in taken:
        kind = kind_named(one.notification.event.kind)
        about = abouts.get(one.notification_id)
        wish = wishes[one.notification.recipient_id]
        if one.tries >= MAX_TRIES:
            settled[State.FAILED, "worker killed"].append(one)
        elif one.notification_id in broken:
            settled[State.FAILED, "template"].append(one)
        elif kind is None or about is None:
            settled[State.DROPPED, "not to be seen"].append(one)
        elif why := _why_not(one, kind, wish):
            settled[State.DROPPED, why].append(one)
        elif (until := wish.not_before(kind, one.channel, now)) > now:
            later[until].append(one)
        else:
            ready.append(Ready(one, kind.name, _handing(one, kind, about)))
    for (state, why), rows in settled.items():
        settle(rows, state, why=why)
    for until, rows in later.items():
        give_back(rows, until)
    return ready


def _handing(delivery: Delivery, kind: NotificationKind, about: About) -> Callable[[Courier], None]:
    return lambda courier: courier.carry(delivery, kind, about)


def _why_not(delivery: Delivery, kind: NotificationKind, wishes: Wishes) -> str:
    """Return why one is not sent after all; nothing where it is."""
    if not wishes.wants(kind, Channel(delivery.channel)):
        return "not wanted"
    # Whoever read it on the site meanwhile needs no mail of it, but for decisions about them.
    if delivery.notification.read_at is not None and not must_go(kind, delivery.channel):
        return "read on the site"
    return ""


def told_but_for_broken(
    notifications: Iterable[Notification],
) -> tuple[dict[int, About], set[int]]:
    """Return what each reader is told, and the notifications that fail: all the others go.

    One mistake must keep nobody else waiting. What fails is found by asking for each kind apart,
    and of a kind that fails for each notification: slow, and only then.
    """
    ones = list(notifications)
    abouts: dict[int, About] = {}
    broken: set[int] = set()
    groups = [ones]
    while groups:
        group = groups.pop()
        try:
            abouts |= told(group)
        except _DATABASE:
            raise
        except Exception as error:
            names = {one.event.kind for one in group}
            if len(names) > 1:
                groups += [[one for one in group if one.event.kind == name] for name in names]
            elif len(group) > 1:
                groups += [[one] for one in group]
            else:
                (one,) = group
                _log_failure(one.event.kind, error, notification=one.pk)
                broken.add(one.pk)
    return told_for_following(ones, abouts), broken


def carry_all(channel: str, courier: Callable[[], Any], ready: Sequence[Ready]) -> bool:
    """Hand over what is ready, one by one; return False where the other side is away."""
    waiting, breaks = deque(ready), 0
    until = time.monotonic() + FRESH_SECONDS
    try:
        with courier() as carrier, marks_reach_the_disk_soon():
            is_ours = _begin(waiting)
            while waiting:
                went, broke = _carry_one(carrier, waiting[0]) if is_ours else (False, False)
                one = waiting.popleft()
                breaks = breaks + 1 if broke else 0
                if breaks > 1:
                    raise Away("broken")
                if time.monotonic() > until:
                    give_back([other.row for other in waiting], timezone.now())
                    waiting.clear()
                is_ours = _marked_sent(one, waiting) if went else _begin(waiting)
    except Away as error:
        log.warning("channel_away", channel=channel, reason=str(error), waiting=len(waiting))
        give_back([one.row for one in waiting], timezone.now() + AWAY_FOR)
        return False
    return True


@contextmanager
def marks_reach_the_disk_soon() -> Iterator[None]:
    """Let PostgreSQL answer before what one message changed stands on its disk.

    To wait for the disk takes as long as a quarter of a mail. A worker that is killed loses no mark
    by it. Only where the database itself goes down are those of its last moments lost, less than a
    second (``wal_writer_delay``): those mails go twice, and none is lost.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        # The connection serves others afterwards; one that broke is gone with its setting.
        with suppress(*_DATABASE), connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _begin(waiting: Sequence[Ready]) -> bool:
    """Begin the first of those that wait; return whether it is still this worker's."""
    return bool(waiting) and rows_like(waiting[0].row).begin(waiting[0].row, timezone.now())


def _marked_sent(one: Ready, waiting: Sequence[Ready]) -> bool:
    """Mark one that went, and begin the first of those that wait, at once where there is one."""
    if not waiting:
        settle([one.row], State.SENT)
        return False
    return bool(rows_like(one.row).went(one.row, waiting[0].row, timezone.now()))


def _carry_one(courier: Any, one: Ready) -> tuple[bool, bool]:
    """Hand one over, and write what became of it where it did not go.

    Returns:
        Whether it went, and whether the connection broke over it.
    """
    try:
        one.hand_over(courier)
    except Away:
        # To meet nobody is no try.
        rows_like(one.row).held([one.row]).update(tries=one.row.tries - 1)
        raise
    except NotNow as error:
        try_later(one.row, why="not taken")
        return False, isinstance(error, Broken)
    except Never as error:
        settle([one.row], State.FAILED, why=str(error))
    except _DATABASE:
        raise
    except Exception as error:
        _log_failure(one.kind, error, row=f"{type(one.row).__name__} {one.row.pk}")
        settle([one.row], State.FAILED, why="template")
    else:
        return True, False
    return False, False


def _log_failure(kind: str, error: Exception, **which: Any) -> None:
    # The name of the error alone: its words can hold somebody's text.
    log.error("notification_failed", kind=kind, reason=type(error).__name__, **which)


def rows_like(row: Any) -> Any:
    return type(row).objects


def settle(rows: Sequence[Any], state: str, *, why: str = "") -> None:
    """Write what became of rows that this worker took; what another took since is left alone."""
    held = rows_like(rows[0]).held(rows)
    held.update(state=state, done_at=timezone.now(), why=why)


def try_later(row: Any, *, why: str) -> None:
    """Let one that was not taken wait, ever longer; after the last try it has failed."""
    if row.tries >= MAX_TRIES:
        settle([row], State.FAILED, why=why)
        return
    next_try_at = timezone.now() + pause_after(row.tries)
    rows_like(row).held([row]).update(state=State.WAITING, next_try_at=next_try_at, why=why)


def give_back(rows: Sequence[Any], until: datetime.datetime) -> None:
    """Let rows wait that were not tried at all."""
    if rows:
        rows_like(rows[0]).held(rows).update(state=State.WAITING, next_try_at=until)


@contextmanager
def mail_server() -> Iterator[Callable[[Any], None]]:
    """Give what sends one mail over one connection, opened anew when it broke.

    Raises:
        Away, NotNow, Never: it was not taken.
    """
    from django.core.mail import get_connection

    connection = get_connection()

    def close() -> None:
        # A server that is gone cannot be told goodbye.
        with suppress(*ERRORS):
            connection.close()

    def send(message: Any) -> None:
        try:
            connection.open()
        except ERRORS as error:
            close()
            raise Away(type(error).__name__) from None
        try:
            connection.send_messages([message])
        except ERRORS as error:
            refusal = refusal_of(error)
            if isinstance(refusal, Away | Broken):
                close()
            # What a mail server answers repeats the address.
            raise refusal from None

    try:
        yield send
    finally:
        close()
