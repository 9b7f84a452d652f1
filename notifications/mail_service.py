"""The service that sends our mail, and whether a message that says to be from it is.

Anymail knows how each of them signs what it tells, and how it says what. Its view classes do both
here; its signals are not used, so that what cannot be read is answered and not thrown.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from anymail import urls as anymail_urls
from anymail.exceptions import AnymailInsecureWebhookWarning, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig
from django.http import HttpRequest

log = structlog.get_logger(__name__)

_VIEW = "_tracking_webhook"
#: One is an older name of another; one wants to be answered a GET.
_LEFT_OUT = ("sendinblue", "unisender_go")

#: What anymail's view calls the key that a service signs with; the others know a password alone.
SIGNING_KEYS = {
    "mailersend": "signing_secret",
    "mailgun": "webhook_signing_key",
    "mailtrap": "tracking_secret",
    "mandrill": "webhook_key",
    "postal": "webhook_key",
    "resend": "signing_secret",
    "sendgrid": "tracking_webhook_verification_key",
}


class NotFromService(Exception):
    """A message is not signed by the service, or without the password."""


class Unreadable(Exception):
    """A message is from the service, as far as can be seen, and says nothing that is understood."""


def services() -> dict[str, type[Any]]:
    """Return anymail's view classes by the name of their service."""
    named = {str(one.name).removesuffix(_VIEW): one for one in anymail_urls.urlpatterns}
    return {
        name: one.callback.view_class
        for name, one in named.items()
        if one.name.endswith(_VIEW) and name not in _LEFT_OUT
    }


def is_guarded() -> bool:
    """Say whether something is set by which the service is known from everybody else."""
    signs = settings.MAIL_WEBHOOK in SIGNING_KEYS and settings.MAIL_WEBHOOK_KEY
    return bool(signs or settings.MAIL_WEBHOOK_SECRET)


def reader() -> Any | None:
    """Return anymail's view for the service; None where none is set, or nothing guards it.

    Raises:
        ImproperlyConfigured, ValueError: anymail cannot use what is set, or misses a package.
    """
    service = settings.MAIL_WEBHOOK
    if service not in services() or not is_guarded():
        return None
    given: dict[str, Any] = {"webhook_secret": settings.MAIL_WEBHOOK_SECRET or []}
    if service in SIGNING_KEYS and settings.MAIL_WEBHOOK_KEY:
        given[SIGNING_KEYS[service]] = settings.MAIL_WEBHOOK_KEY
    with warnings.catch_warnings():
        # That a key or a password is there was looked at; the rest is no news of each request.
        warnings.simplefilter("ignore", AnymailInsecureWebhookWarning)
        warnings.filterwarnings("ignore", message=".*dropped official support")
        try:
            return services()[service](**given)
        except ImportError as error:
            raise ImproperlyConfigured(str(error)) from error


def events_of(request: HttpRequest, view: Any) -> Sequence[Any]:
    """Return what a message tells, as anymail's events; one that is odd is left out.

    Raises:
        NotFromService: it is signed wrongly.
        RequestDataTooBig: it is larger than anything that is read here.
        Unreadable: none of it can be read.
    """
    # All of it is read first and so limited, also what is sent as files.
    _size = len(request.body)
    odd: list[str] = []
    if hasattr(view, "esp_to_anymail_event"):
        view.esp_to_anymail_event = _one_by_one(view.esp_to_anymail_event, odd)
    try:
        view.run_validators(request)
        told = view.parse_events(request)
    except AnymailWebhookValidationFailure as error:
        raise NotFromService from error
    except RequestDataTooBig:
        raise
    except Exception as error:
        # Anymail takes for granted how a message is built: what is built otherwise fails as
        # anything at all.
        raise Unreadable(type(error).__name__) from error
    # One service sends what people wrote to us to the same address.
    events = [one for one in told if isinstance(one, AnymailTrackingEvent)]
    if odd and not events:
        raise Unreadable(odd[0])
    return events


def _one_by_one(read: Callable[..., Any], odd: list[str]) -> Callable[..., Any]:
    """Return how anymail reads one event of a batch, where one that fails takes none with it."""

    def read_one(*args: Any) -> Any:
        try:
            return read(*args)
        except Exception as error:
            # The name of the error alone: its words repeat what was sent.
            odd.append(type(error).__name__)
            log.warning("mail_webhook_event_odd", reason=type(error).__name__)
            return None

    return read_one
