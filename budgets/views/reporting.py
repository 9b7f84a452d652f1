"""Telling what came of it: a photo, three sentences and the receipts, kept as one goes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from budgets.actions import reporting
from budgets.forms import ReceiptForm, ReportForm
from budgets.limits import may_send_papers
from budgets.models import Application, GrantReport, Stage
from budgets.views.finding import own_application
from contributions.actions import Refused
from contributions.advice import page_after_sending
from contributions.deadlines import today
from contributions.forms import PicturesForm
from contributions.language import guess_language
from contributions.models import Picture
from contributions.requests import signed_in
from ideas.limits import TooOften


def _to_report(request: HttpRequest, council: str, pk: int) -> Application:
    """Return what one may tell about, whole or in words alone; else there is no such page."""
    application = own_application(council, pk, signed_in(request))
    told = GrantReport.objects.filter(application=application).first()
    if application.stage in reporting.TOLD_IN or reporting.can_be_reworded(told, application):
        return application
    raise Http404


def _pictures(report: GrantReport | None) -> list[Picture]:
    if report is None:
        return []
    return list(Picture.objects.filter(dossier=report.dossier_id).current())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Write the report, add and take away receipts; what is right is kept at each sending."""
    application = _to_report(request, council, pk)
    told = GrantReport.objects.filter(application=application).select_related("dossier").first()
    pictures = _pictures(told)
    if request.method != "POST":
        form = ReportForm(initial=ReportForm.told_before(told))
        return _page(request, application, form, PicturesForm(pictures=pictures), ReceiptForm())
    form = ReportForm(request.POST)
    may_send = may_send_papers(request)
    files = request.FILES if may_send else None
    pictures_form = PicturesForm(request.POST, files, pictures=pictures)
    receipt_form = ReceiptForm(request.POST, files)
    good = [may_send, *(each.is_valid() for each in (form, pictures_form, receipt_form))]
    if not may_send:
        receipt_form.add_error("file", TooOften.message)
    try:
        _keep(request, application, told, form, pictures_form)
        if application.stage in reporting.TOLD_IN:
            _keep_receipts(request, application, receipt_form)
    except Refused as refused:
        receipt_form.add_error(None, str(refused))
        good.append(False)
    if not all(good):
        fresh = GrantReport.objects.filter(application=application).first()
        shown = pictures_form.with_kept(_pictures(fresh))
        return _page(request, application, form, shown, receipt_form)
    if "hand_in" in request.POST:
        return hand_in(request, council, pk)
    messages.success(request, _("Kept. You can go on, or hand it in."))
    return redirect("budgets:report", council=council, pk=pk)


def _keep(
    request: HttpRequest,
    application: Application,
    told: GrantReport | None,
    form: ReportForm,
    pictures_form: PicturesForm,
) -> None:
    values = {name: form.cleaned_data[name] for name in form.fields if name in form.cleaned_data}
    language = guess_language(" ".join(values.values()), otherwise=get_language() or "nl")
    reporting.write_report(
        application=application,
        by=signed_in(request),
        values=values,
        language=told.language if told and not any(values.values()) else language,
        form=pictures_form,
    )


def _keep_receipts(request: HttpRequest, application: Application, form: ReceiptForm) -> None:
    person = signed_in(request)
    if gone := request.POST.get("remove_receipt", ""):
        number = int(gone) if gone.isascii() and gone.isdigit() and len(gone) <= 18 else 0
        receipt = get_object_or_404(
            application.receipts.select_related("application", "document"), pk=number
        )
        reporting.take_receipt_away(receipt=receipt, by=person)
    if not form.errors and not form.is_empty:
        told = form.cleaned_data
        reporting.add_receipt(
            application=application,
            by=person,
            drawn=told["file"],
            description=told["description"],
            cents=told["amount"],
        )


@require_POST
@never_cache
def hand_in(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Hand the report in."""
    person = signed_in(request)
    application = own_application(council, pk, person)
    told = GrantReport.objects.filter(application=application).first()
    words_alone = reporting.can_be_reworded(told, application)
    if application.stage not in reporting.TOLD_IN and not words_alone:
        if told is None:
            raise Http404
        # Sent twice: the first one did it.
        return redirect(application.get_absolute_url())
    try:
        if words_alone:
            reporting.send_words_in_again(application=application, by=person)
        else:
            reporting.hand_in_report(application=application, by=person)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("budgets:report", council=council, pk=pk)
    messages.success(request, _("Thank you! The council looks at your report."))
    told = GrantReport.objects.get(application=application)
    return redirect(page_after_sending(told, application.get_absolute_url()))


def _page(
    request: HttpRequest,
    application: Application,
    form: ReportForm,
    pictures_form: PicturesForm,
    receipt_form: ReceiptForm,
) -> HttpResponse:
    context: dict[str, Any] = {
        "council": application.fund.council,
        "application": application,
        "form": form,
        "pictures_form": pictures_form,
        "receipt_form": receipt_form,
        "receipts": application.receipts.select_related("document"),
        "spent": reporting.spent(application),
        "left": reporting.left_over(application),
        "tells_all": application.stage in reporting.TOLD_IN,
        "too_early": reporting.NotBegunYet.message
        if application.stage == Stage.PAID
        and (application.starts_date is None or application.starts_date > today(timezone.now()))
        else "",
        "sent_back": application.changes.filter(act="send_report_back").order_by("-pk").first(),
    }
    return render(
        request, "budgets/report.html", context, status=422 if request.method == "POST" else 200
    )
