"""Work of the clock."""

from celery import shared_task
from django.utils import timezone

from budgets.actions.reporting import let_time_pass


@shared_task
def move_with_the_calendar() -> None:
    """Let reports fall due and become late, once a night."""
    let_time_pass(now=timezone.now())
