"""Links that need no sign-in: signed, for one person and one purpose, and good for nothing else."""

import datetime
from dataclasses import dataclass

from django.core import signing
from django.utils import timezone

from accounts.models import User

#: So long after a mail its links work: longer than anybody keeps a letter to answer it.
GOOD_FOR = datetime.timedelta(days=180)
_SALT = "notifications.tokens"
#: What a link can be for, besides a category of mail.
LETTER = "letter"
PREFERENCES = "preferences"


@dataclass(frozen=True)
class Token:
    """Who a link was made for, what for, and when."""

    person: User
    purpose: str
    made_at: datetime.datetime


def make(person: User, purpose: str) -> str:
    """Return the token of a link for a person."""
    moment = int(timezone.now().timestamp())
    return signing.dumps([person.pk, purpose, moment], salt=_SALT, compress=False)


def read(token: str) -> Token | None:
    """Return what a link was made for; None for one that is forged, too old, or of who left."""
    try:
        pk, purpose, moment = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=pk, is_active=True, left_at__isnull=True).first()
    if person is None:
        return None
    return Token(person, purpose, datetime.datetime.fromtimestamp(moment, datetime.UTC))
