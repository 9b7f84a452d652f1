"""Background work on notifications. Each task's work is findable from a row, and safe to repeat."""

from celery import shared_task
from django.utils import timezone

from notifications import retention, sending
from notifications.kinds import Channel
from notifications.models import Delivery, Event

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
        if batch < sending.BATCH:
            return taken
    send.delay(channel)
    return taken


@shared_task
def sweep_notifications() -> int:
    """Go on with what a dead worker or an absent mail server left; return how many were asked."""
    now, asked = timezone.now(), 0
    lost = Event.objects.lost_at(now).order_by("worked_on_at").values_list("pk", flat=True)
    for pk in list(lost[:SWEEP_AT_MOST]):
        tell.delay(pk)
        asked += 1
    for channel in Channel.values:
        if Delivery.objects.filter(channel=channel).due(now).exists():
            send.delay(channel)
            asked += 1
    return asked


@shared_task
def forget_notifications() -> int:
    """Delete what nobody looks for any more; return how many."""
    return retention.forget_notifications(now=timezone.now())
