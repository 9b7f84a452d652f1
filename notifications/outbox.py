"""What waits, went and failed, by channel: for the page of staff, and as figures for a machine."""

import datetime
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from notifications.kinds import Channel, kind_named
from notifications.models import Delivery, Event, Letter, Outgoing

PAGE_SIZE = 50
DAY = datetime.timedelta(days=1)
#: The weekly letter stands beside the channels: it has rows of its own.
LETTER = "letter"
NAMES: Mapping[str, str | Promise] = {
    Channel.MAIL.value: Channel.MAIL.label,
    Channel.PUSH.value: _("Messages on devices"),
    LETTER: _("Weekly letter"),
}

#: Every word that is written as a reason, in a sentence for staff.
REASONS: Mapping[str, Promise] = {
    "template": _("The text could not be made. The log says what is wrong."),
    "worker killed": _("The worker stopped each time while it sent this."),
    "not taken": _("The other server did not take it, however often it was tried."),
    "refused": _("The other server refused it."),
    "no browser left": _("There is no browser any more to send it to."),
}

State = Outgoing.State


@dataclass
class ChannelState:
    """How one channel is doing.

    Args:
        failed: all that failed and is still kept.
        last_day: what was done in the last 24 hours, by state.
        waiting_since: when the oldest that waits was made.
        due_since: since when the first of them could have been tried again.
    """

    name: str
    waiting: int = 0
    in_flight: int = 0
    failed: int = 0
    last_day: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    waiting_since: datetime.datetime | None = None
    due_since: datetime.datetime | None = None

    @property
    def label(self) -> str:
        return str(NAMES[self.name])

    @property
    def sent(self) -> int:
        return self.last_day[State.SENT]

    @property
    def dropped(self) -> int:
        return self.last_day[State.DROPPED]


@dataclass(frozen=True)
class Failure:
    """One thing that did not go: without words, names or addresses of anybody."""

    pk: int
    channel: str
    kind: str
    at: datetime.datetime | None
    tries: int
    why: str

    @property
    def label(self) -> str:
        return label_of(self.kind)

    @property
    def reason(self) -> str:
        return str(REASONS.get(self.why, _("The other server refused it.")))


def label_of(kind: str) -> str:
    """Return what a kind is called; its bare name where an older version knew it."""
    if kind == LETTER:
        return str(NAMES[LETTER])
    found = kind_named(kind)
    return str(found.label) if found else kind


def states(*, now: datetime.datetime) -> list[ChannelState]:
    """Return how each channel is doing, in six queries that do not read what went long ago."""
    found = {name: ChannelState(name) for name in NAMES}
    for name, rows in (("", Delivery.objects), (LETTER, Letter.objects)):
        by = [] if name else ["channel"]
        # One query for each index: together, none of them could be used.
        for one in (
            # Without values: SQLite then knows that the index of what waits holds it all.
            rows.filter(done_at__isnull=True)
            .values(*by, "state")
            .annotate(count=Count("pk"), made=Min("created_at"), due=Min("next_try_at"))
        ):
            channel = found[name or one["channel"]]
            if one["state"] == State.WAITING:
                channel.waiting = one["count"]
                channel.waiting_since, channel.due_since = one["made"], one["due"]
            else:
                channel.in_flight = one["count"]
        for one in rows.filter(state=State.FAILED).values(*by, "state").annotate(count=Count("pk")):
            found[name or one["channel"]].failed = one["count"]
        for one in (
            rows.filter(state__in=["sent", "failed", "dropped"], done_at__gte=now - DAY)
            .values(*by, "state")
            .annotate(count=Count("pk"))
        ):
            found[name or one["channel"]].last_day[one["state"]] = one["count"]
    return list(found.values())


def failed_of(channel: str) -> Any:
    """Return the rows of a channel that failed."""
    if channel == LETTER:
        return Letter.objects.filter(state=State.FAILED)
    return Delivery.objects.filter(state=State.FAILED, channel=channel)


def failed_of_kind(channel: str, kind: str) -> Any:
    """Return those of one kind."""
    rows = failed_of(channel)
    return rows if channel == LETTER else rows.filter(notification__event__kind=kind)


def failures(channel: str, *, after: int) -> tuple[Sequence[Failure], int]:
    """Return a page of what failed, the newest first, and where the next goes on (0: nowhere)."""
    rows = failed_of(channel).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=after)
    fields = ["pk", "done_at", "tries", "why"]
    if channel != LETTER:
        fields.append("notification__event__kind")
    found = list(rows.values(*fields)[: PAGE_SIZE + 1])
    shown = [
        Failure(
            pk=one["pk"],
            channel=channel,
            kind=one.get("notification__event__kind", LETTER),
            at=one["done_at"],
            tries=one["tries"],
            why=one["why"],
        )
        for one in found[:PAGE_SIZE]
    ]
    return shown, shown[-1].pk if len(found) > PAGE_SIZE else 0


def failed_kinds(channel: str) -> list[tuple[str, str, int]]:
    """Return of which kinds something failed: name, label, how many."""
    if channel == LETTER:
        count = failed_of(channel).count()
        return [(LETTER, label_of(LETTER), count)] if count else []
    counted = (
        failed_of(channel)
        .values("notification__event__kind")
        .annotate(count=Count("pk"))
        .order_by("-count", "notification__event__kind")
    )
    names = [(one["notification__event__kind"], one["count"]) for one in counted]
    return [(name, label_of(name), count) for name, count in names]


class OutboxFigures(Collector):
    """The same as figures for Prometheus, in seven queries."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        started, now = time.monotonic(), timezone.now()
        channels = states(now=now)
        to_tell = Event.objects.filter(told_at__isnull=True).aggregate(
            count=Count("pk"), since=Min("created_at")
        )
        yield _gauge(
            "outbox_messages",
            "Messages by channel that wait, are in flight, or failed and are still kept",
            ("channel", "state"),
            [
                ((one.name, state), count)
                for one in channels
                for state, count in (
                    ("waiting", one.waiting),
                    ("in_flight", one.in_flight),
                    ("failed", one.failed),
                )
            ],
        )
        yield _gauge(
            "outbox_messages_last_day",
            "Messages by channel that were sent, failed or were dropped in the last 24 hours",
            ("channel", "state"),
            [
                ((one.name, state), one.last_day[state])
                for one in channels
                for state in ("sent", "failed", "dropped")
            ],
        )
        yield _gauge(
            "outbox_oldest_waiting_seconds",
            "How long ago the oldest message that waits was made; quiet hours count as well",
            ("channel",),
            [((one.name,), _seconds(one.waiting_since, now)) for one in channels],
        )
        yield _gauge(
            "outbox_overdue_seconds",
            "How long a message could have been sent already; 0 while workers keep up",
            ("channel",),
            [((one.name,), _seconds(one.due_since, now)) for one in channels],
        )
        yield _gauge(
            "events_to_tell",
            "Events of which not everybody was told yet",
            (),
            [((), to_tell["count"])],
        )
        yield _gauge(
            "oldest_event_to_tell_seconds",
            "How long ago the oldest of these events happened",
            (),
            [((), _seconds(to_tell["since"], now))],
        )
        yield _gauge(
            "outbox_figures_seconds",
            "How long it took to make these figures",
            (),
            [((), time.monotonic() - started)],
        )


def _gauge(
    name: str,
    what: str,
    labels: Sequence[str],
    values: Iterable[tuple[Sequence[str], float]],
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(f"participatie_{name}", what, labels=labels)
    for told, value in values:
        gauge.add_metric(told, value)
    return gauge


def _seconds(since: datetime.datetime | None, now: datetime.datetime) -> float:
    return max((now - since).total_seconds(), 0) if since else 0
