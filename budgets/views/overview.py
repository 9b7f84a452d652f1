"""The work budget for everybody: what there is, what was given to what, and what came of it."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from budgets import accounting, by_laws, listing
from budgets.models import Application, Fund
from budgets.permissions import is_office
from budgets.views.finding import council_named
from indicators.sheets import sheet
from jongerenraad.permissions import membership_of


@require_safe
@login_not_required
def overview(request: HttpRequest, council: str) -> HttpResponse:
    """Show the fund of a year, this year's or the newest where no other is chosen."""
    found = council_named(council)
    funds = {fund.year: fund for fund in Fund.objects.filter(council=found)}
    this_year = timezone.localdate().year
    chosen = request.GET.get("jaar", "")
    year = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) == 4 else this_year
    fund = funds.get(year) or funds.get(this_year) or next(iter(funds.values()), None)
    if fund is not None:
        fund.council = found
    now = timezone.now()
    page = None
    if fund is not None:
        page = listing.page_of(
            Application.objects.visible_to(AnonymousUser())
            .that_got_money()
            .filter(fund=fund)
            .select_related("fund__council", "area", "author"),
            year=fund.year,
            after=request.GET.get("after", ""),
        )
    return render(
        request,
        "budgets/overview.html",
        {
            "council": found,
            "fund": fund,
            "funds": list(funds.values()),
            "put_in": by_laws.put_in(fund) if fund else 0,
            "parts": accounting.parts_of(fund) if fund else [],
            "shares": accounting.shares_of_areas(fund) if fund else [],
            "counts": accounting.counts_of(fund) if fund else None,
            "page": page,
            "given": accounting.given(page.applications) if page else [],
            "first_url": f"?jaar={fund.year}" if fund and request.GET.get("after") else "",
            "closing_date": fund.next_closing_date(timezone.localdate(now))
            if fund and fund.gives_on(timezone.localdate(now))
            else None,
            "is_of_the_council": request.user.is_authenticated
            and (is_office(request.user) or membership_of(request.user, found, now) is not None),
            "is_office": is_office(request.user),
        },
    )


@require_safe
@login_not_required
def ledger_sheet(request: HttpRequest, council: str, year: int) -> HttpResponse:
    """Give every entry of a year's ledger as a file for a spreadsheet, cent by cent."""
    fund = get_object_or_404(Fund, council=council_named(council), year=year)
    return sheet(f"{council}-{year}", accounting.SHEET_HEADING, accounting.entries_of(fund))
