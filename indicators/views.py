"""Staff's pages about figures: bringing in measurements from a file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from indicators import importing
from indicators.actions import RowsRefused, apply_import, try_import
from indicators.forms import ImportForm
from indicators.models import ImportRun, Indicator
from indicators.permissions import can_import
from indicators.sheets import sheet

#: So many rows stand on the page; all of the refused ones are in the file that one can fetch.
ROWS_SHOWN = 200


def _importer(request: HttpRequest) -> User:
    """Return the person who may import; to anyone else these pages do not exist."""
    if not request.user.is_authenticated or not can_import(request.user):
        raise Http404
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_file(request: HttpRequest) -> HttpResponse:
    """Take a file in to be tried, and show the imports so far."""
    person = _importer(request)
    form = ImportForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = try_import(
                file_name=file.name, content=file.read(importing.MAX_BYTES + 1), by=person
            )
        except importing.NotReadable as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("indicators:import_run", pk=run.pk)
    return render(
        request,
        "indicators/import.html",
        {
            "form": form,
            "runs": ImportRun.objects.select_related("created_by").defer("content", "refused")[:20],
            "indicators": Indicator.objects.only("slug", "unit"),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file would change, row by row, and take it in when that is confirmed."""
    person = _importer(request)
    run = get_object_or_404(ImportRun.objects.select_related("created_by", "applied_by"), pk=pk)
    problem = ""
    if request.method == "POST":
        seen = tuple(_count(request.POST.get(name, "")) for name in ("added", "changed"))
        try:
            apply_import(run=run, by=person, seen=(seen[0], seen[1]))
        except RowsRefused as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The figures are in. Everybody sees them now."))
            return redirect("indicators:import_run", pk=run.pk)
    made = importing.plan(run.content) if run.applied_at is None else None
    return render(
        request,
        "indicators/import_run.html",
        {
            "run": run,
            "plan": made,
            "summary": importing.summary(made) if made else "",
            "added": made.added[:ROWS_SHOWN] if made else [],
            "changed": made.changed[:ROWS_SHOWN] if made else [],
            "refused": made.refused[:ROWS_SHOWN] if made else [],
            "rows_shown": ROWS_SHOWN,
            "problem": problem,
        },
        status=409 if problem else 200,
    )


def _count(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else -1


@require_safe
@never_cache
def import_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """Give all refused rows with their reasons, as a file for a spreadsheet."""
    _importer(request)
    run = get_object_or_404(ImportRun, pk=pk)
    refused = importing.plan(run.content).refused if run.applied_at is None else run.refused
    return sheet(f"import-{run.pk}", [_("line"), _("reason")], refused)
