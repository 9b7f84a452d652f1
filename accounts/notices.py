"""Notices by mail of what was changed about an account."""

import structlog
from kombu.exceptions import OperationalError as BrokerAway

from . import tasks
from .models import User

log = structlog.get_logger(__name__)


def send(mail: str, address: str | None, user: User, **context: str) -> None:
    """Tell somebody what was changed; a broker that is away does not undo that it was.

    Who signs in by a card has no address, and gets no mail.
    """
    if address is None:
        return
    try:
        tasks.send_mail.delay(mail, address, user.language, context)
    except BrokerAway:
        log.warning("notice not sent", user_id=user.pk, mail=mail)
