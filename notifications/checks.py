"""What is looked at before the site starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from notifications import mail_service


def mail_webhook_is_safe(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a webhook that everybody could call: who can say what bounced can silence people."""
    service = settings.MAIL_WEBHOOK
    if not service:
        return []
    known = mail_service.services()
    if service not in known:
        return [_error(f"MAIL_WEBHOOK is one of {', '.join(sorted(known))}.", 1)]
    if not mail_service.is_guarded():
        by_key = "MAIL_WEBHOOK_KEY, the key that it signs with, or "
        wanted = by_key if service in mail_service.SIGNING_KEYS else ""
        return [
            _error(
                f"MAIL_WEBHOOK is on and everybody could call it: set {wanted}"
                "MAIL_WEBHOOK_SECRET, a user:password that it sends along.",
                2,
            )
        ]
    secret = settings.MAIL_WEBHOOK_SECRET
    if secret and not all(secret.partition(":")):
        return [_error("MAIL_WEBHOOK_SECRET is a user and a password with a colon between.", 3)]
    try:
        mail_service.reader()
    except (ImproperlyConfigured, ValueError) as error:
        return [_error(f"MAIL_WEBHOOK={service} cannot be used like this: {error}", 4)]
    return []


def _error(sentence: str, number: int) -> Error:
    return Error(sentence, id=f"notifications.E{number:03}")
