"""The record of acts, for administrators to read and to take along."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role, User
from accounts.record import known_acts, note_act
from contributions.requests import signed_in
from indicators.sheets import long_sheet
from participatie import acts


def _administrator(request: HttpRequest) -> User:
    """Return the administrator; to anyone else these pages do not exist."""
    person = signed_in(request)
    if not person.has_role(Role.ADMINISTRATOR):
        raise Http404
    return person


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Show what was done by roles and seats, the latest first."""
    _administrator(request)
    return _page(request, acts.ActsForm(request.GET))


@require_POST
@never_cache
def sheet(request: HttpRequest) -> HttpResponseBase:
    """Give the same as a file for a spreadsheet; that it was taken along is on the record too."""
    person = _administrator(request)
    form = acts.ActsForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    chosen = form.chosen()
    note_act(by=person, act="participatie.export_acts", details=form.codes())
    return long_sheet("handelingen", acts.heading(), acts.rows(chosen))


def _page(request: HttpRequest, form: acts.ActsForm) -> HttpResponse:
    good = form.is_valid()
    after = request.GET.get("after", "")
    shown, next_cursor = acts.page_of(form.chosen(), after) if good else ([], "")
    return render(
        request,
        "participatie/acts.html",
        {
            "form": form,
            "acts": [(act, acts.details_of(act)) for act in shown],
            "known": known_acts(),
            "next_cursor": next_cursor,
            "after": after,
            "chosen": {name: form[name].value() or "" for name in form.fields},
        },
        status=200 if good else 400,
    )
