"""Signing in and out, and what somebody can change about their own account."""

import time
from http import HTTPStatus
from typing import cast

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError as BrokerAway

from . import actions, tasks
from .adapter import is_own_path
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
from .models import User

log = structlog.get_logger(__name__)

# A forgotten password may be replaced without the old one this long after signing in by code.
BY_CODE_KEY = "signed_in_by_code_at"
BY_CODE_SECONDS = 15 * 60

_TOO_OFTEN = _("You tried this too often. Wait a while, then try again.")
_VERDICTS = {
    Verdict.WRONG: _("This is not the code. Look at the newest e-mail we sent you."),
    Verdict.EXPIRED: _("This code is older than 15 minutes. Ask for a new one."),
    Verdict.USED_UP: _("Too many wrong codes. Ask for a new one."),
}


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _next_path(request: HttpRequest) -> str:
    """Return the path that ``?next=`` asks for, or nothing when it leads elsewhere."""
    target = request.POST.get("next") or request.GET.get("next", "")
    return target if is_own_path(target) else ""


def _respond(
    request: HttpRequest, template: str, form: Form | None, *, refused: bool = False, **more: object
) -> HttpResponse:
    """Show a form; ``refused`` adds that it was sent too often."""
    if refused and form is not None:
        form.is_valid()
        form.add_error(None, _TOO_OFTEN)
    status = HTTPStatus.TOO_MANY_REQUESTS if refused else HTTPStatus.OK
    context = {"form": form, "next_path": _next_path(request), **more}
    return render(request, f"accounts/{template}.html", context, status=status)


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def sign_in(request: HttpRequest) -> HttpResponse:
    """One form for everyone: an address goes in, a code comes by mail."""
    if request.user.is_authenticated:
        return redirect(_next_path(request) or settings.LOGIN_REDIRECT_URL)
    pending = SignIn.pending(request)
    form = SignInForm(_typed(request), initial={"email": pending.code.email if pending else ""})
    if request.method == "POST" and form.is_valid():
        try:
            SignIn.start(request, email=form.cleaned_data["email"], next_path=_next_path(request))
        except LimitReached:
            return _respond(request, "sign_in", form, refused=True)
        return redirect("account_confirm_login_code")
    return _respond(request, "sign_in", form)


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
            SignIn.start(request, email=email, next_path=attempt.next_path)
        except LimitReached:
            return _respond(request, "sign_in_code", CodeForm({}), refused=True, email=email)
        messages.success(request, gettext("We sent you a new code. The old one no longer works."))
        return redirect("account_confirm_login_code")
    form = CodeForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        verdict = attempt.code.check(request, form.cleaned_data["code"])
        if verdict is Verdict.RIGHT:
            return _enter(request, attempt)
        form.add_error("code", _VERDICTS[verdict])
    return _respond(request, "sign_in_code", form, email=email)


def _enter(request: HttpRequest, attempt: SignIn) -> HttpResponse:
    SignIn.forget(request)
    user, is_new = actions.open_account(
        email=attempt.code.email, language=get_language() or settings.LANGUAGE_CODE
    )
    target = attempt.next_path
    if is_new and not target:
        target = f"{reverse('accounts:profile')}?welkom=1"
    response = perform_login(request, user, email=user.email, redirect_url=target or None)
    if request.user.is_authenticated:
        request.session[BY_CODE_KEY] = time.time()
    return cast(HttpResponse, response)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def sign_in_with_password(request: HttpRequest) -> HttpResponse:
    """For those who chose a password; wrong pairs answer alike, whether the address is known."""
    if request.user.is_authenticated:
        return redirect(_next_path(request) or settings.LOGIN_REDIRECT_URL)
    form = PasswordSignInForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            user = get_adapter().authenticate(
                request, email=email, password=form.cleaned_data["password"]
            )
        except ValidationError:
            return _respond(request, "sign_in_password", form, refused=True)
        if user is not None:
            SignIn.forget(request)
            target = _next_path(request) or None
            response = perform_login(request, user, email=email, redirect_url=target)
            return cast(HttpResponse, response)
        form.add_error(
            None,
            _("This address and this password do not belong together. A code by mail works too."),
        )
    return _respond(request, "sign_in_password", form)


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
    known = _person(request).email if request.user.is_authenticated else ""
    form = None if known else SignInForm(_typed(request))
    if request.method == "POST" and (form is None or form.is_valid()):
        email = known or (form.cleaned_data["email"] if form else "")
        try:
            code = Code.send(request, email=email, mail="sign_in_code")
        except LimitReached:
            return _respond(request, "forgotten_password", form or SignInForm({}), refused=True)
        if known:
            logout(request)
        SignIn(code, target).remember(request)
        return redirect("account_confirm_login_code")
    return _respond(request, "forgotten_password", form, known=known)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@never_cache
def choose_password(request: HttpRequest) -> HttpResponse:
    """A first password, or another one shortly after signing in by code."""
    user = _person(request)
    by_code_at = request.session.get(BY_CODE_KEY, 0)
    if user.has_usable_password() and time.time() - by_code_at > BY_CODE_SECONDS:
        return redirect("account_change_password")
    form = NewPasswordForm(_typed(request), user=user)
    if request.method == "POST" and form.is_valid():
        return _store_password(request, form)
    return _respond(request, "choose_password", form)


@sensitive_post_parameters("old_password", "password")
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def change_password(request: HttpRequest) -> HttpResponse:
    """Another password, for somebody who knows the one they have."""
    user = _person(request)
    if not user.has_usable_password():
        return redirect("account_set_password")
    if request.method == "POST":
        try:
            count(request, "change_password")
        except LimitReached:
            empty = ChangePasswordForm({}, user=user)
            return _respond(request, "change_password", empty, refused=True)
    form = ChangePasswordForm(_typed(request), user=user)
    if request.method == "POST" and form.is_valid():
        return _store_password(request, form)
    return _respond(request, "change_password", form)


def _send_notice(mail: str, address: str, user: User) -> None:
    """Tell somebody what was changed; a broker that is away does not undo that it was."""
    try:
        tasks.send_mail.delay(mail, address, user.language, {})
    except BrokerAway:
        log.warning("notice not sent", user_id=user.pk, mail=mail)


def _store_password(request: HttpRequest, form: NewPasswordForm) -> HttpResponse:
    user = _person(request)
    actions.set_password(user=user, password=form.cleaned_data["password"])
    # This device stays signed in; the others are not.
    update_session_auth_hash(request, user)
    request.session.pop(BY_CODE_KEY, None)
    _send_notice("password_changed", user.email, user)
    messages.success(request, gettext("Your password is stored. Other devices are signed out."))
    return redirect("accounts:profile")


@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def change_address(request: HttpRequest) -> HttpResponse:
    """Move to another address: a code goes to the one somebody has and to the new one."""
    user = _person(request)
    form = NewAddressForm(_typed(request), user=user)
    if request.method == "POST" and form.is_valid():
        try:
            count(request, "change_address")
            AddressChange.start(request, old_email=user.email, new_email=form.cleaned_data["email"])
        except LimitReached:
            return _respond(request, "change_address", form, refused=True)
        return redirect("account_confirm_email_change")
    return _respond(request, "change_address", form)


@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def confirm_address(request: HttpRequest) -> HttpResponse:
    """Both codes come back: whoever moves the account reads mail at either end."""
    user = _person(request)
    change = AddressChange.pending(request)
    if change is None or change.old.email != user.email:
        return redirect("account_email")
    form = AddressCodesForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        verdicts = {
            "old_code": change.old.check(request, form.cleaned_data["old_code"]),
            "new_code": change.new.check(request, form.cleaned_data["new_code"]),
        }
        for field, verdict in verdicts.items():
            if verdict is not Verdict.RIGHT:
                form.add_error(field, _VERDICTS[verdict])
        if form.is_valid():
            return _move_address(request, change)
    return _respond(request, "confirm_address", form, change=change)


def _move_address(request: HttpRequest, change: AddressChange) -> HttpResponse:
    user = _person(request)
    AddressChange.forget(request)
    try:
        actions.change_address(user=user, email=change.new.email)
    except actions.AddressTaken:
        # Said only to somebody who reads that mailbox.
        messages.error(request, gettext("Another account uses this address. Nothing was changed."))
        return redirect("account_email")
    _send_notice("address_changed", change.old.email, user)
    messages.success(request, gettext("Your e-mail address is changed."))
    return redirect("account_email")


@require_http_methods(["GET", "POST"])
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """What somebody tells about themselves, and who sees it."""
    user = _person(request)
    form = ProfileForm(_typed(request), user=user)
    if request.method == "POST" and form.is_valid():
        person = actions.update_profile(user=user, **form.cleaned_data)
        target = _next_path(request) or reverse("accounts:profile")
        response = HttpResponseRedirect(translate_url(target, person.language))
        _remember_language(response, person.language)
        messages.success(request, gettext("Your profile is stored."))
        return response
    return _respond(
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
