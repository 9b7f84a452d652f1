"""The work that follows an answer: milestones, reports, and the department that does it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from contributions.actions import NotPossibleNow, Refused
from contributions.plain.forms import told_in
from contributions.requests import signed_in
from ideas import actions
from ideas.models import Initiative, Milestone, MilestoneState, OfficialAnswer, ProgressReport
from ideas.office_forms import HandOverForm, MilestoneChangeForm, MilestoneForm, ReportForm
from ideas.permissions import can_hand_over, can_report, can_work_on
from ideas.views.office import initiative_or_404, language_of, looks_first, show


def promises_work(initiative: Initiative) -> bool:
    """Say whether the answer on the site says that we do this, wholly or in part."""
    answer = OfficialAnswer.objects.published().filter(initiative=initiative).first()
    return answer is not None and answer.promises_work


@require_POST
def begin(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Say that the work began."""
    person, initiative = signed_in(request), initiative_or_404(request, pk)
    if not can_work_on(person, initiative):
        raise Http404
    try:
        actions.begin_work(initiative=initiative, by=person)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Everybody can see now how far this is."))
    return redirect(initiative.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def plan(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Plan a milestone, of what the answer says that we do."""
    person, initiative = signed_in(request), initiative_or_404(request, pk)
    if not can_work_on(person, initiative) or not promises_work(initiative):
        raise Http404
    form = MilestoneForm(**told_in(request))
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        try:
            actions.plan_milestone(
                initiative=initiative,
                by=person,
                title=title,
                planned_date=form.cleaned_data["planned_date"],
                language=language_of(form, title),
                why_hard=form.cleaned_data["why_hard"],
            )
        except actions.DayIsOver as refused:
            form.add_error("planned_date", str(refused))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The milestone is on the site."))
            return redirect(f"{initiative.get_absolute_url()}#mijlpalen")
    return show(request, "plan_milestone", initiative, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def milestone(request: HttpRequest, pk: int, slug: str, milestone_pk: int) -> HttpResponse:
    """Say how far a milestone is, or move its date."""
    person, initiative = signed_in(request), initiative_or_404(request, pk)
    if not can_work_on(person, initiative):
        raise Http404
    found = get_object_or_404(Milestone.objects.filter(initiative=initiative), pk=milestone_pk)
    form = _milestone_form(found, **told_in(request, _now(found)))
    status = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.change_milestone(
                milestone=found,
                by=person,
                state=told["state"],
                planned_date=told["planned_date"],
                reason=told["reason"],
                language=language_of(form, told["reason"]),
                seen=told["seen"],
                why_hard=told["why_hard"],
            )
        except NotPossibleNow as refused:
            status = 409
            found.refresh_from_db()
            # What was written stays; the next try is about how it stands now.
            form = _milestone_form(found, data={**request.POST.dict(), "seen": found.version})
            form.add_error(None, str(refused))
        except actions.DayIsOver as refused:
            form.add_error("planned_date", str(refused))
        except actions.ReasonMissing as refused:
            form.add_error("reason", str(refused))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Everybody can see now how far this is."))
            return redirect(f"{initiative.get_absolute_url()}#mijlpalen")
    return show(request, "milestone", initiative, form, status=status, milestone=found)


def _now(found: Milestone) -> dict[str, Any]:
    return {"state": found.state, "planned_date": found.planned_date, "seen": found.version}


def _milestone_form(found: Milestone, **told: Any) -> MilestoneChangeForm:
    may_become = actions.MILESTONE_STATES[MilestoneState(found.state)]
    return MilestoneChangeForm(**told, milestone=found, may_become=may_become)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Tell how the work goes, or that it is done and what came of it."""
    person, initiative = signed_in(request), initiative_or_404(request, pk)
    if not can_report(person, initiative):
        raise Http404
    may_close = can_work_on(person, initiative) and promises_work(initiative)
    form = ReportForm(**told_in(request), may_close=may_close)
    if request.method == "POST" and form.is_valid():
        text, closes = form.cleaned_data["text"], bool(form.cleaned_data.get("closes"))
        told = {"text": text, "language": language_of(form, text), "closes": closes}
        if looks_first(request):
            preview = ProgressReport(initiative=initiative, published_at=timezone.now(), **told)
            return show(request, "report", initiative, form, status=200, preview=preview)
        try:
            actions.report(
                initiative=initiative, by=person, why_hard=form.cleaned_data["why_hard"], **told
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The report is on the site."))
            return redirect(f"{initiative.get_absolute_url()}#verslagen")
    return show(request, "report", initiative, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hand_over(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Hand an initiative over to a department."""
    person, initiative = signed_in(request), initiative_or_404(request, pk)
    if not can_hand_over(person, initiative):
        raise Http404
    departments = actions.departments_for(initiative)
    form = HandOverForm(**told_in(request), departments=departments)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            actions.hand_over(
                initiative=initiative,
                by=person,
                department=form.cleaned_data["department"],
                text=text,
                language=language_of(form, text),
                why_hard=form.cleaned_data["why_hard"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Everybody can see now who works on this."))
            return redirect(initiative.get_absolute_url())
    return show(request, "hand_over", initiative, form, departments=departments)
