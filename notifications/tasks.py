"""Background work on notifications. Each task's work is findable from a row, and safe to repeat."""

from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from notifications import letters, paper_files, retention, sending
from notifications.kinds import Channel
from notifications.models import Delivery, Event, Letter
from notifications.paper import latest_day

SWEEP_AT_MOST = 200
#: After so many batches a task asks for itself anew, so that others have their turn.
BATCHES_AT_MOST = 20


@shared_task
def tell(event_pk: int) -> None:
    """Tell the audience of one event, batch by batch."""
    from notifications.actions import go_on_telling

    for _number in range(BATCHES_AT_MOST):
        if not go_on_telling(event_pk=event_pk):
            return
    tell.delay(event_pk)


@shared_task
def send(channel: str) -> int:
    """Send what waits for one channel; return how many were taken."""
    taken = 0
    for _number in range(BATCHES_AT_MOST):
        batch = sending.send_waiting(channel)
        taken += batch
        # Not by its size: of a slow server's batch a part waits again.
        if not batch:
            return taken
    send.delay(channel)
    return taken


@shared_task
def write_letters() -> int:
    """Write the letters that are due; return of how many hours they are."""
    from notifications.actions import open_rounds
    from notifications.actions import write_letters as write

    batches, rounds = 0, open_rounds()
    for pk in rounds:
        is_open = True
        while is_open:
            if batches == BATCHES_AT_MOST:
                write_letters.delay()
                return len(rounds)
            is_open = write(round_pk=pk)
            batches += 1
            send_letters.delay()
    return len(rounds)


@shared_task
def send_letters() -> int:
    """Send the letters that wait; return how many were taken."""
    taken = 0
    for _number in range(BATCHES_AT_MOST):
        batch = letters.send_letters()
        taken += batch
        if not batch:
            return taken
    send_letters.delay()
    return taken


@shared_task
def sweep_notifications() -> int:
    """Go on with what a dead worker or an absent mail server left; return how many were asked."""
    now, asked = timezone.now(), 0
    lost = Event.objects.lost_at(now).order_by("worked_on_at").values_list("pk", flat=True)
    for pk in list(lost[:SWEEP_AT_MOST]):
        tell.delay(pk)
        # An event that fails each time makes room for those behind it.
        Event.objects.filter(pk=pk, told_at__isnull=True).update(worked_on_at=now)
        asked += 1
    for channel in Channel.values:
        if Delivery.objects.filter(channel=channel).due(now).exists():
            send.delay(channel)
            asked += 1
    if Letter.objects.due(now).exists():
        send_letters.delay()
        asked += 1
    return asked


@shared_task
def write_news() -> int:
    """Write the sheets of news of yesterday; return how many. Doing it again writes them anew."""
    if not settings.NEWS_FOLDER:
        return 0
    return paper_files.write_news(Path(settings.NEWS_FOLDER), latest_day(timezone.now()))


@shared_task
def forget_notifications() -> int:
    """Delete what nobody looks for any more; return how many."""
    return retention.forget_notifications(now=timezone.now())
