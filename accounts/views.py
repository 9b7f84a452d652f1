"""Signing in and out, and what somebody can change about their own account."""

import time
from http import HTTPStatus
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from . import actions, devices, freshness, notices, openid
from .codes import AddressChange, Code, SignIn, Verdict
from .forms import (
    AddressCodesForm,
    ChangePasswordForm,
    CodeForm,
    NewAddressForm,
    NewPasswordForm,
    PasswordSignInForm,
    ProfileForm,
    SignInForm,
)
from .limits import LimitReached, closed_without_limits, count
from .openid.attempts import forget_newcomer
from .openid.newcomers import welcome
from .pages import next_path_of, person_of, respond, typed_in

# A forgotten password may be replaced without the old one this long after signing in by code.
BY_CODE_KEY = "signed_in_by_code_at"
BY_CODE_SECONDS = 15 * 60

_VERDICTS = {
    Verdict.WRONG: _("This is not the code. Look at the newest e-mail we sent you."),
    Verdict.EXPIRED: _("This code is older than 15 minutes. Ask for a new one."),
    Verdict.USED_UP: _("Too many wrong codes. Ask for a new one."),
}


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def sign_in(request: HttpRequest) -> HttpResponse:
    """One form for everyone: an address goes in, a code comes by mail."""
    if request.user.is_authenticated:
        return redirect(next_path_of(request) or settings.LOGIN_REDIRECT_URL)
    forget_newcomer(request)
    pending = SignIn.pending(request)
    form = SignInForm(typed_in(request), initial={"email": pending.code.email if pending else ""})
    if request.method == "POST" and form.is_valid():
        try:
            SignIn.start(request, email=form.cleaned_data["email"], next_path=next_path_of(request))
        except LimitReached:
            return respond(request, "sign_in", form, refused=True, provider=openid.shown_name())
        return redirect("account_confirm_login_code")
    return respond(request, "sign_in", form, provider=openid.shown_name())


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def confirm_code(request: HttpRequest) -> HttpResponse:
    """The code comes back; only now it shows whether this is somebody's first time."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    attempt = SignIn.pending(request)
    if attempt is None:
        return redirect("account_login")
    email = attempt.code.email
    if "resend" in request.POST:
        try:
            SignIn.start(
                request, email=email, next_path=attempt.next_path, identity=attempt.identity
            )
        except LimitReached:
            return respond(request, "sign_in_code", CodeForm({}), refused=True, email=email)
        messages.success(request, gettext("We sent you a new code. The old one no longer works."))
        return redirect("account_confirm_login_code")
    form = CodeForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        verdict = attempt.code.check(request, form.cleaned_data["code"])
        if verdict is Verdict.RIGHT:
            return _enter(request, attempt)
        form.add_error("code", _VERDICTS[verdict])
    return respond(request, "sign_in_code", form, email=email)


def _enter(request: HttpRequest, attempt: SignIn) -> HttpResponse:
    SignIn.forget(request)
    user, is_new = actions.open_account(
        email=attempt.code.email, language=get_language() or settings.LANGUAGE_CODE
    )
    target = attempt.next_path
    if attempt.identity:
        target = welcome(request, user, is_new=is_new, name=attempt.identity, target=target)
    if is_new and not target:
        target = f"{reverse('accounts:profile')}?welkom=1"
    # With whom it holds for: a second step may lie in between, and somebody else take another way.
    request.session[BY_CODE_KEY] = [user.pk, time.time()]
    response = perform_login(request, user, email=user.email, redirect_url=target or None)
    return cast(HttpResponse, response)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def sign_in_with_password(request: HttpRequest) -> HttpResponse:
    """For those who chose a password; wrong pairs answer alike, whether the address is known."""
    if request.user.is_authenticated:
        return redirect(next_path_of(request) or settings.LOGIN_REDIRECT_URL)
    form = PasswordSignInForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            user = get_adapter().authenticate(
                request, email=email, password=form.cleaned_data["password"]
            )
        except ValidationError:
            return respond(request, "sign_in_password", form, refused=True)
        if user is not None:
            SignIn.forget(request)
            target = next_path_of(request) or None
            response = perform_login(request, user, email=email, redirect_url=target)
            return cast(HttpResponse, response)
        form.add_error(
            None,
            _("This address and this password do not belong together. A code by mail works too."),
        )
    return respond(request, "sign_in_password", form)


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out by pressing a button: a link alone changes nothing."""
    if request.method == "POST":
        if request.user.is_authenticated:
            logout(request)
            messages.success(request, gettext("You are signed out."))
        return redirect("home")
    if not request.user.is_authenticated:
        return redirect("home")
    return render(request, "accounts/sign_out.html")


@login_not_required
@never_cache
def inactive(request: HttpRequest) -> HttpResponse:
    """Tell somebody whose account was closed where to ask why."""
    return render(request, "accounts/inactive.html", status=HTTPStatus.FORBIDDEN)


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """A forgotten password needs no link of its own: sign in by code, then choose another."""
    target = reverse("account_set_password")
    known = (person_of(request).email or "") if request.user.is_authenticated else ""
    if request.user.is_authenticated and not known:
        return redirect("account_email")
    form = None if known else SignInForm(typed_in(request))
    if request.method == "POST" and (form is None or form.is_valid()):
        email = known or (form.cleaned_data["email"] if form else "")
        try:
            code = Code.send(request, email=email, mail="sign_in_code")
        except LimitReached:
            return respond(request, "forgotten_password", form or SignInForm({}), refused=True)
        if known:
            logout(request)
        SignIn(code, target).remember(request)
        return redirect("account_confirm_login_code")
    return respond(request, "forgotten_password", form, known=known)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@never_cache
def choose_password(request: HttpRequest) -> HttpResponse:
    """A first password, or another one shortly after signing in by code."""
    user = person_of(request)
    if user.email is None:
        # A password goes with an address.
        return redirect("account_email")
    by_code_pk, by_code_at = request.session.get(BY_CODE_KEY, (None, 0))
    by_code = by_code_pk == user.pk and time.time() - by_code_at <= BY_CODE_SECONDS
    if user.has_usable_password() and not by_code:
        return redirect("account_change_password")
    if not (by_code or freshness.is_fresh(request)):
        return freshness.confirm_first(request)
    form = NewPasswordForm(typed_in(request), user=user)
    if request.method == "POST" and form.is_valid():
        return _store_password(request, form)
    return respond(request, "choose_password", form)


@sensitive_post_parameters("old_password", "password")
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def change_password(request: HttpRequest) -> HttpResponse:
    """Another password, for somebody who knows the one they have."""
    user = person_of(request)
    if not user.has_usable_password():
        return redirect("account_set_password")
    if request.method == "POST":
        try:
            count(request, "change_password")
        except LimitReached:
            empty = ChangePasswordForm({}, user=user)
            return respond(request, "change_password", empty, refused=True)
    form = ChangePasswordForm(typed_in(request), user=user)
    if request.method == "POST" and form.is_valid():
        return _store_password(request, form)
    return respond(request, "change_password", form)


def _store_password(request: HttpRequest, form: NewPasswordForm) -> HttpResponse:
    user = person_of(request)
    actions.set_password(user=user, password=form.cleaned_data["password"])
    # This device stays signed in; the others are not.
    here = devices.here(request)
    update_session_auth_hash(request, user)
    devices.begin(request, user, started_at=here.started_at if here else None)
    devices.end_all(user, but=request)
    request.session.pop(BY_CODE_KEY, None)
    notices.send("password_changed", user.email, user)
    messages.success(request, gettext("Your password is stored. Other devices are signed out."))
    return redirect("accounts:profile")


@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def change_address(request: HttpRequest) -> HttpResponse:
    """Move to another address: a code goes to the one somebody has and to the new one.

    Who has none shows their PIN first: the new address gets the account.
    """
    user = person_of(request)
    if user.email is None and not freshness.is_fresh(request):
        return freshness.confirm_first(request)
    form = NewAddressForm(typed_in(request), user=user)
    if request.method == "POST" and form.is_valid():
        try:
            count(request, "change_address")
            AddressChange.start(request, old_email=user.email, new_email=form.cleaned_data["email"])
        except LimitReached:
            return respond(request, "change_address", form, refused=True)
        return redirect("account_confirm_email_change")
    return respond(request, "change_address", form)


@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def confirm_address(request: HttpRequest) -> HttpResponse:
    """Both codes come back: whoever moves the account reads mail at either end."""
    user = person_of(request)
    change = AddressChange.pending(request)
    if change is None or change.old_email != user.email:
        return redirect("account_email")
    form = AddressCodesForm(typed_in(request), has_old=change.old is not None)
    if request.method == "POST" and form.is_valid():
        verdicts = {"new_code": change.new.check(request, form.cleaned_data["new_code"])}
        if change.old is not None:
            old_code = form.cleaned_data["old_code"]
            verdicts = {"old_code": change.old.check(request, old_code), **verdicts}
        for field, verdict in verdicts.items():
            if verdict is not Verdict.RIGHT:
                form.add_error(field, _VERDICTS[verdict])
        if form.is_valid():
            return _move_address(request, change)
    return respond(request, "confirm_address", form, change=change)


def _move_address(request: HttpRequest, change: AddressChange) -> HttpResponse:
    user = person_of(request)
    AddressChange.forget(request)
    try:
        actions.change_address(user=user, email=change.new.email)
    except actions.AddressTaken:
        # Said only to somebody who reads that mailbox.
        messages.error(request, gettext("Another account uses this address. Nothing was changed."))
        return redirect("account_email")
    devices.end_all(user, but=request)
    notices.send("address_changed", change.old_email, user)
    if change.old is None:
        messages.success(request, gettext("From now on you sign in by e-mail."))
    else:
        messages.success(request, gettext("Your e-mail address is changed."))
    return redirect("account_email")


@require_http_methods(["GET", "POST"])
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """What somebody tells about themselves, and who sees it."""
    user = person_of(request)
    form = ProfileForm(typed_in(request), user=user)
    if request.method == "POST" and form.is_valid():
        person = actions.update_profile(user=user, **form.cleaned_data)
        target = next_path_of(request) or reverse("accounts:profile")
        response = HttpResponseRedirect(translate_url(target, person.language))
        _remember_language(response, person.language)
        messages.success(request, gettext("Your profile is stored."))
        return response
    return respond(
        request,
        "profile",
        form,
        person=user,
        is_first_visit="welkom" in request.GET,
    )


def _remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
