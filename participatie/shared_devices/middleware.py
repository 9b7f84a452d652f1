"""What is different on a shared device, with each request and each answer."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User
from accounts.second_factor import needs_second_factor
from participatie.shared_devices import devices
from participatie.shared_devices.models import SharedDevice

#: What would leave something behind, or belongs on a device of one's own.
CLOSED_VIEWS = frozenset(
    {
        "account_add_app",
        "account_add_passkey",
        "account_change_password",
        "account_login_password",
        "account_openid",
        "account_openid_address",
        "account_passkey",
        "account_passkey_options",
        "account_recovery_codes",
        "account_reset_password",
        "account_set_password",
        "openid_back",
        "push:on",
        "take_out",
        "take_out_file",
    }
)
CLOSED_SPACES = frozenset({"admin", "moderation", "acts"})

_FORM = re.compile(rb"<form(?=[\s>])(?![^>]*\sautocomplete=)", re.IGNORECASE)
_AUTOCOMPLETE = re.compile(rb'\sautocomplete="[^"]*"', re.IGNORECASE)


class SharedDeviceMiddleware:
    """Lets a shared device forget: sessions are short, and nothing stays in the browser.

    Devices that are not shared are told by one look at the cookies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        device = devices.of(request)
        request.shared_device = device  # type: ignore[attr-defined]
        if device is None:
            response = self.get_response(request)
            if settings.SHARED_DEVICE_COOKIE in request.COOKIES:
                # Ended from elsewhere.
                devices.unmark(response)
            return response
        if _is_over(request):
            response = _to_start(request)
            devices.end_visit(device, request)
            devices.leave_nothing(response)
            return _left_nowhere(response)
        began_at = timezone.now()
        response = self.get_response(request)
        person = request.user
        if (
            request.method == "POST"
            and isinstance(person, User)
            and response.status_code < HTTPStatus.BAD_REQUEST
            and devices.took_part(person, began_at)
        ):
            response = _to_thanks(request, device, response)
        elif device.is_running():
            devices.keep_up(device, request)
        return _left_nowhere(response)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        device: SharedDevice | None = getattr(request, "shared_device", None)
        match = request.resolver_match
        if device is None or match is None:
            return None
        person = request.user
        if isinstance(person, User) and (person.current_grants or needs_second_factor(person)):
            # Whoever comes next must not find them signed in.
            devices.end_visit(device, request)
            messages.info(
                request,
                gettext(
                    "With your role you work on a device of your own. You are signed out here."
                ),
            )
            return redirect("shared_devices:choose")
        if match.view_name in CLOSED_VIEWS or CLOSED_SPACES.intersection(match.namespaces):
            messages.info(
                request, gettext("That is not possible on a shared device. Use one of your own.")
            )
            return redirect("shared_devices:choose")
        return None


def _is_over(request: HttpRequest) -> bool:
    """Say whether a browser brings a session that has ended: the time of who was here is over."""
    if not request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        return False
    # Reading from it finds out whether there is one.
    request.session.keys()
    return request.session.is_empty()


def _to_start(request: HttpRequest) -> HttpResponse:
    start = reverse("shared_devices:start")
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(start)
    return redirect(start)


def _to_thanks(request: HttpRequest, device: SharedDevice, response: HttpResponse) -> HttpResponse:
    """Sign out who took part and lead to the page of thanks; help is offered where it was."""
    target = reverse("shared_devices:thanks")
    if "/hulp/" in response.headers.get("Location", ""):
        target += "?hulp=1"
    devices.end_visit(device, request)
    thanks: HttpResponse
    if getattr(request, "htmx", False):
        thanks = HttpResponseClientRedirect(target)
    else:
        thanks = redirect(target)
    devices.leave_nothing(thanks)
    return thanks


def _left_nowhere(response: HttpResponse) -> HttpResponse:
    """Let no browser keep an answer, nor what is typed into its forms."""
    response.headers["Cache-Control"] = "no-store, private"
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if is_page and not response.streaming and not response.has_header("Content-Encoding"):
        content = _AUTOCOMPLETE.sub(b' autocomplete="off"', response.content)
        response.content = _FORM.sub(b'<form autocomplete="off"', content)
    return response
