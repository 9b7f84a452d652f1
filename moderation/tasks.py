"""Background work of moderation. It is safe to repeat."""

from celery import shared_task
from django.utils import timezone

from moderation import notifications


@shared_task
def tell_moderators() -> int:
    """Tell moderators how much waits for them, once a day; return how many are told."""
    return notifications.tell_moderators(now=timezone.now())
