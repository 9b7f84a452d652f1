"""The moderators' screens: the queue, and one contribution with its decision."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from contributions.actions import (
    NotPossibleNow,
    ReadByColleague,
    Refused,
    TextChanged,
    undoable_by,
    version_of,
)
from contributions.history import changes_since_it_was_read, waiting_change
from contributions.kinds import all_kinds, contribution_of, kind_of
from contributions.models import Contribution, Dossier, Note, SavedReply, Status
from contributions.review import can_review, colleagues_for, has_a_part, published_by
from contributions.translation_lists import has_some_to_read
from moderation.author import past_of
from moderation.choices import WHY, choices_of
from moderation.decisions import KNOWN, decide, offered_for, pictures_judged, recordings_judged
from moderation.forms import DecisionForm, NoteForm
from moderation.happened import what_happened
from moderation.marks import marks_of
from moderation.queue import queue_of
from moderation.readers import dossier_for, reader_of, to_next
from moderation.reading_aid import aid_for
from moderation.reports import reports_of
from moderation.waiting import appeals_waiting_for, waiting_for

#: Somebody else was first: said with 409, and what they did.
TOO_LATE = (NotPossibleNow, TextChanged, ReadByColleague)
#: Whether the next text opens after a decision, as the reader wants it.
OPEN_NEXT = "open_next_of_queue"


@require_safe
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits: what cannot wait first, then the longest waiting."""
    reader, now = reader_of(request), timezone.now()
    choices = choices_of(request)
    waiting = queue_of(reader, now=now, choices=choices, after=request.GET.get("after", ""))
    return render(
        request,
        "moderation/queue.html",
        {
            "queue": waiting,
            "kinds": [kind for kind in all_kinds() if kind.reviewed],
            "reasons": [(one, Dossier.Review(one).label) for one in WHY],
            "choices": choices,
            "undoable": undoable_by(reader, now),
            "has_translations": has_some_to_read(reader),
        },
    )


@require_safe
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """Show how much waits in each language and area, and which promises are about to break."""
    reader = reader_of(request)
    rows = waiting_for(reader, now=timezone.now())
    return render(
        request,
        "moderation/waiting.html",
        {
            "figures": rows,
            "waiting": sum(row.waiting for row in rows),
            "late": sum(row.late for row in rows),
            "soon": sum(row.soon for row in rows),
            "appeals": appeals_waiting_for(reader, now=timezone.now()),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def item(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Show one contribution with what was decided before, and take a decision about it."""
    reader = reader_of(request)
    dossier = dossier_for(reader, dossier_pk)
    contribution = contribution_of(dossier)
    contribution.dossier = dossier
    is_post = request.method == "POST"
    if contribution.status in (Status.DRAFT, Status.WITHDRAWN):
        if is_post and contribution.status == Status.WITHDRAWN:
            return _gone(request, dossier)
        raise Http404
    allowed = can_review(reader, contribution) and not has_a_part(reader, dossier)
    offered = offered_for(contribution) if allowed else []
    # Before the text that is shown is loaded: what changes in between makes the decision refused.
    seen = version_of(contribution)
    if is_post and "put_in" in request.POST:
        form = _with_reply(request.POST, offered, contribution)
        return _show(request, contribution, form, seen, allowed=allowed)
    form = _form(
        request.POST.get("decision", ""),
        offered,
        seen,
        dossier=dossier,
        data=request.POST if is_post else None,
    )
    if not is_post:
        return _show(request, contribution, form, seen, allowed=allowed)
    return _decide(request, reader, contribution, form, seen, allowed=allowed)


def _decide(
    request: HttpRequest,
    reader: User,
    contribution: Contribution,
    form: DecisionForm,
    seen: str,
    *,
    allowed: bool,
) -> HttpResponse:
    dossier = contribution.dossier
    # Else a decision that could be taken about what stood there when the page was opened.
    was_read = request.POST.get("seen") not in (None, "", seen)
    status = 422
    if form.is_valid():
        try:
            decision = decide(dossier=dossier, by=reader, cleaned=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409 if isinstance(refused, TOO_LATE) else 422
        else:
            messages.success(
                request, _("Done: %(outcome)s.") % {"outcome": decision.get_outcome_display()}
            )
            request.session[OPEN_NEXT] = form.cleaned_data["open_next"]
            if form.cleaned_data["open_next"]:
                return to_next(request, reader)
            return redirect("moderation:queue")
    elif was_read and request.POST.get("decision") in KNOWN and form.has_error("decision"):
        status = 409
    if status == 409:
        # As it stands by now.
        contribution = contribution_of(dossier)
        contribution.dossier = dossier_for(reader, dossier.pk)
        if contribution.status == Status.WITHDRAWN:
            return _gone(request, dossier)
        seen = version_of(contribution)
    form.read_again(seen)
    return _show(request, contribution, form, seen, allowed=allowed, status=status)


def _gone(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Say that its author took the text away before it was decided about."""
    return render(request, "moderation/gone.html", {"happened": what_happened(dossier)}, status=409)


def _form(
    decision: str,
    offered: list[str],
    seen: str,
    *,
    dossier: Dossier,
    data: QueryDict | None = None,
    open_next: bool = False,
) -> DecisionForm:
    """Return the form of one decision; several stand on the page, each with ids of its own."""
    return DecisionForm(
        data,
        initial={"decision": decision, "seen": seen, "open_next": open_next},
        offered=offered,
        dossier=dossier,
        auto_id=f"{decision}_%s" if decision in offered else "id_%s",
    )


def _with_reply(data: QueryDict, offered: list[str], contribution: Contribution) -> DecisionForm:
    """Return the form as it was filled in, with the saved reply that was chosen put in."""
    decision = data.get("decision", "")
    names = ("decision", "seen", "rule", "facts", "reason", "reply", "open_next")
    typed = {name: str(data[name])[:4000] for name in names if name in data}
    form = DecisionForm(
        initial=typed,
        offered=offered,
        is_opened=True,
        auto_id=f"{decision}_%s" if decision in offered else "id_%s",
    )
    reply = form.reply_chosen()
    if reply is not None:
        author = contribution.author
        language = author.language if author else contribution.language
        words = reply.text_in(language)
        before = typed.get("reason", "").strip()
        form.initial["reason"] = f"{before}\n\n{words}" if before else words
    return form


def _show(
    request: HttpRequest,
    contribution: Contribution,
    form: DecisionForm,
    seen: str,
    *,
    allowed: bool,
    status: int = 200,
) -> HttpResponse:
    reader, now = reader_of(request), timezone.now()
    dossier = contribution.dossier
    kind = kind_of(dossier)
    author = contribution.author
    holder = dossier.reader_at(now)
    is_read_by_other = holder is not None and holder.pk != reader.pk
    offered = offered_for(contribution) if allowed and not is_read_by_other else []
    open_next = bool(request.session.get(OPEN_NEXT))
    chosen = form["decision"].value() if form.is_opened else None
    return render(
        request,
        "moderation/item.html",
        {
            "dossier": dossier,
            "contribution": contribution,
            "kind": kind,
            "title": kind.title(contribution),
            "parts": kind.parts(contribution),
            "aid": aid_for(reader, contribution, get_language() or ""),
            "change": waiting_change(contribution),
            "since_read": (
                changes_since_it_was_read(contribution)
                if contribution.status == Status.SUBMITTED
                else []
            ),
            "marks": marks_of(dossier, reader),
            # Hidden ones too: whoever decides sees what is decided about.
            "pictures": list(pictures_judged(dossier)),
            "recordings": list(recordings_judged(dossier)),
            "published_before": published_by(author) if author else 0,
            "past": past_of(author, reader=reader, besides=contribution) if author else None,
            "reports": reports_of(dossier),
            "decisions": dossier.decisions.select_related("rule", "decided_by"),
            "notes": Note.objects.filter(dossier=dossier).select_related("written_by", "passed_to"),
            "note_form": note_form(contribution, reader) if allowed else None,
            "form": form,
            "offered": offered,
            "decision_forms": {
                decision: (
                    form
                    if decision == chosen
                    else _form(decision, offered, seen, dossier=dossier, open_next=open_next)
                )
                for decision in offered
            },
            "allowed": allowed,
            # Who wrote it reads nothing here that its author does not read.
            "is_own": contribution.is_of(reader),
            "has_a_part": not allowed and has_a_part(reader, dossier),
            "holder": holder,
            "is_read_by_other": is_read_by_other,
            "happened": what_happened(dossier) if status == 409 else "",
            "undoable": undoable_by(reader, now),
            "has_replies": SavedReply.objects.filter(is_offered=True).exists(),
            "is_post": request.method == "POST",
        },
        status=status,
    )


def note_form(contribution: Contribution, reader: User, data: QueryDict | None = None) -> NoteForm:
    """Return the form of a note, with the colleagues to whom a text that waits can go."""
    may_pass = contribution.dossier.waiting_since is not None
    return NoteForm(
        data,
        colleagues=colleagues_for(contribution, besides=reader) if may_pass else [],
        may_pass=may_pass,
    )
