"""A browser's own key, so that who has no account does something once.

The key stands in a signed cookie that only this site reads. Rows hold its digest: whoever reads
the database cannot act in somebody's place. It says nothing about the person or the device.
"""

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "browser"
#: A little longer than a quarter.
KEPT_SECONDS = 100 * 24 * 3600


def key_of(request: HttpRequest) -> str:
    """Return this browser's key, or nothing if it has none yet."""
    return str(request.get_signed_cookie(COOKIE, default="", max_age=KEPT_SECONDS) or "")


def new_key() -> str:
    return secrets.token_urlsafe(24)


def digest(key: str) -> str:
    """Return what rows hold of a key; nothing for no key."""
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def digest_of(request: HttpRequest) -> str:
    """Return what rows hold of this browser's key."""
    return digest(key_of(request))


def keep(response: HttpResponse, key: str) -> None:
    """Let a browser keep its key for a quarter."""
    response.set_signed_cookie(
        COOKIE,
        key,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
