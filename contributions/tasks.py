"""Background work on contributions. Each task's work is findable from a row, and safe to repeat."""

import datetime

from celery import shared_task
from django.utils import timezone

from contributions import retention
from contributions.models import Picture
from contributions.pictures import make_sizes

#: A picture this old without its sizes was lost by a worker: the sweep takes it up again.
LOST_AFTER = datetime.timedelta(minutes=2)
SWEEP_AT_MOST = 200


@shared_task
def make_picture_sizes(picture_pk: int) -> None:
    """Make one picture's smaller sizes, unless they are there or the picture is gone."""
    picture = Picture.objects.without_sizes().filter(pk=picture_pk).first()
    if picture is not None:
        make_sizes(picture=picture)


@shared_task
def sweep_picture_sizes() -> int:
    """Ask again for the sizes of pictures that a dead worker left; return how many."""
    lost = (
        Picture.objects.without_sizes()
        .filter(created_at__lt=timezone.now() - LOST_AFTER)
        .order_by("created_at")
        .values_list("pk", flat=True)[:SWEEP_AT_MOST]
    )
    for pk in (pks := list(lost)):
        make_picture_sizes.delay(pk)
    return len(pks)


@shared_task
def forget_old_drafts() -> int:
    """Delete drafts that nobody touched for thirty days; return how many."""
    return retention.forget_old_drafts(now=timezone.now())
