"""The tasks that send one mail each: apart from those that call actions, which ask for these."""

from celery import shared_task
from django.utils import timezone

from ideas import mails


@shared_task
def send_invitation(pk: int) -> None:
    """Mail one invitation, once."""
    mails.send_invitation(pk, now=timezone.now())


@shared_task
def send_help_notice(pk: int) -> None:
    """Mail one message about help to one reader, once."""
    mails.send_help_notice(pk, now=timezone.now())
