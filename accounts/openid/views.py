"""To the provider and back."""

from http import HTTPStatus
from typing import cast

import structlog
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import notices
from accounts.codes import SignIn
from accounts.forms import SignInForm
from accounts.freshness import confirm_first, is_fresh
from accounts.limits import LimitReached, closed_without_limits, count
from accounts.models import User
from accounts.pages import TOO_OFTEN, next_path_of, person_of, respond, typed_in

from . import actions, is_offered, provider, shown_name, tokens
from .attempts import Attempt, forget_newcomer, newcomer, remember_newcomer, way_back
from .claims import Told

log = structlog.get_logger(__name__)


def _problem(request: HttpRequest, title: str, text: str, status: int) -> HttpResponse:
    # This address is of no use a second time: no link may lead back to it.
    request.META["QUERY_STRING"] = ""
    context = {"title": title, "text": text, "page_path": ""}
    return render(request, "accounts/openid_problem.html", context, status=status)


def _away(request: HttpRequest) -> HttpResponse:
    log.warning("openid provider away")
    return _problem(
        request,
        gettext("%(provider)s does not answer") % {"provider": shown_name()},
        gettext("Try again in a few minutes, or sign in with a code by e-mail."),
        HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _refused(request: HttpRequest, why: str, status: int = HTTPStatus.BAD_REQUEST) -> HttpResponse:
    # Which check failed goes to the log alone: it helps whoever tries, and nobody else.
    log.warning("openid answer refused", why=why)
    return _problem(
        request,
        gettext("Signing in did not work"),
        gettext(
            "What came back is not right, or it took too long. Nothing was changed. Start again."
        ),
        status,
    )


def _too_often(request: HttpRequest) -> HttpResponse:
    title = gettext("Signing in did not work")
    return _problem(request, title, str(TOO_OFTEN), HTTPStatus.TOO_MANY_REQUESTS)


@login_not_required
@require_POST
@never_cache
@closed_without_limits
def start(request: HttpRequest) -> HttpResponse:
    """Go to the provider: to sign in, or to link an account that one is signed in to."""
    if not is_offered():
        raise Http404
    user_pk = None
    if request.user.is_authenticated:
        if not is_fresh(request):
            return confirm_first(request)
        user_pk = person_of(request).pk
    try:
        count(request, "openid")
        place = provider.find()
    except LimitReached:
        return _too_often(request)
    except provider.ProviderAway:
        return _away(request)
    attempt = Attempt.start(
        request,
        language=get_language() or settings.LANGUAGE_CODE,
        next_path=next_path_of(request),
        user_pk=user_pk,
    )
    # A page that moves on by itself: browsers hold a form's redirect against form-action.
    address = attempt.address(place)
    context = {"address": address, "provider": shown_name()}
    response = render(request, "accounts/openid_leaving.html", context)
    response.headers["Refresh"] = f"0; url={address}"
    return response


@login_not_required
@require_GET
@never_cache
@closed_without_limits
def back(request: HttpRequest) -> HttpResponse:
    """Come back from the provider; what it says is believed only after every check."""
    if not is_offered():
        raise Http404
    try:
        count(request, "openid")
    except LimitReached:
        return _too_often(request)
    attempt = Attempt.finish(request, request.GET.get("state", ""))
    if attempt is None:
        return _refused(request, "state")
    translation.activate(attempt.language)
    request.LANGUAGE_CODE = attempt.language
    if "error" in request.GET:
        return _declined(request)
    try:
        told = _told(request, attempt)
    except provider.ProviderAway:
        return _away(request)
    except tokens.TokenRefused:
        return _refused(request, "token")
    except SuspiciousOperation as error:
        return _refused(request, str(error))
    if attempt.user_pk is not None:
        return _link(request, attempt, told)
    return _sign_in(request, attempt, told)


def _declined(request: HttpRequest) -> HttpResponse:
    if request.GET["error"] in ("temporarily_unavailable", "server_error"):
        return _away(request)
    log.info("openid sign-in declined")
    return _problem(
        request,
        gettext("You did not sign in with %(provider)s") % {"provider": shown_name()},
        gettext("Nothing was changed. You can try again, or sign in with a code by e-mail."),
        HTTPStatus.FORBIDDEN,
    )


def _told(request: HttpRequest, attempt: Attempt) -> Told:
    place = provider.find()
    # Says which provider answers, where there are several (RFC 9207).
    if request.GET.get("iss", place.issuer) != place.issuer:
        raise SuspiciousOperation("issuer")
    code = request.GET.get("code", "")
    if not code or len(code) > 2000:
        raise SuspiciousOperation("code")
    token = provider.token_for(place, code=code, verifier=attempt.verifier, back=way_back())
    return tokens.told_by(token, place=place, nonce=attempt.nonce)


def _sign_in(request: HttpRequest, attempt: Attempt, told: Told) -> HttpResponse:
    if request.user.is_authenticated:
        return _refused(request, "signed in meanwhile")
    user = actions.holder_of(told.names)
    target = attempt.next_path
    if user is None and not told.email:
        remember_newcomer(request, name=told.names[0], next_path=target)
        return redirect("account_openid_address")
    if user is None:
        try:
            user = actions.open_account_for(
                name=told.names[0], email=told.email, language=attempt.language
            )
        except actions.AddressIsKnown:
            return _known_address(request)
        target = target or f"{reverse('accounts:profile')}?welkom=1"
    response = perform_login(request, user, email=user.email, redirect_url=target or None)
    return cast(HttpResponse, response)


def _known_address(request: HttpRequest) -> HttpResponse:
    return _problem(
        request,
        gettext("You have an account here already"),
        gettext(
            "It is never joined to %(provider)s by itself. Sign in with a code by e-mail, then "
            "link it under “Sign-in and safety”."
        )
        % {"provider": shown_name()},
        HTTPStatus.CONFLICT,
    )


def _link(request: HttpRequest, attempt: Attempt, told: Told) -> HttpResponse:
    user = person_of(request)
    if not user.is_authenticated or user.pk != attempt.user_pk:
        return _refused(request, "another person", HTTPStatus.FORBIDDEN)
    holder = actions.holder_of(told.names)
    try:
        if holder is not None and holder.pk != user.pk:
            raise actions.IdentityIsKnown
        actions.link(user=user, name=told.names[0])
    except actions.IdentityIsKnown:
        return _problem(
            request,
            gettext("This %(provider)s belongs to another account") % {"provider": shown_name()},
            gettext("Sign in with it to see which one. Nothing was changed."),
            HTTPStatus.CONFLICT,
        )
    notices.send("safety_changed", user.email, user, what="linked", provider=shown_name())
    messages.success(
        request,
        gettext("You can sign in with %(provider)s from now on.") % {"provider": shown_name()},
    )
    return redirect("account_safety")


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
@closed_without_limits
def address(request: HttpRequest) -> HttpResponse:
    """Ask a newcomer for an address, where the provider told none; a code goes to it."""
    found = newcomer(request)
    if request.user.is_authenticated or found is None or not is_offered():
        return redirect("account_login")
    name, next_path = found
    form = SignInForm(typed_in(request))
    if request.method == "POST" and "stop" in request.POST:
        forget_newcomer(request)
        return redirect("account_login")
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            SignIn.start(request, email=email, next_path=next_path, identity=name)
        except LimitReached:
            return respond(request, "openid_address", form, refused=True, provider=shown_name())
        return redirect("account_confirm_login_code")
    return respond(request, "openid_address", form, provider=shown_name())


@require_POST
@never_cache
def unlink(request: HttpRequest) -> HttpResponse:
    """Forget who somebody is at the provider."""
    user: User = person_of(request)
    if not is_fresh(request):
        return confirm_first(request)
    if actions.unlink(user=user):
        notices.send("safety_changed", user.email, user, what="unlinked", provider=shown_name())
        messages.success(request, gettext("The link is removed."))
    return redirect("account_safety")
