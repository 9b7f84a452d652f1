"""How often people may report, send recordings or guess the code of a slip."""

from contextlib import suppress

import redis
from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contributions.actions import Refused

#: Per network address: a whole community centre may share one. Counted by allauth, in the cache.
RATES = {"report": "40/h/ip"}
#: More than anybody reports who reads what they report.
RATES_PER_ACCOUNT = {"report": "20/h/user"}
#: Outcomes that one e-mail address hears of: whoever types it need not be whose it is.
RATES_PER_ADDRESS = {"report_mail": "5/d/key"}
#: Each is read by a process of its own for some seconds, also one that turns out to be no sound.
RATES_OF_RECORDINGS = {"recording": "10/h/user"}
#: Texts that somebody reads aloud: a messenger goes through several in an evening.
RATES_OF_SPOKEN = {"spoken": "30/h/user"}
#: Codes that open nothing. Of all that can be, one in a hundred million is a slip if ten thousand
#: are: who guesses from everywhere all year long finds one in ten years.
RATES_OF_SLIPS = {"slip": "20/h/ip,1000/h/key"}


#: Each costs characters that somebody pays for.
RATES_OF_ASKING = {"ask_translation": "60/h/ip"}
RATES_OF_ASKING_PER_ACCOUNT = {"ask_translation": "40/h/user"}
#: More than anybody translates with care.
RATES_OF_TRANSLATING = {"translate": "60/h/user"}


class TooManyReports(Refused):
    message = _(
        "From here came very many reports. Wait an hour, then send this again: your words are "
        "still here."
    )


class TooManyTranslations(Refused):
    message = _(
        "From here came very many translations. Wait an hour, then send this again: your words "
        "are still here."
    )


def may_report(request: HttpRequest) -> bool:
    """Say whether one more report may come: of this account, or without one from this network.

    While the cache is away nothing is counted and everybody may: only sign-in fails closed.
    """
    rates = RATES_PER_ACCOUNT if request.user.is_authenticated else RATES
    return _may(request, "report", rates)


def may_mail(request: HttpRequest, address: str) -> bool:
    """Say whether one more outcome may go to an e-mail address, by whoever it was typed."""
    return _may(request, "report_mail", RATES_PER_ADDRESS, key=address.casefold())


def may_send_recording(request: HttpRequest) -> bool:
    """Say whether one more recording of this account is read."""
    return _may(request, "recording", RATES_OF_RECORDINGS)


def may_send_spoken(request: HttpRequest) -> bool:
    """Say whether one more text that this account reads aloud is listened to."""
    return _may(request, "spoken", RATES_OF_SPOKEN)


class NobodyCounts(Refused):
    message = _("Codes can't be looked up right now. Try again in a few minutes.")


def guess_of_slip(request: HttpRequest) -> ratelimit.RateLimitUsage | None:
    """Count one try at the code of a slip; nothing is returned where that is one too many.

    Raises:
        NobodyCounts: the cache is away. Who could guess without a limit would find a slip.
    """
    try:
        return ratelimit.consume(
            request, app="contributions", action="slip", config=RATES_OF_SLIPS, key="of all"
        )
    except (redis.ConnectionError, redis.TimeoutError) as away:
        raise NobodyCounts from away


def was_no_guess(guess: ratelimit.RateLimitUsage) -> None:
    """Take a try back that was right: a whole table of people may share one network."""
    with suppress(redis.ConnectionError, redis.TimeoutError):
        guess.rollback()


def may_ask_for_translation(request: HttpRequest) -> bool:
    """Say whether one more translation may be asked of a machine."""
    known = request.user.is_authenticated
    rates = RATES_OF_ASKING_PER_ACCOUNT if known else RATES_OF_ASKING
    return _may(request, "ask_translation", rates)


def may_translate(request: HttpRequest) -> bool:
    """Say whether this account may send one more translation."""
    return _may(request, "translate", RATES_OF_TRANSLATING)


def _may(request: HttpRequest, action: str, rates: dict[str, str], key: str | None = None) -> bool:
    try:
        usage = ratelimit.consume(
            request, app="contributions", action=action, config=rates, key=key
        )
    except (redis.ConnectionError, redis.TimeoutError):
        return True
    return usage is not None
