"""What the house does at night."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions() -> None:
    """Remove the sessions that are over; running it twice does no harm."""
    call_command("clearsessions")
