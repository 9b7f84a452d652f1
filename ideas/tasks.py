"""Background work on initiatives."""

from celery import shared_task
from django.utils import timezone

from ideas import actions


@shared_task
def expire_initiatives() -> int:
    """Close what gathered support until yesterday and did not get enough; return how many."""
    return actions.expire(now=timezone.now())
