"""Passkeys (WebAuthn): a key on somebody's own device, opened with a finger, a face or a PIN.

Each passkey is asked to check its holder, so it counts as both factors. The challenge lies in the
session, is used once and holds ten minutes.
"""

import json
import time
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from .factors import PASSKEY
from .models import User

KEY = "passkey"
HOLDS_SECONDS = 10 * 60
#: Far more than any device sends.
MAX_CHARACTERS = 20_000


class PasskeyRefused(Exception):
    """What a browser sent is no passkey of this site, or not an answer to what was asked."""


def _server() -> Fido2Server:
    # From the configured site, never from the Host header: a passkey belongs to one name.
    site = urlsplit(settings.SITE_URL)
    origin = f"{site.scheme}://{site.netloc}"
    rp = PublicKeyCredentialRpEntity(id=site.hostname or "", name=settings.SITE_NAME)
    return Fido2Server(rp, verify_origin=lambda asked: asked == origin)


def _remember(request: HttpRequest, state: Any, what: str) -> None:
    request.session[KEY] = {"state": state, "what": what, "at": time.time()}


def _recall(request: HttpRequest, what: str) -> Any:
    stored = request.session.pop(KEY, None)
    if not stored or stored["what"] != what or time.time() - stored["at"] > HOLDS_SECONDS:
        raise PasskeyRefused
    return stored["state"]


def _credentials(rows: list[Authenticator]) -> dict[bytes, Authenticator]:
    return {_data(row).credential_id: row for row in rows}


def _data(row: Authenticator) -> AttestedCredentialData:
    return cast(AttestedCredentialData, WebAuthn(row).authenticator_data.credential_data)


def _passkeys(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user_id=user.pk, type=PASSKEY))


def what_to_make(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what a browser needs to make a passkey, and remember what was asked."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=str(user.pk).encode(),
            name=user.email or user.pseudonym,
            display_name=user.public_name,
        ),
        [_data(row) for row in _passkeys(user)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _remember(request, state, "make")
    return dict(options)


def what_to_show(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """Return what a browser needs to show a passkey: one of ``user``, else any of this site."""
    options, state = _server().authenticate_begin(
        [_data(row) for row in _passkeys(user)] if user else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _remember(request, state, "show")
    return dict(options)


def _parsed(sent: str) -> dict[str, Any]:
    if len(sent) > MAX_CHARACTERS:
        raise PasskeyRefused
    try:
        found = json.loads(sent)
    except (ValueError, RecursionError) as error:
        raise PasskeyRefused from error
    if not isinstance(found, dict):
        raise PasskeyRefused
    return found


def registered(request: HttpRequest, sent: str) -> dict[str, Any]:
    """Return the passkey that a browser made, checked; raises ``PasskeyRefused``."""
    state = _recall(request, "make")
    credential = _parsed(sent)
    try:
        _server().register_complete(state, credential)
        # As it is read back later; what else was sent is not kept.
        return dict(RegistrationResponse.from_dict(credential))
    except Exception as error:  # whatever a stranger's bytes make the parsers raise
        raise PasskeyRefused from error


def _holder(credential: dict[str, Any]) -> User | None:
    """Return who a passkey says that it belongs to; nothing of it is proved yet."""
    try:
        pk = int(websafe_decode(credential["response"]["userHandle"]).decode("ascii"))
    except Exception:  # whatever a stranger's bytes make the parsers raise
        return None
    return User.objects.filter(pk=pk).first() if 0 < pk < 2**63 else None


def shown(request: HttpRequest, sent: str, user: User | None = None) -> User:
    """Return whose passkey a browser showed; with ``user`` it must be one of theirs.

    Raises ``PasskeyRefused``.
    """
    state = _recall(request, "show")
    credential = _parsed(sent)
    holder = user or _holder(credential)
    if holder is None:
        raise PasskeyRefused
    mine = _credentials(_passkeys(holder))
    try:
        used = _server().authenticate_complete(
            state, [_data(row) for row in mine.values()], credential
        )
    except Exception as error:  # whatever a stranger's bytes make the parsers raise
        raise PasskeyRefused from error
    row = mine[used.credential_id]
    row.last_used_at = timezone.now()
    row.save(update_fields=["last_used_at"])
    return holder
