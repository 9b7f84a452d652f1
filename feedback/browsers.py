"""How often a browser without an account may answer; its key is that of ``contributions``."""

import redis
from allauth.core.internal import ratelimit
from django.http import HttpRequest

from contributions.browsers import (
    COOKIE,
    KEPT_SECONDS,
    digest,
    digest_of,
    keep,
    key_of,
    new_key,
)

__all__ = [
    "COOKIE",
    "KEPT_SECONDS",
    "digest",
    "digest_of",
    "keep",
    "key_of",
    "may_answer",
    "new_key",
]

#: Answers without an account: per network (a community centre shares one), and per browser.
RATES = {"answer": "300/h/ip", "answer_in_browser": "60/h/key"}


def may_answer(request: HttpRequest, key: str) -> bool:
    """Say whether one more answer without an account may come from here.

    While the cache is away nothing is counted and everybody may: only sign-in fails closed.
    """
    try:
        from_network = ratelimit.consume(request, app="feedback", action="answer", config=RATES)
        in_browser = ratelimit.consume(
            request, app="feedback", action="answer_in_browser", key=key, config=RATES
        )
    except (redis.ConnectionError, redis.TimeoutError):
        return True
    return from_network is not None and in_browser is not None
