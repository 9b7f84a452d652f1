"""The pages about one's own data: what is held, taking it out, and leaving."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.card_forms import WRONG_PIN, PinForm
from accounts.cards import shows_pin
from accounts.codes import DepartureCode, Verdict
from accounts.forms import CodeForm
from accounts.freshness import fresh_only
from accounts.holdings import all_holdings
from accounts.limits import LimitReached, closed_without_limits, count
from accounts.models import User
from contributions.actions import Refused
from contributions.requests import signed_in
from participatie.privacy.forms import LeaveForm
from participatie.privacy.leaving import CannotLeaveYet, leave, why_not
from participatie.privacy.models import TakeOut
from participatie.privacy.taking_out import AlreadyAsked, ask_take_out, may_ask_again

_VERDICTS = {
    Verdict.WRONG: _("This is not the code. Look at the newest e-mail we sent you."),
    Verdict.EXPIRED: _("This code is older than 15 minutes. Ask for a new one."),
    Verdict.USED_UP: _("Too many wrong codes. Ask for a new one."),
}
#: What somebody chose who signs in by a card and is about to leave.
_BY_PIN_KEY = "departure_by_pin"
_TOO_OFTEN = _("You tried this too often. Wait a while, then try again.")


def _own_data_page(
    request: HttpRequest, person: User, *, problem: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    take_out = TakeOut.objects.filter(person=person).first()
    held = [(holding.name, holding.rows(person).count()) for holding in reversed(all_holdings())]
    return render(
        request,
        "participatie/privacy/own_data.html",
        {
            "held": [(name, number) for name, number in held if number],
            "take_out": take_out,
            "is_ready": take_out is not None and take_out.is_ready_at(now),
            "may_ask": may_ask_again(take_out, now),
            "problem": problem,
        },
        status=status,
    )


@require_safe
@never_cache
def own_data(request: HttpRequest) -> HttpResponse:
    """Show what is held of the person who looks, and how far their take-out is."""
    return _own_data_page(request, signed_in(request))


@require_POST
@never_cache
def take_out(request: HttpRequest) -> HttpResponse:
    """Ask for a take-out; sending it twice asks once."""
    person = signed_in(request)
    try:
        ask_take_out(person=person, language=get_language() or person.language)
    except AlreadyAsked:
        pass
    except Refused as refused:
        return _own_data_page(
            request, person, problem=str(refused), status=HTTPStatus.TOO_MANY_REQUESTS
        )
    return redirect("own_data")


@require_safe
@never_cache
@fresh_only
def take_out_file(request: HttpRequest, /, key: UUID) -> FileResponse:
    """Send a take-out to its owner alone: looked for among their own, so that a key does not do."""
    person = signed_in(request)
    own = TakeOut.objects.filter(person=person).ready_at(timezone.now())
    found = get_object_or_404(own, key=key)
    try:
        file = default_storage.open(found.path, "rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    TakeOut.objects.filter(pk=found.pk).update(fetched_at=timezone.now())
    made = timezone.localdate(found.ready_at)
    name = gettext("my-data")
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}-{made:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@closed_without_limits
def leave_page(request: HttpRequest) -> HttpResponse:
    """Tell what goes and what stays, and send a code to whoever chose."""
    person = signed_in(request)
    sentences = why_not(person)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST" and sentences:
        status = HTTPStatus.CONFLICT
    elif request.method == "POST" and form.is_valid():
        try:
            count(request, "leave")
            if person.email is None:
                request.session[_BY_PIN_KEY] = {"texts_stay": form.texts_stay}
            else:
                DepartureCode.start(request, email=person.email, texts_stay=form.texts_stay)
            return redirect("leave_confirm")
        except LimitReached:
            form.add_error(None, str(_TOO_OFTEN))
            status = HTTPStatus.TOO_MANY_REQUESTS
    context = {"form": form, "sentences": sentences}
    return render(request, "participatie/privacy/leave.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@closed_without_limits
def leave_confirm(request: HttpRequest) -> HttpResponse:
    """The code comes back: the account closes, and everybody is signed out of it."""
    person = signed_in(request)
    if person.email is None:
        return _confirm_by_pin(request, person)
    attempt = DepartureCode.pending(request)
    if attempt is None or attempt.code.email != person.email:
        return redirect("leave")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verdict = attempt.code.check(request, form.cleaned_data["code"])
        if verdict is Verdict.RIGHT:
            return _go(request, person, texts_stay=attempt.texts_stay)
        form.add_error("code", _VERDICTS[verdict])
    context = {"form": form, "email": person.email, "texts_stay": attempt.texts_stay}
    return render(request, "participatie/privacy/leave_confirm.html", context)


def _confirm_by_pin(request: HttpRequest, person: User) -> HttpResponse:
    """Ask who signs in by a card for their PIN, where others type a code from a mail."""
    choice = request.session.get(_BY_PIN_KEY)
    if choice is None:
        return redirect("leave")
    texts_stay = bool(choice["texts_stay"])
    form = PinForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            count(request, "card", key=str(person.pk))
            if shows_pin(user=person, pin=form.cleaned_data["pin"]):
                del request.session[_BY_PIN_KEY]
                return _go(request, person, texts_stay=texts_stay)
            form.add_error("pin", WRONG_PIN)
        except LimitReached:
            form.add_error(None, str(_TOO_OFTEN))
            status = HTTPStatus.TOO_MANY_REQUESTS
    context = {"form": form, "by_card": True, "texts_stay": texts_stay}
    return render(request, "participatie/privacy/leave_confirm.html", context, status=status)


def _go(request: HttpRequest, person: User, *, texts_stay: bool) -> HttpResponse:
    DepartureCode.forget(request)
    try:
        leave(person=person, texts_stay=texts_stay)
    except CannotLeaveYet as refused:
        messages.error(request, str(refused))
        return redirect("leave")
    logout(request)
    return redirect("left")


@require_safe
@login_not_required
def left(request: HttpRequest) -> HttpResponse:
    """Say goodbye, and what still happens."""
    return render(request, "participatie/privacy/left.html")
