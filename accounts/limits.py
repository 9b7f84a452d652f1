"""How often somebody may try: counted by allauth in the cache, per address, network and account."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

import redis
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from kombu.exceptions import OperationalError as BrokerAway

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class LimitReached(Exception):
    """Somebody tried more often than ACCOUNT_RATE_LIMITS allows."""


def count(request: HttpRequest, action: str, *, key: str | None = None) -> None:
    """Count one attempt; raises ``LimitReached`` when it is one too many."""
    # The way back from a provider of sign-in is a GET, and is counted as well.
    if not ratelimit.consume(
        request=request, app="allauth.account", action=action, key=key, limit_get=True
    ):
        raise LimitReached


def closed_without_limits(view: View[P]) -> View[P]:
    """Answer 503 while attempts cannot be counted or codes cannot be sent.

    Everything else on the site goes on without the cache; guessing codes without a limit must not.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (redis.ConnectionError, redis.TimeoutError, BrokerAway):
            return render(
                request, "accounts/unavailable.html", status=HTTPStatus.SERVICE_UNAVAILABLE
            )

    return wrapped
