"""Signing in with a card, and giving cards to people who have no e-mail address."""

from http import HTTPStatus
from typing import cast

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from . import cards, devices
from .card_forms import CardSignInForm, FirstPinForm, MakeCardForm, NewPinForm, ReplaceCardForm
from .codes import SignIn
from .drawings import qr_code
from .freshness import fresh_only
from .limits import LimitReached, closed_without_limits, count
from .mails import absolute
from .models import Card, User
from .pages import next_path_of, person_of, respond, typed_in
from .permissions import can_give_cards

#: One sentence for a code that nobody has, a wrong PIN and a locked card: nobody learns which.
_REFUSED = _(
    "This code and this PIN do not belong together. After five wrong PINs a card does not work any "
    "more. Who gave it to you can make another one."
)


@login_not_required
@sensitive_post_parameters("code", "pin")
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def sign_in(request: HttpRequest) -> HttpResponse:
    """A code from a card and a PIN; whoever comes with a new card chooses a PIN first."""
    if request.user.is_authenticated:
        return redirect(next_path_of(request) or settings.LOGIN_REDIRECT_URL)
    form = CardSignInForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        code, pin = form.cleaned_data["code"], form.cleaned_data["pin"]
        try:
            count(request, "card", key=cards.digests_of(code)[0])
        except LimitReached:
            return respond(request, "card_sign_in", form, refused=True)
        card = cards.holder_of(code=code, pin=pin)
        if card is not None and not card.pin:
            return respond(request, "card_first_pin", FirstPinForm(initial={"code": code}))
        if card is not None:
            return _enter(request, card.user)
        form.add_error(None, _REFUSED)
    return respond(request, "card_sign_in", form)


@login_not_required
@sensitive_post_parameters("code", "pin", "pin_again")
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def first_pin(request: HttpRequest) -> HttpResponse:
    """The first PIN of a card, chosen by whoever holds it."""
    if request.user.is_authenticated:
        return redirect(next_path_of(request) or settings.LOGIN_REDIRECT_URL)
    form = FirstPinForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        code, pin = form.cleaned_data["code"], form.cleaned_data["pin"]
        try:
            count(request, "card", key=cards.digests_of(code)[0])
            card = cards.choose_first_pin(code=code, pin=pin)
        except LimitReached:
            return respond(request, "card_first_pin", form, refused=True)
        except cards.PinIsThere:
            form.add_error(None, _REFUSED)
        else:
            messages.success(request, gettext("Your PIN is stored. You need it each time."))
            return _enter(request, card.user)
    return respond(request, "card_first_pin", form)


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    SignIn.forget(request)
    target = next_path_of(request) or None
    return cast(HttpResponse, perform_login(request, user, redirect_url=target))


@sensitive_post_parameters("pin", "pin_again")
@require_http_methods(["GET", "POST"])
@never_cache
@fresh_only
def change_pin(request: HttpRequest) -> HttpResponse:
    """Another PIN, for who has just shown the one they have."""
    user = person_of(request)
    if not user.holds_card:
        raise Http404
    form = NewPinForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        cards.change_pin(user=user, pin=form.cleaned_data["pin"])
        devices.end_all(user, but=request)
        messages.success(request, gettext("Your PIN is changed. Other devices are signed out."))
        return redirect("account_safety")
    return respond(request, "change_pin", form)


# --- Giving them ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@never_cache
def give(request: HttpRequest) -> HttpResponse:
    """Make a card for somebody who has no e-mail address, and show it once, to print."""
    giver = person_of(request)
    if not can_give_cards(giver):
        raise Http404
    form = MakeCardForm(typed_in(request), giver=giver)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            card = cards.give_card(
                by=giver, language=told["language"], area=told["area"], key=told["key"]
            )
            return _sheet(request, card, told["key"])
        except cards.MadeAlready as again:
            return _again(request, again.card, told["key"])
        except cards.EnoughCards as refused:
            form.add_error(None, str(refused))
            return _giving_page(request, form, status=HTTPStatus.TOO_MANY_REQUESTS)
        except cards.CardRefused as refused:
            form.add_error(None, str(refused))
    return _giving_page(request, form)


def _giving_page(
    request: HttpRequest, form: MakeCardForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    given = Card.objects.filter(given_by=person_of(request)).order_by("-given_at", "-pk")
    return respond(request, "give_card", form, status=status, given=list(given[:20]))


@require_http_methods(["GET", "POST"])
@never_cache
def replace(request: HttpRequest) -> HttpResponse:
    """Make another card for somebody whose card is lost or locked."""
    giver = person_of(request)
    if not can_give_cards(giver):
        raise Http404
    form = ReplaceCardForm(typed_in(request), giver=giver)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            count(request, "card_number")
            card = cards.replace_card(
                by=giver,
                number=told["number"],
                key=told["key"],
                forgot_pin=told.get("forgot_pin", False),
            )
            return _sheet(request, card, told["key"])
        except LimitReached:
            return respond(request, "replace_card", form, refused=True)
        except cards.MadeAlready as again:
            return _again(request, again.card, told["key"])
        except cards.NoSuchCard as refused:
            form.add_error("number", str(refused))
        except cards.CardRefused as refused:
            form.add_error(None, str(refused))
    return respond(request, "replace_card", form)


def _again(request: HttpRequest, card: Card, key: str) -> HttpResponse:
    """Show the sheet once more after a second press; later it is gone."""
    if cards.may_be_shown(card, timezone.now()):
        return _sheet(request, card, key)
    messages.error(request, str(cards.MadeAlready.message))
    return redirect("account_give_card")


@sensitive_variables("code", "groups")
def _sheet(request: HttpRequest, card: Card, key: str) -> HttpResponse:
    """Show a new card, in the language of who gets it: the one time that its code is seen."""
    code = cards.code_for(by=person_of(request), key=key)
    groups = [code[start : start + 4] for start in range(0, len(code), 4)]
    with translation.override(card.user.language):
        # After the #, which browsers keep to themselves: no server or log ever sees it.
        address = f"{absolute(reverse('account_card'))}#{code}"
        shown = {
            "language": card.user.language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "address": absolute(reverse("account_card")),
        }
    context = {
        "card": card,
        "groups": groups,
        "square": qr_code(address),
        "is_new": not card.pin,
        **shown,
    }
    return render(request, "accounts/card_sheet.html", context)
