"""The addresses in mails that need no sign-in, in the language of who gets the mail."""

import functools

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
    return f"{settings.SITE_URL}{_path(view, person.language).replace(_TOKEN, token)}"


_TOKEN = "TOKEN"  # noqa: S105  (stands where one goes)


@functools.cache
def _path(view: str, language: str) -> str:
    """Return the path of a page: found once for each language, not for each mail."""
    with translation.override(language):
        return reverse(view, args=[_TOKEN])
