"""What is looked at with each request of somebody who is signed in."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from . import devices, factors
from .models import User
from .second_factor import needs_second_factor, was_shown

#: What somebody reaches who still must show a second factor: the way to it, out, and to help.
OPEN_VIEWS = frozenset(
    {
        "account_safety",
        "account_add_app",
        "account_add_passkey",
        "account_recovery_codes",
        "account_confirm_who",
        "account_passkey_options",
        "account_logout",
        "page",
        "accessibility",
        "security_txt",
        "health_live",
        "health_ready",
    }
)


class SecondFactorMiddleware:
    """Leads whoever must show a second factor to it, from every other page and action.

    Whichever way somebody signed in: it asks the session, not the way. It also notes, once a day,
    that a device was seen.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # Without a session there is nobody, and nothing is read to find that out.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not request.user.is_authenticated:
            return None
        devices.note_day(request)
        person = request.user
        if not needs_second_factor(person) or was_shown(request):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in OPEN_VIEWS:
            return None
        return self._lead(request, person)

    def _lead(self, request: HttpRequest, person: User) -> HttpResponse:
        # A script that stores a draft would take another page for its answer.
        if "X-Autosave" in request.headers:
            return HttpResponse(status=HTTPStatus.FORBIDDEN)
        target = reverse("account_safety")
        if factors.has_factor(person):
            target = reverse("account_confirm_who")
            if request.method == "GET" and not getattr(request, "htmx", False):
                target += f"?{urlencode({'next': request.get_full_path()})}"
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(target)
        return redirect(target)
