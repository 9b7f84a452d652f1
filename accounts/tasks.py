"""Mail leaves through a worker, so that no page waits for a mail server."""

from smtplib import SMTPException

from celery import shared_task
from django.db import OperationalError

from . import mails
from .models import User


class MailNotSent(Exception):
    """The mail server did not take a mail; holds only what kind of failure it was."""


# Five attempts within the quarter of an hour that a code is valid. There is no row to find a lost
# one again by: the page it belongs to offers to send another.
@shared_task(
    autoretry_for=(MailNotSent, OperationalError),
    retry_backoff=5,
    max_retries=5,
    ignore_result=True,
)
def send_mail(kind: str, to: str, language: str, context: dict[str, str]) -> None:
    """Send one mail, in the language its reader chose, else in the one given."""
    chosen = User.objects.filter(email=to).values_list("language", flat=True).first()
    message = mails.compose(kind, to=to, language=chosen or language, context=context)
    try:
        message.send()
    except (SMTPException, OSError) as error:
        # What a mail server answers repeats the address, and the worker logs it.
        raise MailNotSent(type(error).__name__) from None
