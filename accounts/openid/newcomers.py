"""What follows when somebody came from the provider as a newcomer and then typed a code."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User

from . import actions, shown_name
from .attempts import forget_newcomer


def welcome(request: HttpRequest, user: User, *, is_new: bool, name: str, target: str) -> str:
    """Link the identity to a new account, never to one that was there; return where to go now."""
    forget_newcomer(request)
    if is_new:
        try:
            actions.link(user=user, name=name)
        except actions.IdentityIsKnown:
            is_new = False
    if is_new:
        return target
    messages.info(
        request,
        gettext(
            "You had an account here already. "
            "To sign in with %(provider)s from now on, link it below."
        )
        % {"provider": shown_name()},
    )
    return reverse("account_safety")
