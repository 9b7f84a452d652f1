"""The addresses in mails that need no sign-in, in the language of who gets the mail."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from notifications import tokens


def stop_url(person: User, purpose: str) -> str:
    """Return the whole address of the page that stops something, such as a category of mail.

    Args:
        purpose: a category, ``tokens.LETTER``, or ``tokens.purpose_of_follow(kind, number)``.
    """
    return _whole(person, "notifications:stop", tokens.make(person, purpose))


def preferences_url(person: User) -> str:
    """Return the whole address of somebody's preferences, without signing in."""
    token = tokens.make(person, tokens.PREFERENCES)
    return _whole(person, "notifications:preferences_by_mail", token)


def _whole(person: User, view: str, token: str) -> str:
    # From the configured site: a worker that sends mail has no request.
    with translation.override(person.language):
        return f"{settings.SITE_URL}{reverse(view, args=[token])}"
