"""The people of the sample, and what a moderator does with their words."""

import datetime
import random
from typing import Any

from accounts.actions import introduce, open_account
from accounts.models import User
from accounts.pseudonyms import WORDS
from contributions import actions as review
from contributions.models import Contribution, Dossier

DOMAIN = "voorbeeld.test"


def make_person(
    address: str, name: str, now: datetime.datetime, *, language: str = "nl", **told: Any
) -> User:
    """Make somebody who has introduced themselves."""
    user, _is_new = open_account(email=f"{address}@{DOMAIN}", language=language)
    user.pseudonym = _pseudonym(address)
    user.save(update_fields=["pseudonym"])
    return introduce(
        user=user,
        display_name=name,
        kind=told.get("kind", User.Kind.RESIDENT),
        business_name=told.get("business_name", ""),
        age_band=told.get("age_band", User.AgeBand.FROM_27),
        now=now,
    )


def _pseudonym(address: str) -> str:
    """Return a made-up name that is the same each time: under 16 it is the one on screen."""
    rng = random.Random(address)  # noqa: S311
    return f"{rng.choice(WORDS)} {rng.randrange(1000, 4000)}"


def let_stand(contribution: Contribution, moderator: User, when: datetime.datetime) -> None:
    """Let a moderator find a text in order, whether that is before or after it is seen."""
    dossier = Dossier.objects.get(pk=contribution.dossier_id)
    if dossier.review == Dossier.Review.BEFORE:
        review.publish(dossier=dossier, by=moderator, now=when)
    elif dossier.review == Dossier.Review.AFTER:
        review.keep(dossier=dossier, by=moderator, now=when)
