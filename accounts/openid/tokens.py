"""Checks an ID token: who signed it, for whom, for which attempt, and whether it still holds."""

from typing import Any

import jwt
from django.conf import settings
from django.utils.crypto import constant_time_compare

from accounts import sealing

from . import claims, provider

#: Signatures that are believed. None with a shared secret, and never "none".
ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY_SECONDS = 60
MAX_CHARACTERS = 50_000


class TokenRefused(Exception):
    """A token that is not for us, not for this attempt, not signed well, or too old."""


def told_by(token: str, *, place: provider.Provider, nonce: str) -> claims.Told:
    """Return who a token is about.

    Raises:
        TokenRefused: anything about it is not right.
        provider.ProviderAway: its keys cannot be read.
    """
    if len(token) > MAX_CHARACTERS:
        raise TokenRefused
    found = _checked(token, place)
    audience = found["aud"]
    spent_by = found.get("azp")
    # A token for several sites must say which of them asked for it (OpenID Core, 3.1.3.7).
    if (isinstance(audience, list) and len(audience) > 1 and spent_by is None) or (
        spent_by is not None and spent_by != settings.OPENID_CLIENT_ID
    ):
        raise TokenRefused
    said = found.get("nonce")
    if not isinstance(said, str) or not constant_time_compare(said, nonce):
        raise TokenRefused
    subject = found["sub"]
    if not isinstance(subject, str) or not subject:
        raise TokenRefused
    return claims.Told(
        names=tuple(sealing.pseudonyms_of(place.issuer, subject)),
        email=claims.confirmed_email(claims.allowed(found)),
    )


def _checked(token: str, place: provider.Provider) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise TokenRefused
        found: dict[str, Any] = jwt.decode(
            token,
            _key(place, header.get("kid"), algorithm),
            algorithms=[algorithm],
            audience=settings.OPENID_CLIENT_ID,
            issuer=place.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "exp", "iat", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        # What it says may repeat what the token holds.
        raise TokenRefused from error
    return found


def _key(place: provider.Provider, name: object, algorithm: str) -> jwt.PyJWK:
    for again in (False, True):
        usable = [
            key
            for key in provider.keys_of(place, again=again)
            if (name is None or key.get("kid") == name) and key.get("use", "sig") == "sig"
        ]
        # Without a name there must be no choice.
        if len(usable) == 1:
            return jwt.PyJWK(usable[0], algorithm=algorithm)
    raise TokenRefused
