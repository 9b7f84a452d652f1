"""The official answer: written, looked at, placed, and changed where everybody sees it."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contributions.actions import NotPossibleNow, Refused
from contributions.language import guess_language
from contributions.plain.forms import told_in, why_hard_now
from contributions.requests import signed_in
from ideas import actions
from ideas.models import Initiative, OfficialAnswer
from ideas.office_forms import AnswerForm
from ideas.permissions import can_answer, can_work_on


def initiative_or_404(request: HttpRequest, pk: int) -> Initiative:
    """Return an initiative that a person may see, with what the pages of the office show."""
    return get_object_or_404(
        Initiative.objects.visible_to(signed_in(request)).select_related(
            "area", "theme", "department"
        ),
        pk=pk,
    )


def language_of(form: forms.Form, text: str) -> str:
    """Return the language that was chosen for a text, or the one that its words look like."""
    chosen: str = form.cleaned_data["language"]
    return chosen or guess_language(text, otherwise=get_language() or "nl")


def looks_first(request: HttpRequest) -> bool:
    """Say whether somebody asks how it will look, before it is placed."""
    return "look" in request.POST


def show(
    request: HttpRequest,
    template: str,
    initiative: Initiative,
    form: forms.Form,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    """Show a form about an initiative, with what was filled in."""
    return render(
        request,
        f"ideas/{template}.html",
        {"initiative": initiative, "form": form, **more},
        status=status or (422 if form.is_bound else 200),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Write the official answer; to whoever may not, this page does not exist."""
    person, initiative = signed_in(request), initiative_or_404(request, pk)
    official = _official(initiative)
    if official and can_work_on(person, initiative):
        if request.method == "POST":
            return _somebody_was_before(request, initiative, official)
        return redirect("ideas:change_answer", pk, initiative.address_slug)
    if not can_answer(person, initiative):
        raise Http404
    form = AnswerForm(**told_in(request))
    if request.method == "POST" and form.is_valid():
        if looks_first(request):
            preview = _preview(initiative, form, timezone.now())
            return show(request, "answer", initiative, form, status=200, preview=preview)
        try:
            actions.answer(initiative=initiative, by=person, **_told(form))
        except NotPossibleNow as refused:
            if official := _official(initiative):
                return _somebody_was_before(request, initiative, official)
            form.add_error(None, str(refused))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The answer is on the site."))
            return redirect(initiative.get_absolute_url())
    return show(request, "answer", initiative, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_answer(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Change the official answer; the earlier one stays readable."""
    person, initiative = signed_in(request), initiative_or_404(request, pk)
    official = _official(initiative)
    if official is None or not can_work_on(person, initiative):
        raise Http404
    form = AnswerForm(**told_in(request, _now(official)))
    if request.method == "POST" and form.is_valid():
        if looks_first(request):
            preview = _preview(initiative, form, timezone.now())
            more = {"official": official, "preview": preview}
            return show(request, "change_answer", initiative, form, status=200, **more)
        try:
            actions.change_answer(
                official=official, by=person, seen=form.cleaned_data["seen"], **_told(form)
            )
        except NotPossibleNow:
            return _somebody_was_before(request, initiative, _official(initiative) or official)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The new answer is on the site."))
            return redirect(initiative.get_absolute_url())
    return show(request, "change_answer", initiative, form, official=official)


def _official(initiative: Initiative) -> OfficialAnswer | None:
    return OfficialAnswer.objects.published().filter(initiative=initiative).first()


def _now(official: OfficialAnswer) -> dict[str, Any]:
    """Return what stands in an answer, as the values to start a change from."""
    return {
        "outcome": official.outcome,
        "text": official.text,
        "language": official.language,
        "new_answer_date": official.new_answer_date,
        "seen": actions.version_of_answer(official),
        "why_hard": why_hard_now(official.dossier_id),
    }


def _told(form: AnswerForm) -> dict[str, Any]:
    told = {
        name: form.cleaned_data[name] for name in ("outcome", "text", "new_answer_date", "why_hard")
    }
    return {**told, "language": language_of(form, told["text"])}


def _preview(initiative: Initiative, form: AnswerForm, now: datetime.datetime) -> OfficialAnswer:
    told = _told(form)
    del told["why_hard"]
    if told["outcome"] != OfficialAnswer.Outcome.LATER:
        told["new_answer_date"] = None
    return OfficialAnswer(initiative=initiative, published_at=now, changed_at=now, **told)


def _somebody_was_before(
    request: HttpRequest, initiative: Initiative, official: OfficialAnswer
) -> HttpResponse:
    """Show what somebody else answered just before, and keep what was written here."""
    told = request.POST.copy()
    told["seen"] = actions.version_of_answer(official)
    form = AnswerForm(told)
    form.add_error(
        None,
        _(
            "Somebody of the programme office answered just before you. Read that answer first. "
            "What you wrote is kept below: place it if it should take the place of that answer."
        ),
    )
    more = {"official": official, "is_before": True}
    return show(request, "change_answer", initiative, form, status=409, **more)
