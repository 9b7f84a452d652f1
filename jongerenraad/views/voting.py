"""Votes: the list of them, one of them with its result, and giving one's vote."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contributions.actions import Refused
from contributions.requests import signed_in
from jongerenraad.actions import votes
from jongerenraad.ballots import own_ballot
from jongerenraad.forms import VoteForm
from jongerenraad.kinds import kind_of, with_subjects
from jongerenraad.listing import closed_matters
from jongerenraad.models import Choice, Council, Elector, Matter, Membership, Outcome, SecretVote
from jongerenraad.permissions import can_open_votes, can_write_minority_view, membership_of
from jongerenraad.views.public import council_at


@require_safe
@login_not_required
def matters(request: HttpRequest, council: str) -> HttpResponse:
    """Show what the council decided; its members see what is open above it."""
    found = council_at(council)
    now = timezone.now()
    membership = membership_of(request.user, found, now)
    page = closed_matters(found, after=request.GET.get("after", ""))
    with_subjects(page.matters, request.user)
    response = render(
        request,
        "jongerenraad/matters.html",
        {
            "council": found,
            "page": page,
            "is_first": not request.GET.get("after"),
            "open": with_subjects(_open_matters(found), request.user) if membership else [],
            "may_open": can_open_votes(membership),
        },
        status=200 if page.is_known else 400,
    )
    if membership:
        add_never_cache_headers(response)
    return response


def _open_matters(council: Council) -> list[Matter]:
    found = Matter.objects.filter(council=council, closed_at__isnull=True).order_by("closes_at")
    return list(found.select_related("council"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def matter(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Show a vote: its result to everybody, or the three buttons to who may vote."""
    found = council_at(council)
    if request.method == "POST":
        return _cast(request, found, pk)
    one = get_object_or_404(_shown(request, found), pk=pk)
    return _page(request, one, VoteForm())


def _shown(request: HttpRequest, council: Council) -> Any:
    return (
        Matter.objects.visible_to(request.user, timezone.now())
        .filter(council=council)
        .select_related("council", "minority_view", "second_of__council", "second")
    )


def _cast(request: HttpRequest, council: Council, pk: int) -> HttpResponse:
    """Take a vote of who is a member, or was one when it opened: who is late reads why."""
    if not request.user.is_authenticated:
        raise Http404
    person = signed_in(request)
    members = Membership.objects.current(timezone.now()).filter(person=person)
    own = Q(council__in=members.values("term__council")) | Q(
        pk__in=Elector.objects.filter(membership__person=person).values("matter")
    )
    one = get_object_or_404(Matter.objects.filter(own, council=council), pk=pk)
    form = VoteForm(request.POST)
    if form.is_valid():
        try:
            votes.cast_vote(matter=one, by=person, **form.cleaned_data)
        except votes.NoMemberAnyMore as refused:
            # This page is for members: the sentence stands on one that is for everybody.
            messages.error(request, str(refused))
            return redirect(council.get_absolute_url())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your vote counts. You can change it until it closes."))
            return redirect(one.get_absolute_url())
    shown = _shown(request, council).filter(pk=pk).first()
    if shown is None:
        messages.error(request, str(votes.NoMemberAnyMore.message))
        return redirect(council.get_absolute_url())
    return _page(request, shown, form, status=422)


def _page(
    request: HttpRequest, matter: Matter, form: VoteForm, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    membership = membership_of(request.user, matter.council, now)
    with_subjects([matter], request.user)
    context = {
        "council": matter.council,
        "matter": matter,
        "kind": kind_of(matter),
        "form": form,
        "is_open": matter.is_open_at(now),
        "minority_view": getattr(matter, "minority_view", None),
        "second": _second_of(matter, membership),
    }
    if membership:
        context |= _for_member(matter, membership)
        context["may_vote_again"] = can_open_votes(membership) and votes.can_be_voted_again(
            matter, matter.council, now
        )
        context["may_write"] = (
            can_write_minority_view(membership)
            and matter.outcome in (Outcome.ADOPTED, Outcome.REJECTED)
            and context["minority_view"] is None
        )
    response = render(request, "jongerenraad/matter.html", context, status=status)
    if membership:
        add_never_cache_headers(response)
    return response


def _second_of(matter: Matter, membership: Membership | None) -> Matter | None:
    """Return the second vote after this one, for who may see it."""
    second: Matter | None = getattr(matter, "second", None)
    if second is None or not (second.is_closed or membership):
        return None
    second.council = matter.council
    return second


def _for_member(matter: Matter, membership: Membership) -> dict[str, Any]:
    """Return what the council itself sees beside what everybody sees; never a running count."""
    electors = list(
        Elector.objects.filter(matter=matter).select_related("membership__person", "vote")
    )
    own = next((e for e in electors if e.membership.person_id == membership.person_id), None)
    context: dict[str, Any] = {
        "membership": membership,
        "own": own,
        "ballot": own_ballot(matter, own) if own else None,
        "voted": sum(elector.has_voted for elector in electors),
        "aside": [elector for elector in electors if elector.stepped_aside],
    }
    if matter.is_closed and matter.is_secret:
        words = SecretVote.objects.filter(matter=matter).exclude(word="").order_by("pk")
        context["words"] = list(words)
    elif matter.is_closed:
        cast = [elector for elector in electors if elector.has_voted]
        context["choices"] = [
            (choice.label, [elector for elector in cast if elector.vote.choice == choice])
            for choice in Choice
        ]
    return context
