"""Asks the provider: its addresses, its keys, and the token for a code."""

import base64
import ipaddress
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings
from django.core.cache import cache

#: How long addresses and keys are kept. Keys that a token names and that are not there are asked
#: for again, at most once in ``AGAIN_SECONDS``.
KEPT_SECONDS = 60 * 60
AGAIN_SECONDS = 60
MAX_BYTES = 200_000
#: To connect, and for all of an answer.
CONNECT_SECONDS = 3
ANSWER_SECONDS = 8


class ProviderAway(Exception):
    """The provider does not answer, or not with what it should."""


@dataclass(frozen=True)
class Provider:
    """Where a provider is found."""

    issuer: str
    authorization: str
    token: str
    keys: str


def is_safe(address: str) -> bool:
    """Say whether an address is https; on this machine itself http is enough."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username is not None:
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and (host == "localhost" or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ask(method: str, address: str, **more: Any) -> dict[str, Any]:
    """Return the JSON object that an address answers with; raises ``ProviderAway``."""
    if not is_safe(address):
        raise ProviderAway
    until = time.monotonic() + ANSWER_SECONDS
    try:
        with requests.request(
            method,
            address,
            # A redirect could lead to a machine that is nobody's business.
            allow_redirects=False,
            stream=True,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            **more,
        ) as response:
            if response.status_code != requests.codes.ok:
                raise ProviderAway
            body = b""
            for part in response.iter_content(16_384):
                body += part
                if len(body) > MAX_BYTES or time.monotonic() > until:
                    raise ProviderAway
        found = json.loads(body)
    except (requests.RequestException, ValueError, RecursionError) as error:
        # Its message repeats addresses and what was sent.
        raise ProviderAway from error
    if not isinstance(found, dict):
        raise ProviderAway
    return found


def find() -> Provider:
    """Return where the provider of the settings is found; raises ``ProviderAway``."""
    issuer = settings.OPENID_ISSUER
    told = cache.get(f"openid:places:{issuer}")
    if told is None:
        told = _ask("GET", f"{issuer}/.well-known/openid-configuration")
        places = [told.get(name) for name in _PLACES]
        # A document that speaks for somebody else is no answer (OpenID Discovery, section 4.3).
        if str(told.get("issuer", "")).rstrip("/") != issuer or not all(
            isinstance(place, str) and is_safe(place) for place in places
        ):
            raise ProviderAway
        told = {name: told[name] for name in ("issuer", *_PLACES)}
        cache.set(f"openid:places:{issuer}", told, KEPT_SECONDS)
    return Provider(told["issuer"], *(told[name] for name in _PLACES))


_PLACES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def keys_of(provider: Provider, *, again: bool = False) -> list[dict[str, Any]]:
    """Return the keys that a provider signs with; ``again`` asks anew. Raises ``ProviderAway``."""
    name = f"openid:keys:{provider.keys}"
    kept = cache.get(name)
    # Tokens with made-up names of keys must not make us ask all day.
    if kept is None or (again and cache.add(f"{name}:again", 1, AGAIN_SECONDS)):
        found = _ask("GET", provider.keys).get("keys")
        if not isinstance(found, list):
            raise ProviderAway
        kept = [key for key in found if isinstance(key, dict)]
        cache.set(name, kept, KEPT_SECONDS)
    return list(kept)


def token_for(provider: Provider, *, code: str, verifier: str, back: str) -> str:
    """Exchange a code for an ID token; raises ``ProviderAway``."""
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    headers = {"Accept": "application/json"}
    if settings.OPENID_CLIENT_SECRET:
        pair = f"{quote(settings.OPENID_CLIENT_ID)}:{quote(settings.OPENID_CLIENT_SECRET)}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        sent["client_id"] = settings.OPENID_CLIENT_ID
    answer = _ask("POST", provider.token, data=sent, headers=headers)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderAway
    return token
