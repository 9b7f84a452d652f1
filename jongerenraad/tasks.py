"""Background work of councils. Each task's work is findable from a row, and safe to repeat."""

import structlog
from celery import shared_task
from django.utils import timezone

from jongerenraad import notifications
from jongerenraad.actions import portraits
from jongerenraad.actions.votes import close_vote
from jongerenraad.models import Matter

log = structlog.get_logger(__name__)


@shared_task
def close_votes() -> int:
    """Count the votes whose time is over; return how many.

    Each by itself: one that fails is tried again in a minute and keeps no other one open.
    """
    counted = 0
    for matter in list(Matter.objects.due_on(timezone.now()).order_by("closes_at", "pk")):
        try:
            close_vote(matter=matter)
        except Exception:
            log.exception("vote_not_closed", matter=matter.pk)
        else:
            counted += 1
    return counted


@shared_task
def forget_portraits() -> int:
    """Delete the pictures of who is no member any more; return how many."""
    return portraits.forget_old_portraits(now=timezone.now())


@shared_task
def tell_of_closing_votes() -> int:
    """Tell members who did not vote yet that a vote closes soon; return how many votes do."""
    return notifications.tell_of_closing_votes(now=timezone.now())
