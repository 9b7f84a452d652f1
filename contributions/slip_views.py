"""What somebody does with a slip: see how it goes, change the words, withdraw, take it along.

The code is sent once, in a form: after that this browser's session knows which slip it holds, for
half an hour. No address holds a code but the one that is scanned, and that one does nothing.
"""

import datetime
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import actions, slips
from contributions.actions import Refused, SlipOver
from contributions.history import beside_what_stands
from contributions.kinds import contribution_of, kind_of
from contributions.limits import NobodyCounts, guess_of_slip, was_no_guess
from contributions.models import Contribution, Decision, Status, Telling
from contributions.requests import signed_in
from contributions.revisions import version_of_words, words_to_go_on_with
from contributions.slip_forms import CodeForm, WordsForm

SESSION_KEY = "slip"
HELD_FOR = datetime.timedelta(minutes=30)
#: What the form for other words is filled in with, of whatever kind.
TYPED_IN = ("title", "text", "help_wanted")
#: What nobody reads, its teller too: it is hidden, or was refused.
OUT_OF_SIGHT = (Status.HIDDEN, Status.REJECTED)
CHANGEABLE = (Status.SUBMITTED, Status.RETURNED, Status.PUBLISHED)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a slip."""
    if request.method != "POST":
        return _enter(request, CodeForm(), 200)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _enter(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        guess = guess_of_slip(request)
    except NobodyCounts as refused:
        form.add_error(None, str(refused))
        return _enter(request, form, HTTPStatus.SERVICE_UNAVAILABLE)
    if guess is None:
        form.add_error(
            "code", _("Very many codes were tried. Wait an hour, then type yours again.")
        )
        return _enter(request, form, HTTPStatus.TOO_MANY_REQUESTS)
    telling = slips.find(form.cleaned_data["code"])
    if telling is None:
        form.add_error("code", _("There is no slip with this code. Look at your slip again."))
        return _enter(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    was_no_guess(guess)
    try:
        actions.check_slip(telling, timezone.now())
    except Refused as refused:
        form.add_error("code", str(refused))
        is_over = isinstance(refused, SlipOver)
        return _enter(request, form, HTTPStatus.GONE if is_over else HTTPStatus.CONFLICT)
    _hold(request, telling)
    return redirect("slips:told")


def _enter(request: HttpRequest, form: CodeForm, status: int) -> HttpResponse:
    return render(request, "contributions/slip_enter.html", {"form": form}, status=status)


@require_safe
@login_not_required
@never_cache
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Show the code that was scanned, ready to be sent; nothing is looked up by opening a page."""
    normal = slips.normalise(code)
    if not normal:
        raise Http404
    return _enter(request, CodeForm(initial={"code": slips.in_groups(normal)}), 200)


def _hold(request: HttpRequest, telling: Telling) -> None:
    request.session[SESSION_KEY] = {"telling": telling.pk, "at": timezone.now().timestamp()}


def _held(request: HttpRequest) -> Telling | None:
    """Return what the slip in this browser belongs to, while that was used a short time ago."""
    held = request.session.get(SESSION_KEY)
    now = timezone.now()
    if not held or held["at"] < (now - HELD_FOR).timestamp():
        request.session.pop(SESSION_KEY, None)
        return None
    telling = (
        Telling.objects.select_related("dossier", "session__held_by", "session__area")
        .filter(pk=held["telling"])
        .first()
    )
    if telling is not None:
        _hold(request, telling)
    return telling


View = Callable[[HttpRequest, Telling, Contribution], HttpResponse]


def with_slip(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Give a view what the slip opens; who holds none, or one that is over, types a code first."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        telling = _held(request)
        if telling is None:
            return _to_the_code(request, _("Type the code on your slip first."))
        try:
            actions.check_slip(telling, timezone.now())
        except Refused as refused:
            _let_go(request)
            return _to_the_code(request, str(refused))
        return view(request, telling, contribution_of(telling.dossier))

    return wrapped


def _to_the_code(request: HttpRequest, why: str) -> HttpResponse:
    """Ask for the code of a slip; what somebody typed meanwhile stands there, to be copied."""
    typed = [text for name in TYPED_IN if (text := request.POST.get(name, "").strip())]
    if not typed:
        messages.info(request, why)
        return redirect("slips:enter")
    messages.error(request, why)
    context = {"form": CodeForm(), "typed": typed}
    return render(request, "contributions/slip_enter.html", context, status=HTTPStatus.CONFLICT)


def _let_go(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


@require_safe
@login_not_required
@never_cache
@with_slip
def told(request: HttpRequest, telling: Telling, text: Contribution) -> HttpResponse:
    """Show where it stands, what it says, and what one can do."""
    is_out_of_sight = text.status in OUT_OF_SIGHT
    decision = None
    if text.status == Status.RETURNED:
        decision = Decision.objects.filter(dossier=text.dossier_id, automatic=False).last()
    return render(
        request,
        "contributions/slip_told.html",
        {
            "telling": telling,
            "text": text,
            "title": "" if is_out_of_sight else kind_of(text).title(text),
            "said": "" if is_out_of_sight else kind_of(text).said(text),
            "is_out_of_sight": is_out_of_sight,
            "can_change": text.status in CHANGEABLE,
            "decision": decision,
            "promised_date": telling.dossier.promised_date,
            "page": text.get_absolute_url() if text.is_published else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@with_slip
def change(request: HttpRequest, telling: Telling, text: Contribution) -> HttpResponse:
    """Change the words; those on the site stay until a moderator has read the new ones."""
    if text.status not in CHANGEABLE:
        if request.method == "POST":
            return _to_the_code(request, str(actions.NotPossibleNow()))
        return redirect("slips:told")
    words = words_to_go_on_with(text)
    if request.method != "POST":
        form = WordsForm(text=text, words=words)
        return _change(request, text, form, version_of_words(text))
    form = WordsForm(request.POST, text=text, words=words)
    started_from = request.POST.get("started_from", "")[:64]
    if not form.is_valid():
        return _change(request, text, form, started_from, status=422)
    try:
        actions.change_by_slip(
            telling=telling,
            words={**words, **form.cleaned_data},
            started_from=started_from,
        )
    except actions.EditedElsewhere as refused:
        form.add_error(None, str(refused))
        elsewhere = beside_what_stands(text, {**words, **form.cleaned_data})
        now_from = version_of_words(text)
        return _change(request, text, form, now_from, elsewhere=elsewhere, status=409)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _change(request, text, form, started_from, status=409)
    messages.success(request, _("Your change is in."))
    return redirect("slips:told")


def _change(
    request: HttpRequest,
    text: Contribution,
    form: WordsForm,
    started_from: str,
    *,
    elsewhere: Any = None,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "contributions/slip_change.html",
        {"text": text, "form": form, "started_from": started_from, "elsewhere": elsewhere},
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@with_slip
def withdraw(request: HttpRequest, telling: Telling, text: Contribution) -> HttpResponse:
    """Ask once more, and take it off the site."""
    if request.method == "POST":
        try:
            actions.withdraw_by_slip(telling=telling)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("It is off the site. Nobody else sees it any more."))
        return redirect("slips:told")
    if text.status not in CHANGEABLE:
        return redirect("slips:told")
    context = {"text": text, "title": kind_of(text).title(text)}
    return render(request, "contributions/slip_withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@with_slip
def claim(request: HttpRequest, telling: Telling, text: Contribution) -> HttpResponse:
    """Take it into one's account: who is not signed in does that first, and comes back here."""
    if request.method == "POST":
        try:
            claimed = actions.claim_telling(telling=telling, by=signed_in(request))
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("slips:told")
        _let_go(request)
        messages.success(request, _("It is yours now: it stands on My page."))
        return redirect(claimed.get_absolute_url())
    return render(request, "contributions/slip_claim.html", {"text": text})


@require_POST
@login_not_required
def leave(request: HttpRequest) -> HttpResponse:
    """Let this browser forget the slip."""
    _let_go(request)
    messages.success(request, _("This device does not know your slip any more."))
    return redirect("slips:enter")
