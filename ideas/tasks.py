"""Background work on initiatives."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from ideas import actions


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def expire_initiatives() -> int:
    """Close what gathered support until yesterday and did not get enough; return how many."""
    return actions.expire(now=timezone.now())
