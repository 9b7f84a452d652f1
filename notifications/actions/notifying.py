"""Telling people of something that happened."""

import datetime
from collections.abc import Iterable, Sequence
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from notifications.kinds import NotificationKind, kind_named
from notifications.models import Delivery, Event, Notification
from notifications.wishes import Wishes, wishes_of

#: So many people are told in one transaction.
BATCH = 1000


def notify(
    kind: str,
    subject_id: int,
    *,
    to: Iterable[int | None] | None = None,
    by: User | None = None,
    occasion: str = "",
    not_before: datetime.datetime | None = None,
    now: datetime.datetime | None = None,
) -> None:
    """Tell people of something, in the transaction in which it happens; once, however often asked.

    Args:
        kind: the name of its kind.
        subject_id: the number of what it is about.
        to: the numbers of the people to tell; None for the audience of the kind, which a worker
            tells in batches, so that this costs as much for one person as for a whole town.
        by: who did it: they know.
        occasion: which of several times, where the same subject is told of more than once.
        not_before: until when nothing leaves the site, of what can still be undone; only for named
            people. On the site they read it at once.
    """
    now = now or timezone.now()
    declared = kind_named(kind)
    if declared is None or (to is None and (declared.audience is None or not_before)):
        raise ValueError(kind)
    with transaction.atomic():
        event = _happened(declared, subject_id, occasion, by, now)
        if event is None:
            return
        if to is None:
            # The task asks for the event's row: it is sent once that stands.
            from notifications.tasks import tell

            transaction.on_commit(partial(tell.delay, event.pk), robust=True)
            return
        _tell(event, declared, _there(to, event), now, not_before)
        event.told_at = now
        event.save(update_fields=["told_at"])


def _happened(
    kind: NotificationKind,
    subject_id: int,
    occasion: str,
    by: User | None,
    now: datetime.datetime,
) -> Event | None:
    """Return the new row of an event; None for one that happened before."""
    event, made = Event.objects.get_or_create(
        kind=kind.name,
        subject_id=subject_id,
        occasion=occasion,
        defaults={"by": by, "created_at": now, "worked_on_at": now},
    )
    return event if made else None


def _there(people: Iterable[int | None], event: Event) -> list[int]:
    """Return who of some people is told: not who did it, and nobody who left."""
    pks = {pk for pk in people if pk is not None and pk != event.by_id}
    here = User.objects.filter(pk__in=pks, left_at__isnull=True)
    return list(here.order_by("pk").values_list("pk", flat=True))


def go_on_telling(*, event_pk: int, now: datetime.datetime | None = None) -> bool:
    """Tell the next batch of an event's audience; return whether there is more to do.

    The batch and the mark up to where everybody was told stand in one transaction: a worker that
    is killed leaves neither, and two that work on the same event do one after the other.
    """
    now = now or timezone.now()
    with transaction.atomic():
        open_events = Event.objects.filter(told_at__isnull=True, pk=event_pk)
        event = open_events.select_for_update(no_key=True).first()
        if event is None:
            return False
        kind = kind_named(event.kind)
        people = [] if kind is None else next_of_audience(kind, event)
        if kind is not None:
            _tell(event, kind, [pk for pk in people if pk != event.by_id], now)
        is_over = len(people) < BATCH
        if people:
            event.told_up_to = people[-1]
        event.worked_on_at = now
        event.told_at = now if is_over else None
        event.save(update_fields=["told_up_to", "worked_on_at", "told_at"])
    return not is_over


def next_of_audience(kind: NotificationKind, event: Event) -> list[int]:
    """Return the numbers of the next people of an event's audience, in order."""
    told = Q(pk__gt=event.told_up_to, is_active=True, left_at__isnull=True)
    wanted = kind.audience(event.subject_id) if kind.audience else Q(pk__in=[])
    people = User.objects.filter(told & wanted).order_by("pk")
    return list(people.values_list("pk", flat=True)[:BATCH])


def _tell(
    event: Event,
    kind: NotificationKind,
    people: Sequence[int],
    now: datetime.datetime,
    not_before: datetime.datetime | None = None,
) -> None:
    """Write the notifications of some people, and what goes out at once, in five queries."""
    if not people:
        return
    rows = [Notification(event=event, recipient_id=pk, created_at=now) for pk in people]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    told = Notification.objects.filter(event=event, recipient__in=people)
    wishes = wishes_of(people)
    going_out = [
        delivery
        for pk, person in told.values_list("pk", "recipient")
        for delivery in _outgoing(pk, kind, wishes[person], now, not_before or now)
    ]
    if not going_out:
        return
    Delivery.objects.bulk_create(going_out, ignore_conflicts=True)
    from notifications.tasks import send

    for channel in sorted({one.channel for one in going_out}):
        transaction.on_commit(partial(send.delay, channel), robust=True)


def _outgoing(
    notification_pk: int,
    kind: NotificationKind,
    wishes: Wishes,
    now: datetime.datetime,
    not_before: datetime.datetime,
) -> list[Delivery]:
    return [
        Delivery(
            notification_id=notification_pk,
            channel=channel,
            created_at=now,
            next_try_at=max(wishes.not_before(kind, channel, now), not_before),
        )
        for channel in wishes.at_once(kind)
    ]
