"""Joining doubles, as the programme office; and where who comes to a double goes on."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from contributions.actions import Refused
from contributions.requests import signed_in
from ideas import actions
from ideas.doubles import others_like, preview
from ideas.forms import DoubleForm, MergeForm
from ideas.models import Initiative, Merger
from ideas.permissions import can_merge

_NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)


def _for_office(person: User, pk: int) -> Initiative:
    """Return an initiative that a person may join; to anyone else its page does not exist."""
    initiative = get_object_or_404(
        Initiative.objects.visible_to(person).select_related(
            "area", "theme", "on_behalf_of", "merged_into"
        ),
        pk=pk,
    )
    if not can_merge(person, initiative):
        raise Http404
    return initiative


def _other(person: User, number: str) -> Initiative | None:
    if not _NUMBER.fullmatch(number):
        return None
    return Initiative.objects.visible_to(person).for_cards().filter(pk=int(number)).first()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def merge(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Look for the other one, show what would happen, and join the two."""
    person = signed_in(request)
    double = _for_office(person, pk)
    if not double.is_published:
        raise Http404
    is_post = request.method == "POST"
    number = (request.POST if is_post else request.GET).get("met", "")
    into = _other(person, number)
    problem = ""
    form = MergeForm(request.POST if is_post else None)
    if into is None and number:
        problem = _("We can't find that idea. Look for it again.")
    elif into is not None:
        try:
            actions.check_pair(double, into, by=person, now=timezone.now())
            if is_post and form.is_valid():
                reason = form.cleaned_data["reason"]
                actions.merge(double=double, into=into, by=person, reason=reason)
                messages.success(request, _("The two ideas are joined. Everybody finds this one."))
                return redirect(into.get_absolute_url())
        except Refused as refused:
            problem = str(refused)
    search = DoubleForm(request.GET if "zoek" in request.GET else None)
    words = search.cleaned_data["zoek"] if search.is_valid() else ""
    return render(
        request,
        "ideas/merge.html",
        {
            "initiative": double,
            "into": None if problem else into,
            "preview": preview(double, into) if into and not problem else None,
            "problem": problem,
            "form": form,
            "search": search,
            "found": others_like(double, words, person) if problem or not into else [],
        },
        status=422 if is_post else 400 if problem or search.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def undo(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask once more, and take a double apart again."""
    person = signed_in(request)
    double = _for_office(person, pk)
    merger = Merger.objects.standing().filter(double=double).select_related("made_by").first()
    root = double.merged_into
    if merger is None or root is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            restored = actions.undo_merger(double=double, by=person)
        except Refused as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The two ideas stand by themselves again."))
            return redirect(restored.get_absolute_url())
    return render(
        request,
        "ideas/undo_merger.html",
        {
            "initiative": double,
            "into": root,
            "merger": merger,
            "problem": problem,
            "is_too_late": not merger.can_be_undone_at(timezone.now()),
        },
        status=422 if request.method == "POST" else 200,
    )
