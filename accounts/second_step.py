"""The step between the first and the second factor while somebody signs in.

allauth keeps who is on their way in its own part of the session, for a quarter of an hour; until
the step is done the request comes from nobody.
"""

from typing import Any, cast

from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from . import factors
from .models import User
from .second_factor import mark_shown


class SecondStep(LoginStage):  # type: ignore[misc]  # allauth has no type hints
    """Asks a second factor of whoever has one."""

    key = "second_step"
    urlname = "account_second_step"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = cast(User, self.login.user)
        # A passkey with its holder's finger or PIN is both factors, in this very request.
        if getattr(self.request, "shown_passkey_of", None) == user.pk:
            return None, True
        if not factors.has_factor(user):
            return None, True
        return redirect("account_second_step"), True


def pending(request: HttpRequest) -> SecondStep | None:
    """Return the step that somebody is at, if they are."""
    if request.user.is_authenticated:
        return None
    stage: Any = LoginStageController.enter(request, SecondStep.key)
    return stage if isinstance(stage, SecondStep) else None


def person_at(step: SecondStep) -> User:
    """Return who stands at the step."""
    return cast(User, step.login.user)


def finish(request: HttpRequest, step: SecondStep) -> HttpResponse:
    """Let somebody in who showed a second factor."""
    response = cast(HttpResponse, step.exit())
    if request.user.is_authenticated:
        mark_shown(request)
    return response
