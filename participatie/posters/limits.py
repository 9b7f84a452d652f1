"""How many new sheets are made for one network or one account: each keeps a worker busy."""

import redis
from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contributions.actions import Refused

#: Per network address: a whole community centre may share one. Counted by allauth, in the cache.
RATES = {"poster": "30/h/ip"}
RATES_PER_ACCOUNT = {"poster": "30/h/user"}


class TooManySheets(Refused):
    message = _(
        "From here very many posters and cards were asked for. Wait an hour, then ask again. What "
        "was made before you can still fetch."
    )


def may_make(request: HttpRequest) -> bool:
    """Say whether one more sheet may be made: for this account, or without one for this network.

    While the cache is away nothing is counted and everybody may.
    """
    rates = RATES_PER_ACCOUNT if request.user.is_authenticated else RATES
    try:
        usage = ratelimit.consume(request, app="participatie", action="poster", config=rates)
    except (redis.ConnectionError, redis.TimeoutError):
        return True
    return usage is not None
