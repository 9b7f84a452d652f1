"""The moderators' screens: the queue, and one contribution with its decision."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role, User
from contributions.actions import Refused, version_of
from contributions.history import changes_since_it_was_read, waiting_change
from contributions.kinds import all_kinds, contribution_of, kind_of
from contributions.models import Dossier, Status
from contributions.requests import signed_in
from contributions.review import can_review, published_by
from moderation.decisions import decide, offered_for, pictures_judged
from moderation.forms import DecisionForm
from moderation.queue import queue_of


def _moderator(request: HttpRequest) -> User:
    """Return the moderator; to anyone else these pages do not exist."""
    person = signed_in(request)
    if not person.has_role(Role.MODERATOR):
        raise Http404
    return person


@require_safe
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, oldest first."""
    moderator = _moderator(request)
    kinds = [kind for kind in all_kinds() if kind.reviewed]
    language = request.GET.get("language", "")
    kind = request.GET.get("kind", "")
    waiting = queue_of(
        moderator,
        now=timezone.now(),
        language=language if language in dict(settings.CONTENT_LANGUAGES) else "",
        kind=kind if kind in {known.name for known in kinds} else "",
        after=request.GET.get("after", ""),
    )
    return render(
        request,
        "moderation/queue.html",
        {"queue": waiting, "kinds": kinds, "language": language, "kind": kind},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def item(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Show one contribution with what was decided before, and take a decision about it."""
    moderator = _moderator(request)
    dossier = get_object_or_404(
        Dossier.objects.reviewable_by(moderator).select_related("area"), pk=dossier_pk
    )
    contribution = contribution_of(dossier)
    contribution.dossier = dossier
    if contribution.status in (Status.DRAFT, Status.WITHDRAWN):
        raise Http404
    allowed = can_review(moderator, contribution)
    offered = offered_for(contribution) if allowed else []
    # Before the text that is shown is loaded: what changes in between makes the decision refused.
    seen = version_of(contribution)
    form = _form(
        request.POST.get("decision", ""),
        offered,
        seen,
        dossier=dossier,
        data=request.POST if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            decision = decide(dossier=dossier, by=moderator, cleaned=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
            form.read_again(seen)
        else:
            messages.success(
                request,
                _("Done: %(outcome)s.") % {"outcome": decision.get_outcome_display()},
            )
            return redirect("moderation:queue")
    return _show(request, dossier, form, offered, seen, allowed=allowed)


def _form(
    decision: str,
    offered: list[str],
    seen: str,
    *,
    dossier: Dossier,
    data: QueryDict | None = None,
) -> DecisionForm:
    """Return the form of one decision; several stand on the page, each with ids of its own."""
    return DecisionForm(
        data,
        initial={"decision": decision, "seen": seen},
        offered=offered,
        dossier=dossier,
        auto_id=f"{decision}_%s" if decision in offered else "id_%s",
    )


def _show(
    request: HttpRequest,
    dossier: Dossier,
    form: DecisionForm,
    offered: list[str],
    seen: str,
    *,
    allowed: bool,
) -> HttpResponse:
    contribution = contribution_of(dossier)
    contribution.dossier = dossier
    kind = kind_of(dossier)
    author = contribution.author
    return render(
        request,
        "moderation/item.html",
        {
            "dossier": dossier,
            "contribution": contribution,
            "kind": kind,
            "title": kind.title(contribution),
            "parts": kind.parts(contribution),
            "change": waiting_change(contribution),
            "since_read": (
                changes_since_it_was_read(contribution)
                if contribution.status == Status.SUBMITTED
                else []
            ),
            # Hidden ones too: whoever decides sees what is decided about.
            "pictures": list(pictures_judged(dossier)),
            "published_before": published_by(author) if author else 0,
            "decisions": dossier.decisions.select_related("rule", "decided_by"),
            "form": form,
            "offered": offered,
            "decision_forms": {
                decision: (
                    form
                    if form.is_bound and form["decision"].value() == decision
                    else _form(decision, offered, seen, dossier=dossier)
                )
                for decision in offered
            },
            "allowed": allowed,
            "is_post": request.method == "POST",
        },
        status=422 if request.method == "POST" else 200,
    )
