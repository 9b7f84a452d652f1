"""How often somebody may send a paper: drawing one costs the site seconds."""

import redis
from allauth.core.internal import ratelimit
from django.http import HttpRequest

RATES = {"paper": "60/h/user"}


def may_send_papers(request: HttpRequest) -> bool:
    """Say whether one more form with files is taken from this account; one without always is.

    While the cache is away nothing is counted and everybody may: only sign-in fails closed.
    """
    if not request.FILES:
        return True
    try:
        return ratelimit.consume(request, app="budgets", action="paper", config=RATES) is not None
    except (redis.ConnectionError, redis.TimeoutError):
        return True
