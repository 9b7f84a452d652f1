"""Sign-in and safety: second factors, recovery codes, and where somebody is signed in."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import cards, devices, factors, notices, openid, passkeys, sealing
from .drawings import qr_code
from .forms import AppForm, PasskeyForm
from .freshness import fresh_only
from .limits import LimitReached, closed_without_limits, count
from .models import Device, User
from .pages import TOO_OFTEN, person_of, respond, typed_in
from .second_factor import mark_shown, needs_second_factor, was_shown

APP_KEY = "app_in_the_making"

_ADDED = {
    "app_added": _("Your app is added. From now on we ask for its code when you sign in."),
    "passkey_added": _("Your passkey is added. You can sign in with it from now on."),
}


@require_safe
@never_cache
def safety(request: HttpRequest) -> HttpResponse:
    """Everything about how somebody signs in, on one page."""
    user = person_of(request)
    found = factors.of(user)
    here = devices.here(request) or devices.begin(request, user)
    left = [factors.recovery_codes_left(row) for row in found[factors.CODES]]
    context = {
        "card": cards.card_of(user) if user.email is None else None,
        "apps": found[factors.APP],
        "passkeys": found[factors.PASSKEY],
        "has_factor": bool(found[factors.APP] or found[factors.PASSKEY]),
        "codes_left": left[0] if left else None,
        "must_begin": needs_second_factor(user) and not was_shown(request),
        "here": here,
        "others": [device for device in devices.of(user) if device.pk != here.pk],
        "provider": openid.shown_name(),
        "is_linked": openid.is_offered() and user.identities.exists(),
    }
    return render(request, "accounts/safety.html", context)


def _changed(request: HttpRequest, what: str) -> None:
    """Sign out the other devices and tell the owner by mail: it may not have been them."""
    user = person_of(request)
    devices.end_all(user, but=request)
    notices.send("safety_changed", user.email, user, what=what)


def _added(request: HttpRequest, what: str, codes: list[str]) -> HttpResponse:
    _changed(request, what)
    # Whoever has just made it has shown it.
    mark_shown(request)
    messages.success(request, str(_ADDED[what]))
    if codes:
        return _show_codes(request, codes)
    return redirect("account_safety")


@sensitive_variables("codes")
def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Show recovery codes, this once: they are kept nowhere in words."""
    pairs = [f"{code[:4]} {code[4:]}" for code in codes]
    file = "data:text/plain;charset=utf-8," + quote("\n".join(pairs))
    return render(request, "accounts/recovery_codes_shown.html", {"codes": pairs, "file": file})


@require_http_methods(["GET", "POST"])
@never_cache
@fresh_only
@closed_without_limits
def add_app(request: HttpRequest) -> HttpResponse:
    """Add an app that shows codes: scan the square or type the letters, then type its code."""
    user = person_of(request)
    if factors.of(user)[factors.APP]:
        messages.error(request, str(factors.AppIsThere.message))
        return redirect("account_safety")
    secret = _secret_of(request)
    form = AppForm(typed_in(request))
    if request.method == "POST":
        try:
            count(request, "second_factor", key=str(user.pk))
        except LimitReached:
            return _app_page(request, form, secret, refused=True)
    if request.method == "POST" and form.is_valid():
        try:
            codes = factors.add_app(user=user, secret=secret, typed=form.cleaned_data["code"])
        except factors.FactorRefused as refusal:
            form.add_error("code", str(refusal.message))
        else:
            del request.session[APP_KEY]
            return _added(request, "app_added", codes)
    return _app_page(request, form, secret)


def _secret_of(request: HttpRequest) -> str:
    """Return the secret that is being set up: the same until its first code was right."""
    try:
        return sealing.unseal(request.session[APP_KEY])
    except (KeyError, sealing.Unreadable):
        secret = factors.new_secret()
        request.session[APP_KEY] = sealing.seal(secret)
        return secret


def _app_page(request: HttpRequest, form: AppForm, secret: str, **more: Any) -> HttpResponse:
    address = factors.app_address(person_of(request), secret)
    letters = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return respond(
        request, "add_app", form, square=qr_code(address), letters=letters, address=address, **more
    )


@require_http_methods(["GET", "POST"])
@never_cache
@fresh_only
@closed_without_limits
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey that the browser has just made."""
    here = devices.here(request)
    form = PasskeyForm(typed_in(request), initial={"name": str(here or "")})
    if request.method == "POST" and form.is_valid():
        try:
            count(request, "passkey")
            credential = passkeys.registered(request, form.cleaned_data["credential"])
            codes = factors.add_passkey(
                user=person_of(request), name=form.cleaned_data["name"], credential=credential
            )
        except LimitReached:
            form.add_error(None, TOO_OFTEN)
        except passkeys.PasskeyRefused:
            form.add_error(None, _("The passkey could not be made. Try it again."))
        except factors.FactorRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return _added(request, "passkey_added", codes)
    return respond(request, "add_passkey", form)


@require_POST
@never_cache
@fresh_only
def remove_app(request: HttpRequest) -> HttpResponse:
    """Take away the app that shows codes."""
    return _remove(request, "app_removed", kind=factors.APP)


@require_POST
@never_cache
@fresh_only
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away one passkey."""
    return _remove(request, "passkey_removed", kind=factors.PASSKEY, pk=pk)


def _remove(request: HttpRequest, what: str, **which: Any) -> HttpResponse:
    try:
        if factors.remove(user=person_of(request), **which):
            _changed(request, what)
            messages.success(request, gettext("It is removed. Other devices are signed out."))
    except factors.FactorRefused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("account_safety")


@require_http_methods(["GET", "POST"])
@never_cache
@fresh_only
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them once."""
    user = person_of(request)
    if request.method == "POST":
        try:
            codes = factors.make_recovery_codes(user=user)
        except factors.FactorRefused as refusal:
            messages.error(request, str(refusal.message))
            return redirect("account_safety")
        _changed(request, "codes_made")
        return _show_codes(request, codes)
    has = factors.of(user)
    return render(request, "accounts/recovery_codes.html", {"has_codes": bool(has[factors.CODES])})


@require_POST
@never_cache
def end_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one device; what is not one's own is not there."""
    user: User = person_of(request)
    device = Device.objects.filter(user=user, pk=pk).first()
    if device is not None:
        if device.session_id == request.session.session_key:
            return redirect("account_logout")
        devices.end(device)
    # One that is gone already is signed out too.
    messages.success(request, gettext("That device is signed out."))
    return redirect("account_safety")


@require_POST
@never_cache
def end_devices(request: HttpRequest) -> HttpResponse:
    """Sign out all devices but this one."""
    devices.end_all(person_of(request), but=request)
    messages.success(request, gettext("All other devices are signed out."))
    return redirect("account_safety")
