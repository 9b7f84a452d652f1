"""Links that need no sign-in: signed, for one person and one purpose, and good for nothing else."""

import datetime
from dataclasses import dataclass

from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User

#: So long after a mail its links work: longer than anybody keeps a letter to answer it.
GOOD_FOR = datetime.timedelta(days=180)
_SALT = "notifications.tokens"
#: What a link can be for, besides a category of mail.
LETTER = "letter"
PREFERENCES = "preferences"
#: Following one thing is written as ``follow:initiative:12``.
_FOLLOW = "follow"


@dataclass(frozen=True)
class Token:
    """Who a link was made for, what for, and when."""

    person: User
    purpose: str
    made_at: datetime.datetime


def make(person: User, purpose: str) -> str:
    """Return the token of a link for a person."""
    # To the thousandth: what somebody chooses within the second of a mail comes after it or before.
    moment = int(timezone.now().timestamp() * 1000)
    told = [person.pk, purpose, moment, _mailbox(person)]
    return signing.dumps(told, salt=_SALT, compress=False)


def _mailbox(person: User) -> str:
    """Return what tells the address of a person from any other, without saying it."""
    return salted_hmac(_SALT, person.email or "").hexdigest()[:16]


def read(token: str) -> Token | None:
    """Return what a link was made for; None for one that is forged, too old, or of who left.

    So it is for one that went to an address that somebody has no more: who reads the mails there
    now decides nothing for them.
    """
    try:
        pk, purpose, moment, mailbox = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=pk, is_active=True, left_at__isnull=True).first()
    if person is None or mailbox != _mailbox(person):
        return None
    made_at = datetime.datetime.fromtimestamp(moment / 1000, datetime.UTC)
    return Token(person, purpose, made_at)


def is_too_old(token: str) -> bool:
    """Say whether a link is one of ours whose time is over."""
    try:
        signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired:
        return True
    except (signing.BadSignature, ValueError, TypeError):
        return False
    return False


def purpose_of_follow(kind: str, subject_id: int) -> str:
    """Return the purpose of a link that ends following one thing."""
    return f"{_FOLLOW}:{kind}:{subject_id}"


def followed_by(purpose: str) -> tuple[str, int] | None:
    """Return which thing a purpose is about; None for one that is about something else."""
    name, _colon, rest = purpose.partition(":")
    kind, _colon, number = rest.rpartition(":")
    if name != _FOLLOW or not kind or not number.isascii() or not number.isdigit():
        return None
    return kind, int(number)
