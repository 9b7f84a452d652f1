"""Drafts without an account: a row held by a key in the browser's session."""

import datetime
import secrets

from django.http import HttpRequest

SESSION_KEY = "draft_key"
KEPT_FOR = datetime.timedelta(days=30)
MAX_DRAFTS_PER_KEY = 10
#: The key of a text whose author left: no browser holds it, and only drafts are found by a key.
NOBODYS_KEY = "-"
#: Of each kind; whoever writes more than this at once is no neighbour.
MAX_DRAFTS_PER_ACCOUNT = 30


def draft_key(request: HttpRequest) -> str:
    """Return the key under which this browser holds drafts, or nothing if it holds none."""
    return str(request.session.get(SESSION_KEY, ""))


def make_draft_key(request: HttpRequest) -> str:
    """Return this browser's key, made now if there was none.

    It outlives the sign-in (which changes the session's own id), so that the draft can be claimed.
    """
    key = draft_key(request)
    if not key:
        key = secrets.token_urlsafe(32)
        request.session[SESSION_KEY] = key
        request.session.set_expiry(KEPT_FOR)
    return key
