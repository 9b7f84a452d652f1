"""One-time codes that prove somebody reads mail at an address.

allauth ties a login code to an account that exists already, so that a newcomer would wait for a
code that never comes. Here a code is tied to the address: nobody looks up whether there is an
account before the code is confirmed, and so neither words nor time can tell.
"""

import secrets
import time
from dataclasses import asdict, dataclass
from enum import Enum, auto
from typing import Any, Self

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language

from . import tasks
from .limits import LimitReached, count

VALID_SECONDS = 15 * 60
# After this the whole attempt is forgotten, and a new code is asked for with the address.
REMEMBERED_SECONDS = 60 * 60
DIGITS = 6

SIGN_IN_KEY = "sign_in"
ADDRESS_CHANGE_KEY = "address_change"
DEPARTURE_KEY = "departure"
CONFIRMATION_KEY = "confirmation"


class Verdict(Enum):
    RIGHT = auto()
    WRONG = auto()
    EXPIRED = auto()
    USED_UP = auto()


@dataclass
class Code:
    """A code on its way to an address; the session keeps its digest, never the code."""

    email: str
    digest: str
    sent_at: float
    # Attempts are counted in the cache under this name: a session written by two requests at once
    # would forget some of them.
    name: str

    @classmethod
    def send(cls, request: HttpRequest, *, email: str, mail: str, **context: str) -> Self:
        """Send a new code by mail; raises ``LimitReached``."""
        count(request, "request_login_code", key=email)
        digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        name = secrets.token_urlsafe(12)
        tasks.send_mail.delay(mail, email, get_language() or "nl", {"code": digits, **context})
        return cls(email=email, digest=_digest(name, digits), sent_at=time.time(), name=name)

    def check(self, request: HttpRequest, typed: str) -> Verdict:
        """Compare what was typed; a handful of attempts uses the code up."""
        if time.time() - self.sent_at > VALID_SECONDS:
            return Verdict.EXPIRED
        try:
            count(request, "check_code", key=self.name)
        except LimitReached:
            return Verdict.USED_UP
        if constant_time_compare(_digest(self.name, typed), self.digest):
            return Verdict.RIGHT
        return Verdict.WRONG

    @property
    def is_remembered(self) -> bool:
        return time.time() - self.sent_at <= REMEMBERED_SECONDS


def _digest(name: str, digits: str) -> str:
    return salted_hmac(f"accounts.codes:{name}", digits, algorithm="sha256").hexdigest()


@dataclass
class SignIn:
    """Somebody on their way in, with the path they were heading for.

    ``identity`` is who they are at the provider, when they came from there as a newcomer.
    """

    code: Code
    next_path: str
    identity: str = ""

    @classmethod
    def start(cls, request: HttpRequest, *, email: str, next_path: str, identity: str = "") -> Self:
        """Send a code and remember whom it is for; raises ``LimitReached``."""
        attempt = cls(Code.send(request, email=email, mail="sign_in_code"), next_path, identity)
        attempt.remember(request)
        return attempt

    def remember(self, request: HttpRequest) -> None:
        request.session[SIGN_IN_KEY] = asdict(self)

    @classmethod
    def pending(cls, request: HttpRequest) -> Self | None:
        stored = _stored(request, SIGN_IN_KEY)
        if stored is None:
            return None
        attempt = cls(Code(**stored["code"]), stored["next_path"], str(stored.get("identity", "")))
        return attempt if attempt.code.is_remembered else None

    @staticmethod
    def forget(request: HttpRequest) -> None:
        request.session.pop(SIGN_IN_KEY, None)


@dataclass
class AddressChange:
    """Somebody moving to another address, with a code under way to both.

    Who signs in by a card has no old one.
    """

    old: Code | None
    new: Code

    @classmethod
    def start(cls, request: HttpRequest, *, old_email: str | None, new_email: str) -> Self:
        """Send the codes and remember them; raises ``LimitReached``."""
        change = cls(
            old=Code.send(request, email=old_email, mail="address_code_old", new_email=new_email)
            if old_email
            else None,
            new=Code.send(request, email=new_email, mail="address_code_new"),
        )
        request.session[ADDRESS_CHANGE_KEY] = asdict(change)
        return change

    @classmethod
    def pending(cls, request: HttpRequest) -> Self | None:
        stored = _stored(request, ADDRESS_CHANGE_KEY)
        if stored is None:
            return None
        old = Code(**stored["old"]) if stored["old"] else None
        change = cls(old, Code(**stored["new"]))
        return change if change.new.is_remembered else None

    @property
    def old_email(self) -> str | None:
        return self.old.email if self.old else None

    @staticmethod
    def forget(request: HttpRequest) -> None:
        request.session.pop(ADDRESS_CHANGE_KEY, None)


@dataclass
class DepartureCode:
    """Somebody about to leave, with a code under way and what becomes of their texts."""

    code: Code
    texts_stay: bool

    @classmethod
    def start(cls, request: HttpRequest, *, email: str, texts_stay: bool) -> Self:
        """Send a code and remember the choice; raises ``LimitReached``."""
        attempt = cls(Code.send(request, email=email, mail="leave_code"), texts_stay)
        request.session[DEPARTURE_KEY] = asdict(attempt)
        return attempt

    @classmethod
    def pending(cls, request: HttpRequest) -> Self | None:
        stored = _stored(request, DEPARTURE_KEY)
        if stored is None:
            return None
        attempt = cls(Code(**stored["code"]), stored["texts_stay"])
        return attempt if attempt.code.is_remembered else None

    @staticmethod
    def forget(request: HttpRequest) -> None:
        request.session.pop(DEPARTURE_KEY, None)


@dataclass
class Confirmation:
    """Somebody who is signed in, showing once more that they read the mail of their account."""

    code: Code

    @classmethod
    def start(cls, request: HttpRequest, *, email: str) -> Self:
        """Send a code and remember it; raises ``LimitReached``."""
        confirmation = cls(Code.send(request, email=email, mail="confirm_code"))
        request.session[CONFIRMATION_KEY] = asdict(confirmation)
        return confirmation

    @classmethod
    def pending(cls, request: HttpRequest) -> Self | None:
        stored = _stored(request, CONFIRMATION_KEY)
        if stored is None:
            return None
        confirmation = cls(Code(**stored["code"]))
        return confirmation if confirmation.code.is_remembered else None

    @staticmethod
    def forget(request: HttpRequest) -> None:
        request.session.pop(CONFIRMATION_KEY, None)


def _stored(request: HttpRequest, key: str) -> dict[str, Any] | None:
    stored: dict[str, Any] | None = request.session.get(key)
    return stored
