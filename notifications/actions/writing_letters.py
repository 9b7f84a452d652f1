"""Finding, hour by hour, for whom a weekly letter is due."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, Min, OuterRef, Q
from django.utils import timezone

from notifications.kinds import Channel, all_kinds
from notifications.models import Delivery, Letter, LetterRound, Notification, Preference

#: So many people get their letters' rows in one transaction.
BATCH = 500
#: What is older than this is no news any more: a letter that was missed is in it, two are not.
NEWS_FOR = datetime.timedelta(days=14)
#: So long ago rounds are made up for: by then the same hour of the next week is there.
MADE_UP_FOR = datetime.timedelta(days=7)
#: What was told just before the hour stands in the database by then.
SETTLED_AFTER = datetime.timedelta(minutes=1)
KEPT_FOR = datetime.timedelta(days=28)

_HOUR = datetime.timedelta(hours=1)


def open_rounds(*, now: datetime.datetime | None = None) -> list[int]:
    """Write a round for each hour that has come since the last; return those to go through."""
    now = now or timezone.now()
    newest = (now - SETTLED_AFTER).replace(minute=0, second=0, microsecond=0)
    last = LetterRound.objects.aggregate(last=Max("at"))["last"]
    at = newest if last is None else max(last + _HOUR, newest - MADE_UP_FOR + _HOUR)
    missing = []
    while at <= newest:
        missing.append(LetterRound(at=at))
        at += _HOUR
    if missing:
        # Two workers that do this at once write the same ones.
        LetterRound.objects.bulk_create(missing, ignore_conflicts=True)
        LetterRound.objects.filter(done_at__lt=now - KEPT_FOR, at__lt=newest).delete()
    to_do = LetterRound.objects.filter(done_at__isnull=True).order_by("at")
    return list(to_do.values_list("pk", flat=True))


def write_letters(*, round_pk: int, now: datetime.datetime | None = None) -> bool:
    """Write the next batch of letters that are due in a round; return whether there is more to do.

    The letters and the mark up to where everybody was looked at stand in one transaction: a worker
    that is killed leaves neither. A second letter in a week is refused by the database.
    """
    now = now or timezone.now()
    with transaction.atomic():
        open_ones = LetterRound.objects.filter(done_at__isnull=True, pk=round_pk)
        this = open_ones.select_for_update(no_key=True).first()
        if this is None:
            return False
        found = _next_with_news(this)
        letters = [
            Letter(
                recipient_id=one["recipient"],
                week_date=this.week_date,
                after=one["oldest"] - 1,
                up_to=one["newest"],
                created_at=now,
                next_try_at=now,
            )
            for one in found
        ]
        Letter.objects.bulk_create(letters, ignore_conflicts=True)
        is_over = len(found) < BATCH
        if found:
            this.done_up_to = found[-1]["recipient"]
        this.done_at = now if is_over else None
        this.save(update_fields=["done_up_to", "done_at"])
    return not is_over


def _next_with_news(this: LetterRound) -> list[Any]:
    """Return the next people with news whose letter is due, with the first and last of it.

    It starts from what is unread, by its own index: who has none costs nothing.
    """
    own = {"recipient": OuterRef("recipient")}
    in_one_before = Letter.objects.filter(**own, up_to__gte=OuterRef("pk"))
    this_week = Letter.objects.filter(**own, week_date=this.week_date)
    by_mail = Delivery.objects.filter(
        notification=OuterRef("pk"),
        channel=Channel.MAIL,
        state__in=["waiting", "in_flight", "sent"],
    )
    news = Notification.objects.unread().filter(
        ~Exists(in_one_before),
        ~Exists(this_week),
        ~Exists(by_mail),
        _wants_it_now(this),
        _not_of_a_pause(),
        recipient__gt=this.done_up_to,
        recipient__is_active=True,
        recipient__left_at__isnull=True,
        recipient__email__isnull=False,
        created_at__gte=this.at - NEWS_FOR,
        created_at__lt=this.at,
        event__kind__in=[kind.name for kind in all_kinds() if kind.in_letter],
    )
    people = news.values("recipient").annotate(oldest=Min("pk"), newest=Max("pk"))
    return list(people.order_by("recipient")[:BATCH])


def _not_of_a_pause() -> Q:
    """Return the condition on what was told since a pause ended: nothing of it is sent later."""
    ended_at = "recipient__preference__pause_ended_at"
    return Q(**{f"{ended_at}__isnull": True}) | Q(created_at__gte=F(ended_at))


def _wants_it_now(this: LetterRound) -> Q:
    """Return the condition on a notification whose reader has chosen the hour of this round."""
    day, hours = this.day.weekday(), this.hours
    chosen = Q(
        recipient__preference__letter_day=day,
        recipient__preference__letter_hour__in=hours,
        recipient__preference__pace=Preference.Pace.WEEKLY,
        recipient__preference__paused_at__isnull=True,
        recipient__preference__mail_stopped_at__isnull=True,
    )
    nothing_chosen = Preference()
    if day == nothing_chosen.letter_day and nothing_chosen.letter_hour in hours:
        return chosen | Q(recipient__preference__isnull=True)
    return chosen
