"""How often readers may report, lest one network or one account floods the moderators."""

import redis
from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contributions.actions import Refused

#: Per network address: a whole community centre may share one. Counted by allauth, in the cache.
RATES = {"report": "40/h/ip"}
#: More than anybody reports who reads what they report.
RATES_PER_ACCOUNT = {"report": "20/h/user"}


class TooManyReports(Refused):
    message = _(
        "From here came very many reports. Wait an hour, then send this again: your words are "
        "still here."
    )


def may_report(request: HttpRequest) -> bool:
    """Say whether one more report may come: of this account, or without one from this network.

    While the cache is away nothing is counted and everybody may: only sign-in fails closed.
    """
    rates = RATES_PER_ACCOUNT if request.user.is_authenticated else RATES
    try:
        usage = ratelimit.consume(request, app="contributions", action="report", config=rates)
    except (redis.ConnectionError, redis.TimeoutError):
        return True
    return usage is not None
