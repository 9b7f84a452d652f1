"""How often something may be begun, lest one network or one account fills the place."""

import redis
from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contributions.actions import Refused

#: Per network address: a whole community centre may share one. Counted by allauth, in the cache.
RATES = {"initiative": "30/h/ip", "comment": "60/h/ip", "sheet": "30/h/ip"}
#: More than anybody writes, and few enough for a moderator to read.
RATES_PER_ACCOUNT = {"initiative": "20/h/user", "comment": "60/h/user", "sheet": "30/h/user"}

#: Few enough to be no nuisance to a stranger, whoever asks; counted by the address.
RATE_PER_ADDRESS = "3/d/key"


class TooOften(Refused):
    message = _("You sent a lot in the last hour. Wait a while, then send this again.")


def may_begin(request: HttpRequest, what: str) -> bool:
    """Say whether one more draft may begin: by this account, or without one from this network.

    While the cache is away nothing is counted and everybody may: only sign-in fails closed.
    """
    rates = RATES_PER_ACCOUNT if request.user.is_authenticated else RATES
    return _count(request, what, rates)


def may_fetch(request: HttpRequest) -> bool:
    """Say whether a whole list may be fetched once more, by this account or from this network.

    While it is sent it holds a connection to the database.
    """
    rates = RATES_PER_ACCOUNT if request.user.is_authenticated else RATES
    return _count(request, "sheet", rates, of_get=True)


def may_mail(request: HttpRequest, address: str) -> bool:
    """Say whether one more invitation may go to an address today, whoever sends it."""
    return _count(request, "invitation", {"invitation": RATE_PER_ADDRESS}, key=address)


def _count(
    request: HttpRequest,
    what: str,
    rates: dict[str, str],
    *,
    key: str | None = None,
    of_get: bool = False,
) -> bool:
    try:
        usage = ratelimit.consume(
            request, app="ideas", action=what, config=rates, key=key, limit_get=of_get
        )
    except (redis.ConnectionError, redis.TimeoutError):
        return True
    return usage is not None
