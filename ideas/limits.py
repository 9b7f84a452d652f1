"""How often something may be begun without an account, lest one network fills the place."""

import redis
from allauth.core.internal import ratelimit
from django.http import HttpRequest

#: Per network address: a whole community centre may share one. Counted by allauth, in the cache.
RATES = {"initiative": "30/h/ip", "comment": "60/h/ip"}


def may_begin(request: HttpRequest, what: str) -> bool:
    """Say whether one more draft may begin from here; who has an account is not counted.

    While the cache is away nothing is counted and everybody may: only sign-in fails closed.
    """
    if request.user.is_authenticated:
        return True
    try:
        usage = ratelimit.consume(request, app="ideas", action=what, config=RATES)
    except (redis.ConnectionError, redis.TimeoutError):
        return True
    return usage is not None
