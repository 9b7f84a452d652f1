"""How a voter finds their own ballot of a secret vote back, for as long as it is open."""

import hashlib
import hmac

from django.conf import settings

from jongerenraad.models import Elector, Matter, MatterKey, SecretVote, Vote


def handle_of(elector: Elector, key: MatterKey) -> str:
    """Return the mark on an elector's ballot.

    It takes the site's secret as well as the matter's own: a copy of the database alone does not
    tell whose a ballot is, not even while the vote is open.
    """
    secret = f"{settings.SECRET_KEY}{key.secret}".encode()
    return hmac.new(secret, str(elector.pk).encode(), hashlib.sha256).hexdigest()


def own_ballot(matter: Matter, elector: Elector) -> Vote | SecretVote | None:
    """Return what an elector has voted so far, or None; of a closed secret vote nobody knows."""
    if not elector.has_voted:
        return None
    if not matter.is_secret:
        return Vote.objects.filter(elector=elector).first()
    key = MatterKey.objects.filter(matter=matter).first()
    if key is None:
        return None
    return SecretVote.objects.filter(matter=matter, handle=handle_of(elector, key)).first()
