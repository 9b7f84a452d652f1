"""One application, what can be done with it, and the council's list of them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from budgets import acts, ledger, listing
from budgets.actions import applying, reporting
from budgets.models import Account, Application, Document, GrantReport, Stage, StageChange
from budgets.permissions import can_see_the_file, is_office
from budgets.standing import standing_of, way
from budgets.standpoint import Standpoint, for_acts
from budgets.views.finding import (
    application_of,
    asked_to_change,
    council_named,
    last_decision,
)
from contributions.actions import Refused
from contributions.models import Picture
from contributions.requests import signed_in
from contributions.review import can_review
from ideas.standing import of_review
from jongerenraad.models import Membership
from jongerenraad.permissions import membership_of


@require_safe
@login_not_required
@never_cache
def detail(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Show an application: its plan to everybody once money was promised, its file to few."""
    application = application_of(council, pk, request.user)
    now = timezone.now()
    if application.stage == Stage.DRAFT:
        return redirect("budgets:plan", council=council, pk=pk)
    sees_file = can_see_the_file(request.user, application, now)
    at = Standpoint.of(signed_in(request), application, now) if sees_file else None
    report = (
        GrantReport.objects.visible_to(request.user)
        .filter(application=application)
        .select_related("dossier")
        .first()
    )
    is_own = at is not None and at.is_applicant
    own_report = is_own and report is not None and not report.is_published
    return render(
        request,
        "budgets/application.html",
        {
            "can_review": request.user.is_authenticated and can_review(request.user, application),
            "review": of_review(application) if is_own and not application.is_published else None,
            "decision": last_decision(application) if is_own else None,
            "report_review": of_review(report) if report is not None and own_report else None,
            "report_decision": last_decision(report) if report is not None and own_report else None,
            "can_review_report": report is not None
            and request.user.is_authenticated
            and can_review(request.user, report),
            "asked_to_change": asked_to_change(application) if is_own else "",
            "account": _account(application),
            "can_reword": is_own and applying.can_be_reworded(application),
            "can_reword_report": is_own and reporting.can_be_reworded(report, application),
            "council": application.fund.council,
            "application": application,
            "standing": standing_of(application, is_own=is_own),
            "way": way(application),
            "sees_file": sees_file,
            "at": at,
            "offered": acts.offered_to(at) if at else [],
            "lines": application.lines.all(),
            "documents": application.documents.all() if sees_file else [],
            "receipts": application.receipts.select_related("document") if sees_file else [],
            "changes": _recorded(application) if sees_file else [],
            "recusals": application.recusals.select_related("person") if sees_file else [],
            "report": report,
            "report_pictures": Picture.objects.filter(dossier=report.dossier_id).shown()
            if report
            else [],
        },
    )


def _account(application: Application) -> dict[str, int]:
    """Return what was spent of a plan that is done and what came back, in cents."""
    if application.stage != Stage.CLOSED or application.granted is None:
        return {}
    spent = ledger.held_for(application)[Account.PAID]
    return {"spent": spent, "back": application.granted - spent}


def _names(application: Application) -> dict[int, str]:
    """Return how the council's own page calls those who sit or sat in it."""
    members = Membership.objects.filter(term__council=application.fund.council)
    return {
        one.person_id: one.shown_name for one in members.select_related("person").order_by("pk")
    }


def _recorded(application: Application) -> list[StageChange]:
    """Return what happened, each with the name of who did it as others know them."""
    names = _names(application)
    changes = list(application.changes.select_related("by"))
    for change in changes:
        if change.by is not None:
            change.by_name = names.get(change.by.pk, change.by.public_name)
    return changes


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def act(request: HttpRequest, council: str, pk: int, name: str) -> HttpResponse:
    """Do something with an application; what is not offered to somebody is not there."""
    person = signed_in(request)
    application = application_of(council, pk, person)
    now = timezone.now()
    at = Standpoint.of(person, application, now)
    chosen = acts.BY_NAME.get(name)
    if chosen is None or not chosen.offered_to(at):
        raise Http404
    if application.stage not in chosen.stages:
        # Sent twice, or somebody was first: the page tells how it stands now.
        return redirect(application.get_absolute_url())
    form = chosen.form(
        request.POST if request.method == "POST" else None, application=application, person=person
    )
    if request.method == "POST" and form.is_valid():
        try:
            chosen.run(application=application, by=person, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, str(chosen.done))
            return redirect(application.get_absolute_url())
    return render(
        request,
        "budgets/act.html",
        {
            "council": application.fund.council,
            "application": application,
            "act": chosen,
            "form": form,
        },
        status=422 if request.method == "POST" else 200,
    )


@require_safe
@never_cache
def document(request: HttpRequest, council: str, key: UUID) -> HttpResponse | FileResponse:
    """Send a quote or receipt to the applicant, the council and the programme office."""
    found = get_object_or_404(
        Document.objects.filter(application__fund__council__slug=council).select_related(
            "application__fund__council"
        ),
        key=key,
    )
    visible = Application.objects.visible_to(request.user).filter(pk=found.application_id)
    if not can_see_the_file(request.user, found.application, timezone.now()):
        raise Http404
    if not visible.exists() or not found.image:
        raise Http404
    try:
        response = FileResponse(
            default_storage.open(found.image.name or ""), content_type="image/webp"
        )
    except FileNotFoundError as missing:
        raise Http404 from missing
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response


@require_safe
@never_cache
def applications(request: HttpRequest, council: str) -> HttpResponse:
    """List what was handed in, for the council and the programme office."""
    found = council_named(council)
    person = signed_in(request)
    if not is_office(person) and membership_of(person, found, timezone.now()) is None:
        raise Http404
    chosen = request.GET.get("stand", "")
    stage = chosen if chosen in Stage.values and chosen != Stage.DRAFT else ""
    page = listing.page_of(
        for_acts(Application.objects.visible_to(person).filter(fund__council=found)).exclude(
            stage=Stage.DRAFT
        ),
        stage=stage,
        after=request.GET.get("after", ""),
    )
    return render(
        request,
        "budgets/applications.html",
        {
            "council": found,
            "page": page,
            "stage": stage,
            "stages": [one for one in Stage.choices if one[0] != Stage.DRAFT],
            "first_url": f"?stand={stage}" if request.GET.get("after") else "",
        },
    )
