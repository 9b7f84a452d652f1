"""What views ask of a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the person behind a request whose view runs for signed-in people alone."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def author_or_none(request: HttpRequest) -> User | None:
    """Return the person who is signed in, or None for a visitor."""
    return request.user if request.user.is_authenticated else None
