"""Keeps secrets unreadable in the database, and names people without saying who they are.

Both are derived from ``SECRET_KEY``. ``SECRET_KEY_FALLBACKS`` open what an earlier key closed.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """What was sealed cannot be opened with any key that this site has."""


def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    keys = (_derived(secret, "accounts.sealing") for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def seal(text: str) -> str:
    """Return a text that only this site can read."""
    return _box(_secrets()).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed; raises ``Unreadable``."""
    try:
        return _box(_secrets()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def pseudonyms_of(*parts: str) -> Iterator[str]:
    """Yield what a person elsewhere is called here: today's name first, then those of older keys.

    It cannot be turned back into ``parts``, and is another one on another site.
    """
    # Each part with its length, so that no other parts give the same name.
    joined = "".join(f"{len(part)}:{part}" for part in parts).encode()
    for secret in _secrets():
        key = _derived(secret, "accounts.identity")
        yield hmac.new(key, joined, hashlib.sha256).hexdigest()
