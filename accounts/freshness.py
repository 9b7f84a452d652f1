"""Whether somebody showed a moment ago who they are: asked before the way to sign in changes."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from . import factors
from .pages import person_of
from .second_factor import was_shown

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

FRESH_KEY = "shown_who_at"
FRESH_SECONDS = 15 * 60


def note(request: HttpRequest) -> None:
    """Note that whoever holds this session has just shown who they are."""
    request.session[FRESH_KEY] = time.time()


def is_fresh(request: HttpRequest) -> bool:
    """Say whether that was less than ``FRESH_SECONDS`` ago."""
    shown_at: float = request.session.get(FRESH_KEY, 0)
    return 0 <= time.time() - shown_at < FRESH_SECONDS


def confirm_first(request: HttpRequest) -> HttpResponse:
    """Lead to the page that asks who this is, and back afterwards."""
    # What was sent is not kept: the page with the button is.
    back = request.get_full_path() if request.method == "GET" else reverse("account_safety")
    return redirect(f"{reverse('account_confirm_who')}?{urlencode({'next': back})}")


def fresh_only(view: View[P]) -> View[P]:
    """Ask who somebody is first, when that was longer ago."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        # A sign-in from before somebody had a second factor says nothing any more.
        unproved = factors.has_factor(person_of(request)) and not was_shown(request)
        if unproved or not is_fresh(request):
            return confirm_first(request)
        return view(request, *args, **kwargs)

    return wrapped
