"""What a reader does beside deciding: begin to read, put back, pass on, undo, several at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from contributions.actions import (
    NotAllowed,
    NotPossibleNow,
    ReadByColleague,
    Refused,
    ask_machine,
    claim,
    keep,
    may_be_read_with_help,
    pass_on,
    publish,
    release,
    undo,
    write_note,
)
from contributions.kinds import contribution_of, kind_of
from contributions.limits import TooManyTranslations, may_ask_for_translation
from contributions.models import Decision, Dossier, Status
from moderation.happened import what_happened
from moderation.queue import PAGE_SIZE, can_go_together
from moderation.readers import dossier_for, reader_of, to_next
from moderation.views import note_form


@require_POST
@never_cache
def begin(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Begin to read a text, so that no colleague judges it meanwhile."""
    reader = reader_of(request)
    dossier = dossier_for(reader, dossier_pk)
    try:
        claim(dossier=dossier, by=reader)
    except NotAllowed as refused:
        return _refuse(request, dossier, refused, status=403)
    except Refused as refused:
        return _refuse(request, dossier, refused)
    return redirect("moderation:item", dossier.pk)


@require_POST
@never_cache
def put_back(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Stop reading: a colleague can take it at once."""
    reader = reader_of(request)
    release(dossier=dossier_for(reader, dossier_pk), by=reader)
    return redirect("moderation:queue")


@require_POST
@never_cache
def next_one(request: HttpRequest) -> HttpResponse:
    """Begin with the next text that nobody reads."""
    reader = reader_of(request)
    number = request.POST.get("after", "")
    after = (
        Dossier.objects.reviewable_by(reader).filter(pk=int(number)).first()
        if number.isascii() and number.isdecimal() and len(number) <= 18
        else None
    )
    return to_next(request, reader, after)


@require_POST
@never_cache
def note(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Leave a note for colleagues; with a name, the text goes to that colleague with it."""
    reader = reader_of(request)
    dossier = dossier_for(reader, dossier_pk)
    contribution = contribution_of(dossier)
    contribution.dossier = dossier
    form = note_form(contribution, reader, request.POST)
    if not form.is_valid():
        return render(
            request, "moderation/note.html", {"dossier": dossier, "form": form}, status=422
        )
    words = form.cleaned_data["note"]
    try:
        if not form.passes_on:
            write_note(dossier=dossier, by=reader, text=words)
            return redirect("moderation:item", dossier.pk)
        pass_on(dossier=dossier, by=reader, text=words, to=form.colleague)
    except Refused as refused:
        form.add_error(None, str(refused))
        status = 409 if isinstance(refused, NotPossibleNow | ReadByColleague) else 422
        return render(
            request, "moderation/note.html", {"dossier": dossier, "form": form}, status=status
        )
    messages.success(request, _("Passed on. It keeps its place in the queue."))
    return redirect("moderation:queue")


@require_POST
@never_cache
def undo_decision(request: HttpRequest, decision_pk: int) -> HttpResponse:
    """Undo one's own decision of the last ten minutes; another's does not exist."""
    reader = reader_of(request)
    decision = get_object_or_404(
        Decision.objects.select_related("dossier"), pk=decision_pk, decided_by=reader
    )
    try:
        undo(decision=decision, by=reader)
    except Refused as refused:
        return _refuse(request, decision.dossier, refused)
    messages.success(request, _("Undone. The text waits where it waited before."))
    return redirect("moderation:item", decision.dossier_id)


@dataclass(frozen=True)
class Refusal:
    """One of several texts that was not decided about, and why."""

    title: str
    why: str


@require_POST
@never_cache
def together(request: HttpRequest) -> HttpResponse:
    """Publish several texts, or leave them on the site: each by itself, so that one stops none.

    Each is sent with the version that was shown; what changed since is not decided about.
    """
    reader = reader_of(request)
    done = 0
    refusals: list[Refusal] = []
    for chosen in request.POST.getlist("chosen")[:PAGE_SIZE]:
        refusal = _let_stand(chosen, reader)
        if refusal is None:
            done += 1
        else:
            refusals.append(refusal)
    if refusals:
        context = {"done": done, "refusals": refusals}
        return render(request, "moderation/together.html", context, status=409)
    if done:
        messages.success(
            request,
            ngettext("Done: %(count)s text stands.", "Done: %(count)s texts stand.", done)
            % {"count": done},
        )
    else:
        messages.error(request, _("Choose at least one text."))
    return redirect("moderation:queue")


def _let_stand(chosen: str, reader: User) -> Refusal | None:
    """Publish or keep one text, as it was shown; return why not, if so."""
    number, _space, seen = chosen.partition(" ")
    dossier = (
        Dossier.objects.reviewable_by(reader).filter(pk=int(number)).first()
        if number.isascii() and number.isdecimal() and len(number) <= 18
        else None
    )
    if dossier is None:
        return Refusal("", _("This text is not there any more."))
    contribution = contribution_of(dossier)
    contribution.dossier = dossier
    if contribution.status in (Status.DRAFT, Status.WITHDRAWN):
        # What its author took away is not shown to anybody.
        return Refusal("", what_happened(dossier))
    title = kind_of(dossier).title(contribution)
    if not can_go_together(contribution):
        return Refusal(title, what_happened(dossier) or str(NotPossibleNow()))
    verb = publish if contribution.status == Status.SUBMITTED else keep
    try:
        verb(dossier=dossier, by=reader, seen=seen)
    except NotPossibleNow as refused:
        return Refusal(title, what_happened(dossier) or str(refused))
    except Refused as refused:
        return Refusal(title, str(refused))
    return None


def _refuse(
    request: HttpRequest, dossier: Dossier, refused: Refused, *, status: int = 409
) -> HttpResponse:
    """Say why something could not be done, and what happened in the meantime."""
    context = {"why": str(refused), "happened": what_happened(dossier), "dossier": dossier}
    return render(request, "moderation/gone.html", context, status=status)


@require_POST
@never_cache
def translate(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Ask a machine for a text in the reader's language, to help with reading it."""
    reader = reader_of(request)
    dossier = dossier_for(reader, dossier_pk)
    contribution = contribution_of(dossier)
    contribution.dossier = dossier
    if not may_be_read_with_help(reader, contribution):
        raise Http404
    try:
        if not may_ask_for_translation(request):
            raise TooManyTranslations
        ask_machine(contribution=contribution, language=get_language() or "")
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("The machine is asked. It takes a minute or so: then look at this page again."),
        )
    return redirect("moderation:item", dossier.pk)
