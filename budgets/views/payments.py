"""Money in and out: deposits, orders for the municipality's finance, and what it paid."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from budgets.actions import funding, paying
from budgets.forms import DepositForm, PaidFileForm
from budgets.models import Application, Fund, PaymentImport, PaymentOrder, Stage
from budgets.payments_file import MAX_FILE_BYTES
from budgets.permissions import can_see_payments, is_office
from budgets.views.finding import council_named
from contributions.actions import Refused
from contributions.requests import signed_in
from indicators.sheets import sheet

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def payments(request: HttpRequest, council: str) -> HttpResponse:
    """List the orders and read what finance paid; the council's officers read along."""
    found = council_named(council)
    person = signed_in(request)
    if not can_see_payments(person, found, timezone.now()):
        raise Http404
    may_read = is_office(person)
    run = None
    form = PaidFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST":
        if not may_read:
            raise Http404
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = paying.read_paid(
                    council=found,
                    file_name=file.name,
                    content=file.read(MAX_FILE_BYTES + 1),
                    by=person,
                )
            except Refused as refused:
                form.add_error("file", str(refused))
    orders = (
        PaymentOrder.objects.filter(application__fund__council=found)
        .select_related("application__fund__council")
        .order_by("-pk")
    )
    return render(
        request,
        "budgets/payments.html",
        {
            "council": found,
            "form": form,
            "may_read": may_read,
            "run": run,
            "waiting": orders.filter(application__stage=Stage.AGREED)[:SHOWN],
            "approved": orders.filter(application__stage=Stage.ORDERED)[:SHOWN],
            "paid": orders.filter(paid_date__isnull=False)[:SHOWN],
            "claims": Application.objects.filter(
                fund__council=found, stage=Stage.RECOVERY
            ).select_related("fund__council")[:SHOWN],
            "runs": PaymentImport.objects.filter(council=found)[:5],
            "funds": Fund.objects.filter(council=found),
        },
        status=422 if request.method == "POST" and run is None else 200,
    )


@require_POST
@never_cache
def orders_sheet(request: HttpRequest, council: str) -> HttpResponse:
    """Give finance the approved orders it has not got yet; ``all`` gives the unpaid ones again."""
    found = council_named(council)
    person = signed_in(request)
    if not is_office(person):
        raise Http404
    handed = paying.hand_over(council=found, by=person)
    if "all" in request.POST:
        handed = list(
            PaymentOrder.objects.filter(
                application__fund__council=found,
                approved_at__isnull=False,
                paid_date__isnull=True,
            ).select_related("application__fund")
        )
    heading = ("order", "amount", "recipient", "e-mail", "plan", "approved", "reference", "date")
    rows = (
        (
            order.number,
            f"{order.cents // 100}.{order.cents % 100:02d}",
            order.recipient_name,
            order.application.recipient_email,
            order.application.title,
            timezone.localdate(order.approved_at) if order.approved_at else "",
            # Finance fills in these two and sends the file back.
            "",
            "",
        )
        for order in handed
    )
    return sheet(f"betaalopdrachten-{timezone.localdate():%Y-%m-%d}", heading, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def deposit(request: HttpRequest, council: str) -> HttpResponse:
    """Put money into the fund of this year, as the programme office."""
    found = council_named(council)
    person = signed_in(request)
    if not is_office(person):
        raise Http404
    year = timezone.localdate().year
    form = DepositForm(
        request.POST if request.method == "POST" else None,
        initial={"key": uuid.uuid4(), "year": year},
    )
    if form.is_valid():
        year = form.cleaned_data["year"]
    fund = found.funds.of_year(year).first()
    if fund is not None and form.is_valid():
        return _put_in(request, council, fund, form, person)
    return render(
        request,
        "budgets/deposit.html",
        {"council": found, "fund": fund, "form": form},
        status=422 if request.method == "POST" else 200,
    )


def _put_in(
    request: HttpRequest, council: str, fund: Fund, form: DepositForm, person: User
) -> HttpResponse:
    told = form.cleaned_data
    try:
        funding.put_in(
            fund=fund, cents=told["cents"], note=told["note"], key=str(told["key"]), by=person
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The money is in the fund."))
    return redirect("budgets:overview", council=council)
