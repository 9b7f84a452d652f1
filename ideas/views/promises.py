"""What was promised, what is due and what is late: for everybody, and as the office's worklist."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Role
from accounts.record import note_act
from contributions.deadlines import today
from contributions.kept_pages import kept_for_a_second, nothing_about
from contributions.requests import signed_in
from contributions.scope import within_grants
from ideas.listing import on_the_site
from ideas.models import CoInitiator
from ideas.promises import Promises, Row, choose
from ideas.views.sheets import refusal
from indicators.sheets import long_sheet


def _for_everybody(request: HttpRequest) -> Promises:
    return choose(request.GET, on_the_site(), today(timezone.now()), for_staff=False)


def _for_office(request: HttpRequest) -> Promises:
    """Return the promises where somebody is the programme office, but for their own ideas.

    To anyone else these pages do not exist.
    """
    person = signed_in(request)
    if not person.has_role(Role.PROGRAMME_OFFICE):
        raise Http404
    shared = CoInitiator.objects.standing().filter(user=person).values("initiative")
    initiatives = (
        on_the_site()
        .filter(within_grants(person, Role.PROGRAMME_OFFICE))
        .exclude(author=person)
        .exclude(pk__in=shared)
    )
    return choose(request.GET, initiatives, today(timezone.now()), for_staff=True)


@require_safe
@login_not_required
@kept_for_a_second(nothing_about)
def index(request: HttpRequest) -> HttpResponse:
    """Show to everybody what was promised, and what is late."""
    return _page(request, "ideas/promises.html", _for_everybody(request), "promises:sheet")


@require_safe
@login_not_required
def sheet(request: HttpRequest) -> HttpResponseBase:
    """Give the same as a file for a spreadsheet."""
    promises = _for_everybody(request)
    return refusal(request, promises.problems) or _file("beloftes", promises)


@require_safe
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Show to the programme office what it has to do, and what waits for a plan."""
    return _page(request, "ideas/follow_up.html", _for_office(request), "promises:work_sheet")


@require_safe
@never_cache
def work_sheet(request: HttpRequest) -> StreamingHttpResponse:
    """Give the worklist as a file for a spreadsheet."""
    promises = _for_office(request)
    note_act(by=request.user, act="ideas.export_follow_up")
    return _file("opvolging", promises)


def _page(request: HttpRequest, template: str, promises: Promises, sheet_view: str) -> HttpResponse:
    rows, next_query = promises.page()
    query = promises.query.urlencode()
    return render(
        request,
        template,
        {
            "promises": promises,
            "form": promises.form,
            "rows": [(row, promises.said(row), row.is_late_on(promises.date)) for row in rows],
            "counts": promises.counts(),
            "next_url": f"?{next_query}" if next_query else "",
            "first_url": f"?{query}" if promises.after else "",
            "sheet_url": f"{reverse(sheet_view)}{'?' + query if query else ''}",
        },
        status=400 if promises.problems else 200,
    )


def _file(name: str, promises: Promises) -> StreamingHttpResponse:
    heading = [
        _("Initiative"),
        _("Address"),
        _("Neighbourhood"),
        _("What was promised"),
        _("Milestone"),
        _("State"),
        _("Promised before the end of"),
        _("Done on"),
        _("Late"),
        _("Department"),
    ]
    yes, no = _("yes"), _("no")

    def line(row: Row) -> list[object]:
        initiative, milestone = row.initiative, row.milestone
        return [
            initiative.title,
            settings.SITE_URL + initiative.get_absolute_url(),
            initiative.area.name if initiative.area else "",
            row.promise or _("A milestone"),
            milestone.title if milestone else "",
            milestone.get_state_display() if milestone else initiative.get_progress_display(),
            row.due_date.isoformat() if row.due_date else "",
            row.kept_date.isoformat() if row.kept_date else "",
            yes if row.is_late_on(promises.date) else no,
            initiative.department.name if initiative.department else "",
        ]

    def lines() -> Iterator[list[object]]:
        for row in promises.all_rows():
            yield line(row)

    promises.after = None
    return long_sheet(name, heading, lines())
