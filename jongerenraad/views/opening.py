"""What chair and secretary do: open a vote, open it again, write down what the minority thinks."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contributions.actions import Refused
from contributions.language import guess_language
from contributions.requests import signed_in
from jongerenraad.actions import votes
from jongerenraad.forms import ClosingForm, MinorityViewForm, OpenVoteForm
from jongerenraad.models import Council, Matter, Membership
from jongerenraad.permissions import can_open_votes, can_write_minority_view, membership_of
from jongerenraad.views.public import council_at


def _members(council: Council) -> list[Membership]:
    found = Membership.objects.current(timezone.now()).voting().filter(term__council=council)
    return list(found.select_related("person").order_by("seat__number", "pk"))


def _opener(request: HttpRequest, slug: str) -> Council:
    """Let in who may open votes; to anyone else these pages do not exist."""
    council = council_at(slug)
    if not can_open_votes(membership_of(request.user, council, timezone.now())):
        raise Http404
    return council


def _language_of(form: OpenVoteForm | MinorityViewForm, text: str) -> str:
    told: str = form.cleaned_data["language"]
    return told or guess_language(text, otherwise=get_language() or "nl")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def open_vote(request: HttpRequest, council: str) -> HttpResponse:
    """Ask the council a question."""
    found = _opener(request, council)
    data = request.POST if request.method == "POST" else None
    form = OpenVoteForm(data, members=_members(found))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            matter = votes.open_vote(
                council=found,
                kind=told["kind"],
                question=told["question"],
                text=told["text"],
                language=_language_of(form, f"{told['question']} {told['text']}"),
                closes_at=form.closes_at(),
                by=signed_in(request),
                aside=form.aside(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The vote is open. Members see it under “For members”."))
            return redirect(matter.get_absolute_url())
    return render(
        request,
        "jongerenraad/open_vote.html",
        {"council": found, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def second_vote(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Ask the same question again, after a vote without enough votes."""
    found = _opener(request, council)
    first = get_object_or_404(
        Matter.objects.closed().select_related("council"), council=found, pk=pk
    )
    if not votes.can_be_voted_again(first, found, timezone.now()):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = ClosingForm(data, members=_members(found))
    if request.method == "POST" and form.is_valid():
        try:
            matter = votes.open_vote(
                council=found,
                kind=first.kind,
                question=first.question,
                text=first.text,
                language=first.language,
                closes_at=form.closes_at(),
                by=signed_in(request),
                aside=form.aside(),
                second_of=first,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The vote is open. Members see it under “For members”."))
            return redirect(matter.get_absolute_url())
    return render(
        request,
        "jongerenraad/open_vote.html",
        {"council": found, "form": form, "first": first},
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def minority_view(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Write down what those think who were outvoted."""
    found = council_at(council)
    if not can_write_minority_view(membership_of(request.user, found, timezone.now())):
        raise Http404
    matter = get_object_or_404(
        Matter.objects.closed().select_related("council"),
        council=found,
        pk=pk,
        outcome__in=["adopted", "rejected"],
        minority_view=None,
    )
    form = MinorityViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            votes.write_minority_view(
                matter=matter, text=text, language=_language_of(form, text), by=signed_in(request)
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The view of the minority stands beside the result."))
            return redirect(matter.get_absolute_url())
    return render(
        request,
        "jongerenraad/minority_view.html",
        {"council": found, "matter": matter, "form": form},
        status=422 if request.method == "POST" else 200,
    )
