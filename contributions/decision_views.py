"""What was decided about one's own texts and account, and asking for another look at it."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contributions import actions
from contributions.appeals import can_judge
from contributions.decision_forms import AppealForm
from contributions.limits import may_send_recording
from contributions.models import Appeal, Decision, Measure
from contributions.recordings import played
from contributions.requests import signed_in, with_microphone
from contributions.statements import Statement, lines_for, statement_of


@require_safe
@never_cache
def decisions(request: HttpRequest) -> HttpResponse:
    """List what was decided about a person's texts and account, the newest first."""
    told = request.GET.get("before", "")
    before = int(told) if told.isascii() and told.isdigit() and len(told) < 18 else None
    listed = lines_for(signed_in(request), now=timezone.now(), before=before)
    return render(request, "contributions/decisions.html", {"listed": listed})


def _statement(request: HttpRequest, pk: int, *, is_measure: bool) -> Statement:
    """Return what was decided, to whom it is about; for anybody else it does not exist."""
    about: Decision | Measure
    if is_measure:
        about = get_object_or_404(
            Measure.objects.select_related("rule", "dossier", "decision"), pk=pk
        )
    else:
        about = get_object_or_404(
            Decision.objects.select_related("rule", "dossier", "picture"), pk=pk
        )
    statement = statement_of(about, reader=signed_in(request), now=timezone.now())
    if statement is None:
        raise Http404
    return statement


@require_safe
@never_cache
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell an author what was decided about their text, why, and what they can do."""
    statement = _statement(request, pk, is_measure=False)
    return render(request, "contributions/decision.html", {"statement": statement})


@require_safe
@never_cache
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a person what was decided about their account, why, and what they can do."""
    statement = _statement(request, pk, is_measure=True)
    return render(request, "contributions/decision.html", {"statement": statement})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@with_microphone
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for another look at a decision, in writing or by voice."""
    return _appeal(request, _statement(request, pk, is_measure=False), "decisions:decision")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@with_microphone
def appeal_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for another look at a measure, in writing or by voice."""
    return _appeal(request, _statement(request, pk, is_measure=True), "decisions:measure")


def _appeal(request: HttpRequest, statement: Statement, back: str) -> HttpResponse:
    is_sent = request.method == "POST"
    form = (
        AppealForm(request.POST, request.FILES, may_send=partial(may_send_recording, request))
        if is_sent
        else AppealForm()
    )
    status = 200
    refused = statement.refused
    # What cannot be asked any more is said before anybody reads through a file.
    if refused:
        status = 409
    elif is_sent and form.is_valid():
        try:
            actions.appeal(
                about=statement.about,
                by=signed_in(request),
                words=form.cleaned_data["words"],
                recording=form.encoded,
            )
        except actions.NothingSaid as no:
            form.add_error("words", str(no))
            status = 422
        except actions.Refused as no:
            refused, status = str(no), 409
        else:
            messages.success(
                request,
                _("We have it. Somebody else looks at it again; you read here what they say."),
            )
            return redirect(back, statement.about.pk)
    elif is_sent:
        status = 429 if form.has_error("recording", "too_many") else 422
    return render(
        request,
        "contributions/appeal.html",
        {"statement": statement, "form": form, "refused": refused, "back": back},
        status=status,
    )


@require_safe
@never_cache
def recording(request: HttpRequest, key: UUID) -> HttpResponse:
    """Play a recording to whom it is of, and until it is judged to who can judge it."""
    found = get_object_or_404(
        Appeal.objects.exclude(recording="").select_related(
            "decision__dossier", "measure__dossier", "area"
        ),
        key=key,
    )
    person = signed_in(request)
    is_to_judge = found.judged_at is None and can_judge(person, found)
    if found.filed_by_id != person.pk and not is_to_judge:
        raise Http404
    try:
        return played(request, found.recording)
    except FileNotFoundError as missing:
        raise Http404 from missing
