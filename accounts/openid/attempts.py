"""Somebody on their way to the provider and back: what the session remembers meanwhile."""

import base64
import hashlib
import secrets
import time
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from .provider import Provider

KEY = "openid"
NEWCOMER_KEY = "openid_newcomer"
HOLDS_SECONDS = 15 * 60


def way_back() -> str:
    """Return the address that the provider sends people back to: one, for all languages."""
    return f"{settings.SITE_URL}{reverse('openid_back')}"


@dataclass
class Attempt:
    """One way to the provider and back.

    Attributes:
        state: comes back in the address: the answer belongs to this browser.
        nonce: comes back in the token: the token belongs to this attempt.
        verifier: proves that whoever hands in the code is who asked for it (PKCE).
        language: of the page that it began on.
        next_path: where to go afterwards.
        user_pk: whose account the identity is to be linked to; none to sign in.
    """

    state: str
    nonce: str
    verifier: str
    started_at: float
    language: str
    next_path: str
    user_pk: int | None

    @classmethod
    def start(
        cls, request: HttpRequest, *, language: str, next_path: str, user_pk: int | None
    ) -> Self:
        """Begin, and remember it in the session; an earlier attempt is over by it."""
        attempt = cls(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            started_at=time.time(),
            language=language,
            next_path=next_path,
            user_pk=user_pk,
        )
        request.session[KEY] = asdict(attempt)
        return attempt

    @classmethod
    def finish(cls, request: HttpRequest, state: str) -> Self | None:
        """Return the attempt that an answer belongs to; each can be answered once."""
        stored = request.session.get(KEY)
        if stored is None or not constant_time_compare(stored["state"], state):
            return None
        del request.session[KEY]
        attempt = cls(**stored)
        return attempt if time.time() - attempt.started_at <= HOLDS_SECONDS else None

    def address(self, provider: Provider) -> str:
        """Return where at the provider this attempt goes."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": settings.OPENID_CLIENT_ID,
            "redirect_uri": way_back(),
            "scope": " ".join(settings.OPENID_SCOPES),
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        joined = "&" if "?" in provider.authorization else "?"
        return f"{provider.authorization}{joined}{urlencode(query)}"


def remember_newcomer(request: HttpRequest, *, name: str, next_path: str) -> None:
    """Remember an identity that is nobody's yet, until its person told an address."""
    request.session[NEWCOMER_KEY] = {"name": name, "next_path": next_path, "at": time.time()}


def newcomer(request: HttpRequest) -> tuple[str, str] | None:
    """Return the name of that identity, and where its person was going."""
    stored = request.session.get(NEWCOMER_KEY)
    if stored is None or time.time() - stored["at"] > HOLDS_SECONDS:
        return None
    return stored["name"], stored["next_path"]


def forget_newcomer(request: HttpRequest) -> None:
    request.session.pop(NEWCOMER_KEY, None)
