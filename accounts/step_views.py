"""Showing a second factor: while signing in, and once more before something about it changes."""

from typing import Any, cast

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from . import cards, factors, freshness, openid, passkeys, second_step
from .card_forms import WRONG_PIN, PinForm
from .codes import Confirmation, SignIn, Verdict
from .forms import CodeForm, FactorForm, SignInForm
from .limits import LimitReached, closed_without_limits, count
from .models import User
from .pages import TOO_OFTEN, next_path_of, person_of, respond, typed_in
from .second_factor import mark_shown

_WRONG = _("This is not a code that works now. Each code works once. Type the next one.")
_NO_PASSKEY = _("That passkey does not work here. Try again, or use another way.")
_VERDICTS = {
    Verdict.WRONG: _("This is not the code. Look at the newest e-mail we sent you."),
    Verdict.EXPIRED: _("This code is older than 15 minutes. Ask for a new one."),
    Verdict.USED_UP: _("Too many wrong codes. Ask for a new one."),
}


def _warn_of_codes(request: HttpRequest, user: User) -> None:
    for row in factors.of(user)[factors.CODES]:
        left = factors.recovery_codes_left(row)
        messages.warning(
            request,
            ngettext(
                "You used a recovery code. You have %(number)s left.",
                "You used a recovery code. You have %(number)s left.",
                left,
            )
            % {"number": left},
        )


def _check(request: HttpRequest, form: FactorForm, user: User) -> bool:
    """Check what was shown, code or passkey; adds to the form what is wrong with it."""
    try:
        if "credential" in request.POST:
            count(request, "passkey")
            passkeys.shown(request, request.POST["credential"], user)
            return True
        if not form.is_valid():
            return False
        count(request, "second_factor", key=str(user.pk))
        shown = factors.show(user=user, typed=form.cleaned_data["code"])
    except LimitReached:
        form.is_valid()
        form.add_error(None, TOO_OFTEN)
        return False
    except passkeys.PasskeyRefused:
        form.errors.clear()
        form.add_error(None, _NO_PASSKEY)
        return False
    if shown is None:
        form.add_error("code", _WRONG)
        return False
    if shown is factors.Shown.RECOVERY_CODE:
        _warn_of_codes(request, user)
    return True


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def step_two(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody who is on their way in."""
    step = second_step.pending(request)
    if step is None:
        return redirect("account_login")
    user = second_step.person_at(step)
    form = FactorForm(typed_in(request))
    if request.method == "POST" and _check(request, form, user):
        return second_step.finish(request, step)
    return respond(request, "second_step", form, has=factors.of(user))


@login_not_required
@require_POST
@never_cache
@closed_without_limits
def sign_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey alone: its holder showed a finger, a face or a PIN to their own device."""
    if request.user.is_authenticated:
        return redirect("account_home")
    form = SignInForm({})
    try:
        count(request, "passkey")
        user = passkeys.shown(request, request.POST.get("credential", ""))
    except LimitReached:
        return respond(request, "sign_in", form, refused=True, provider=openid.shown_name())
    except passkeys.PasskeyRefused:
        form.errors.clear()
        form.add_error(None, _NO_PASSKEY)
        return respond(request, "sign_in", form, provider=openid.shown_name())
    SignIn.forget(request)
    cast(Any, request).shown_passkey_of = user.pk
    target = next_path_of(request) or None
    response = perform_login(request, user, email=user.email, redirect_url=target)
    if request.user.is_authenticated:
        mark_shown(request)
    return cast(HttpResponse, response)


@login_not_required
@require_POST
@never_cache
@closed_without_limits
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What a browser needs to make or to show a passkey."""
    try:
        count(request, "passkey")
    except LimitReached:
        return JsonResponse({"message": str(TOO_OFTEN)}, status=429)
    if "make" in request.POST:
        if not request.user.is_authenticated or not freshness.is_fresh(request):
            return JsonResponse({"message": gettext("Sign in again first.")}, status=403)
        return JsonResponse(passkeys.what_to_make(request, person_of(request)))
    user = person_of(request) if request.user.is_authenticated else None
    if "step" in request.POST and user is None:
        step = second_step.pending(request)
        if step is None:
            return JsonResponse({"message": gettext("Sign in again first.")}, status=403)
        user = second_step.person_at(step)
    return JsonResponse(passkeys.what_to_show(request, user))


@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def confirm_who(request: HttpRequest) -> HttpResponse:
    """Show once more who one is: with a second factor, else by a code by mail or a card's PIN."""
    user = person_of(request)
    if not factors.has_factor(user):
        if user.email is None:
            return _confirm_by_pin(request, user)
        return _confirm_by_mail(request, user.email)
    form = FactorForm(typed_in(request))
    if request.method == "POST" and _check(request, form, user):
        mark_shown(request)
        return _confirmed(request)
    return respond(request, "confirm_who", form, has=factors.of(user))


def _confirm_by_pin(request: HttpRequest, user: User) -> HttpResponse:
    form = PinForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            count(request, "card", key=str(user.pk))
        except LimitReached:
            return respond(request, "confirm_who", form, refused=True, by_card=True)
        if cards.shows_pin(user=user, pin=form.cleaned_data["pin"]):
            return _confirmed(request)
        form.add_error("pin", WRONG_PIN)
    return respond(request, "confirm_who", form, by_card=True)


def _confirm_by_mail(request: HttpRequest, email: str) -> HttpResponse:
    waiting = Confirmation.pending(request)
    if waiting is not None and waiting.code.email != email:
        waiting = None
    if request.method == "POST" and ("send" in request.POST or waiting is None):
        try:
            waiting = Confirmation.start(request, email=email)
        except LimitReached:
            return respond(request, "confirm_who", CodeForm({}), refused=True, email=email)
        return respond(request, "confirm_who", CodeForm(), waiting=True, email=email)
    form = CodeForm(typed_in(request) if waiting else None)
    if request.method == "POST" and waiting is not None and form.is_valid():
        verdict = waiting.code.check(request, form.cleaned_data["code"])
        if verdict is Verdict.RIGHT:
            Confirmation.forget(request)
            return _confirmed(request)
        form.add_error("code", _VERDICTS[verdict])
    return respond(request, "confirm_who", form, waiting=waiting is not None, email=email)


def _confirmed(request: HttpRequest) -> HttpResponse:
    freshness.note(request)
    return redirect(next_path_of(request) or reverse("account_safety"))
