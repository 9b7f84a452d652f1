"""What may be used of what a provider tells about somebody.

A citizen service number (BSN) must not be processed here by anybody: there is no law for it. So
whatever looks like one is dropped, wherever it stands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# Digits as people write a number: with a space, a full stop or a hyphen in between.
_DIGITS = re.compile(r"\d(?:[ .\-]?\d){7,}")


def holds_bsn(text: str) -> bool:
    """Say whether eight or nine digits in a row pass the eleven-test of a BSN.

    Also inside longer numbers, as codes of a sector put digits before it. About one in eleven of
    other numbers passes as well: those are dropped too.
    """
    for found in _DIGITS.finditer(text):
        digits = [int(character) for character in found[0] if character.isdecimal()]
        for length in (8, 9):
            for start in range(len(digits) - length + 1):
                if _passes(digits[start : start + length]):
                    return True
    return False


def _passes(digits: list[int]) -> bool:
    nine = [0, *digits] if len(digits) == 8 else digits
    total = sum(weight * digit for weight, digit in zip(range(9, 1, -1), nine, strict=False))
    return any(nine) and (total - nine[8]) % 11 == 0


def allowed(claims: Mapping[str, Any]) -> dict[str, str | bool]:
    """Return the claims that the settings allow, without anything like a BSN."""
    kept: dict[str, str | bool] = {}
    for name in settings.OPENID_CLAIMS:
        value = claims.get(name)
        if isinstance(value, bool) or (isinstance(value, str) and not holds_bsn(value)):
            kept[name] = value
    return kept


@dataclass(frozen=True)
class Told:
    """Who a provider says that this is.

    Attributes:
        names: what they are called here (``sealing.pseudonyms_of``), today's name first.
        email: their address, where the provider says that it checked it.
    """

    names: tuple[str, ...]
    email: str


def confirmed_email(claims: Mapping[str, str | bool]) -> str:
    """Return the address that a provider says it checked, or nothing."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return ""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""
