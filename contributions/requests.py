"""What views ask of a request."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the person behind a request whose view runs for signed-in people alone."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def author_or_none(request: HttpRequest) -> User | None:
    """Return the person who is signed in, or None for a visitor."""
    return request.user if request.user.is_authenticated else None


def comes_from_here(request: HttpRequest) -> bool:
    """Say whether the browser tells that a form was sent from a page of this site.

    Browsers send the header ``Origin`` with every form (Fetch Standard, "append a request Origin
    header"); one that withholds it sends ``Referer`` to the same site, as our policy asks.
    """
    told = request.headers.get("Origin") or request.headers.get("Referer") or ""
    source = urlsplit(told)
    return source.netloc != "" and (source.scheme, source.netloc) == (
        request.scheme,
        request.get_host(),
    )


def without_token_for_visitors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a visitor's form in by where it comes from, so that its page needs no token or cookie.

    Whoever is signed in needs the token, as everywhere: others must not act in their name.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return protected(request, *args, **kwargs)
        if request.method == "POST" and not comes_from_here(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


def with_microphone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the page of a view record a voice, when asked, and play it before it is sent."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Permissions-Policy"] = "microphone=(self)"
        return response

    plays: Callable[..., Any] = csp_update({"media-src": ["blob:"]})(wrapped)
    return plays
