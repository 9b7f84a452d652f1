"""Sending a mail that a row is owed: claimed first, with no lock held, and marked when it went."""

import datetime
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

import structlog
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from contributions.models.mailing import MAX_MAIL_TRIES, MailingQuerySet

log = structlog.get_logger(__name__)


def send_once(
    rows: MailingQuerySet[Any],
    pk: int,
    now: datetime.datetime,
    compose: Callable[[int, datetime.datetime], EmailMultiAlternatives | None],
    **then: Any,
) -> bool:
    """Claim a row, send its mail with no lock held, and mark it as sent; return whether it went.

    Args:
        compose: returns the mail, or None where it makes no sense any more.
        then: what else is written to the row of a mail that went.
    """
    if not rows.claim(pk, now):
        return False
    message = compose(pk, now)
    if message is None:
        return False
    try:
        message.send()
    except (SMTPException, OSError) as error:
        # What a mail server answers repeats the address. The sweep tries again, ever later.
        tries = rows.values_list("mail_tries", flat=True).get(pk=pk)
        log.warning(
            "mail_not_sent",
            row=f"{rows.model.__name__} {pk}",
            reason=type(error).__name__,
            given_up=tries == MAX_MAIL_TRIES,
        )
        return False
    rows.filter(pk=pk).update(mailed_at=timezone.now(), **then)
    return True
