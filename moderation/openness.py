"""What everybody may know of moderation: how it goes, and its figures."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from areas.dates import month_in_words
from areas.models import Area
from contributions.checks import all_checks
from contributions.kept_pages import kept_for_a_second, nothing_about
from contributions.models import HouseRule
from indicators.sheets import sheet
from moderation.figures import figures_of
from moderation.periods import Period, periods


@require_safe
@login_not_required
@kept_for_a_second(nothing_about)
def how(request: HttpRequest) -> HttpResponse:
    """Tell who reads, which checks there are, within which time, and what one can do."""
    days = Area.objects.accepting_contributions().aggregate(
        least=Min("review_working_days"), most=Max("review_working_days")
    )
    return render(
        request,
        "moderation/how.html",
        {
            "checks": all_checks(),
            "rules": HouseRule.objects.in_force(timezone.now()),
            "days": days,
        },
    )


def _label(period: Period) -> str:
    if not period.month:
        return _("the year %(year)s") % {"year": period.year}
    return month_in_words(period.first_date)


def _asked(request: HttpRequest, offered: list[Period]) -> Period | None:
    """Return the period that was asked for: without a choice, the last month that is over."""
    wanted = request.GET.get("periode", "")
    if not wanted:
        return next((one for one in offered if one.month), None)
    return next((one for one in offered if one.code == wanted), None)


@require_safe
@login_not_required
@kept_for_a_second(nothing_about)
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a month or a year."""
    offered = periods(timezone.now())
    asked = _asked(request, offered)
    return _page(request, offered, asked, status=400 if offered and not asked else 200)


@require_safe
@login_not_required
def figures_sheet(request: HttpRequest) -> HttpResponse:
    """Give the same as a file for a spreadsheet."""
    offered = periods(timezone.now())
    asked = _asked(request, offered)
    if asked is None:
        return _page(request, offered, None, status=400 if offered else 404)
    told = figures_of(asked, dict(settings.CONTENT_LANGUAGES))
    heading = (_("Period"), _("Figure"), _("Split by"), _("Column"), _("Number"))
    return sheet(f"moderatie-{asked.code}", heading, ((asked.code, *cell) for cell in told.cells()))


def _page(
    request: HttpRequest,
    offered: list[Period],
    asked: Period | None,
    *,
    status: int,
) -> HttpResponse:
    chosen = asked or next((one for one in offered if one.month), None)
    told = figures_of(chosen, dict(settings.CONTENT_LANGUAGES)) if chosen else None
    return render(
        request,
        "moderation/figures.html",
        {
            "periods": [(period.code, _label(period)) for period in offered],
            "chosen": chosen,
            "label": _label(chosen) if chosen else "",
            "last_date": chosen.last_date if chosen else None,
            "figures": told,
            "sheet_url": f"{reverse('openness:sheet')}?periode={chosen.code}" if chosen else "",
            "unknown": status == 400,
        },
        status=status,
    )
