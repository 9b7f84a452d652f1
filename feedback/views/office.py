"""What staff do with experiences: read how many told what, and say what is done with it."""

import datetime
import re
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from accounts.record import note_act
from areas.models import Area
from contributions.actions import Refused
from contributions.deadlines import today
from contributions.language import guess_language
from contributions.models import Status
from contributions.plain.forms import told_in
from contributions.requests import signed_in
from feedback import actions, summary
from feedback.forms import ResponseForm, StateForm
from feedback.models import Response, Tally
from feedback.permissions import can_read_summaries, can_respond
from indicators.models import Indicator, Theme
from indicators.permissions import can_import
from indicators.sheets import sheet

OFFERED_QUARTERS = 12
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}")


def _choice(request: HttpRequest) -> dict[str, str]:
    """Return what a reader chose; what is not known is left out, as if nothing was chosen."""
    told = {name: request.GET.get(name, "") for name in ("area", "figure", "theme", "quarter")}
    return {name: value if _SLUG.fullmatch(value) else "" for name, value in told.items()}


def _chosen(choice: dict[str, str]) -> QuerySet[Tally]:
    quarter = None
    if choice["quarter"]:
        try:
            quarter = datetime.date.fromisoformat(choice["quarter"])
        except ValueError:
            choice["quarter"] = ""
    return summary.tallies_for(
        area=choice["area"], figure=choice["figure"], theme=choice["theme"], quarter=quarter
    )


def _query(request: HttpRequest, **more: str) -> str:
    """Return the query that keeps what was chosen."""
    chosen = {name: value for name, value in _choice(request).items() if value}
    return "?" + urlencode({**chosen, **more})


def _reader(request: HttpRequest) -> None:
    """Let in who reads summaries; to anyone else these pages do not exist."""
    if not can_read_summaries(request.user):
        raise Http404


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show the experiences per figure and area, quarter by quarter."""
    _reader(request)
    choice = _choice(request)
    page = summary.page_of(_chosen(choice), after=request.GET.get("after", ""))
    person = signed_in(request)
    due = Response.objects.published().filter(
        due_date__lt=today(timezone.now()), state__in=["promised", "doing"]
    )
    return render(
        request,
        "feedback/overview.html",
        {
            "lines": page.lines,
            "next_url": _query(request, after=page.next_cursor) if page.next_cursor else "",
            "first_url": _query(request) if request.GET.get("after") else "",
            "choice": choice,
            "query": _query(request).removeprefix("?"),
            "areas": Area.objects.accepting_contributions(),
            "figures": Indicator.objects.filter(may_be_asked=True).select_related("theme"),
            "themes": Theme.objects.all(),
            "quarters": Tally.objects.order_by("-quarter_date")
            .values_list("quarter_date", flat=True)
            .distinct()[:OFFERED_QUARTERS],
            "responses": Response.objects.published()
            .select_related("area", "indicator")
            .order_by("-pk")[:20],
            "due": due.select_related("area", "indicator").order_by("due_date"),
            "may_respond": any(
                grant.role == Role.PROGRAMME_OFFICE for grant in person.current_grants
            ),
            "may_import": can_import(person),
        },
    )


@require_safe
@never_cache
def overview_sheet(request: HttpRequest) -> HttpResponse:
    """Give the same as a file for a spreadsheet; no person is in it, and no small count."""
    _reader(request)
    note_act(by=request.user, act="feedback.export_overview")
    lines = summary.lines_of(_chosen(_choice(request)).iterator())
    return sheet("ervaringen", summary.HEADING, (summary.cells_of(line) for line in lines))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def respond(request: HttpRequest, slug: str, figure: str) -> HttpResponse:
    """Write what was done with what people told; to whoever may not, this page does not exist."""
    person = signed_in(request)
    area = get_object_or_404(Area, slug=slug)
    if not can_respond(person, area):
        raise Http404
    indicator = get_object_or_404(Indicator.objects.select_related("theme"), slug=figure)
    form = ResponseForm(**told_in(request))
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        language = told.pop("language") or guess_language(
            told["heard"], otherwise=get_language() or "nl"
        )
        try:
            response = actions.respond(
                indicator=indicator, area=area, by=person, language=language, **told
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The response is on the site, beside the figure."))
            return redirect(response.get_absolute_url())
    return render(
        request,
        "feedback/respond.html",
        {"area": area, "indicator": indicator, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def response(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far it is with a response."""
    person = signed_in(request)
    found = get_object_or_404(
        Response.objects.visible_to(person)
        .filter(status=Status.PUBLISHED)
        .select_related("area", "indicator__theme"),
        pk=pk,
    )
    if found.area is None or not can_respond(person, found.area):
        raise Http404
    form = StateForm(
        **told_in(request, {"state": found.state, "due_date": found.due_date}),
        language=found.language,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_response(response=found, by=person, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Everybody can see now how far this is."))
            return redirect(found.get_absolute_url())
    return render(
        request,
        "feedback/response.html",
        {"response": found, "form": form},
        status=422 if form.is_bound else 200,
    )
