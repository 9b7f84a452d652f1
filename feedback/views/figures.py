"""One figure in one area, and the answers that people give to it with one tap."""

import datetime
import re

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget

from areas.models import Area
from contributions.actions import Refused
from contributions.models import Picture
from contributions.requests import author_or_none, without_token_for_visitors
from feedback import browsers, quarters
from feedback.actions import answer as give_answer
from feedback.dashboard import panels_of, told_to
from feedback.models import Experience, Recognition, Remark, Trend
from feedback.permissions import can_respond
from feedback.voices import belongs_to, gap
from indicators.charts import chart_of_years
from indicators.figures import all_areas, history
from indicators.models import BudgetLine, Indicator

REMARKS_SHOWN = 20
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}")


class TooManyAnswers(Refused):
    message = gettext_lazy("From here came very many answers. Wait an hour, or sign in and go on.")


def area_of(slug: str, areas: dict[int, Area]) -> Area:
    """Return the area with this address.

    Raises:
        Http404: there is none.
    """
    found = next((area for area in areas.values() if area.slug == slug), None)
    if found is None:
        raise Http404
    return found


@require_safe
@login_not_required
def figure(request: HttpRequest, slug: str, figure: str) -> HttpResponse:
    """Show a figure in an area: its numbers, what neighbours say, and what was done with it."""
    areas = all_areas()
    area = area_of(slug, areas)
    indicator = get_object_or_404(Indicator.objects.select_related("theme"), slug=figure)
    return figure_page(request, area, areas, indicator)


def figure_page(
    request: HttpRequest,
    area: Area,
    areas: dict[int, Area],
    indicator: Indicator,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page of a figure, with a sentence on top where something could not be done."""
    told = told_to(request, area, areas, figure=indicator)
    panel = panels_of(told, area, areas, figure=indicator)[0]
    place = panel.figure.told.area if panel.figure.told else area
    years = history(indicator, place)
    after = request.GET.get("after", "")
    remarks = (
        Remark.objects.visible_to(request.user)
        .published()
        .beside(indicator, area_id=area.pk)
        .select_related("author", "dossier", "experience")
        .in_language(get_language() or "")
        .order_by("-pk")
    )
    if after.isascii() and after.isdigit() and len(after) < 19:
        remarks = remarks.filter(pk__lt=int(after))
    rows = list(remarks[: REMARKS_SHOWN + 1])
    shown = rows[:REMARKS_SHOWN]
    pictures: dict[int, list[Picture]] = {}
    for picture in Picture.objects.shown().filter(dossier__in=[r.dossier_id for r in shown]):
        pictures.setdefault(picture.dossier_id, []).append(picture)
    return render(
        request,
        "feedback/figure.html",
        {
            "area": area,
            "panel": panel,
            "place": place,
            "crumbs": [
                {"name": _("Your neighbourhood"), "url": reverse("areas")},
                {"name": area.name, "url": reverse("area", args=[area.slug])},
            ],
            "years": years,
            "chart_of_years": chart_of_years(years, indicator.unit, panel.figure.aims),
            "gap": gap(panel.figure, panel.voices.now, years),
            "remarks": [(remark, pictures.get(remark.dossier_id, [])) for remark in shown],
            "next_url": f"?after={shown[-1].pk}" if len(rows) > REMARKS_SHOWN else "",
            "is_first_page": not after,
            "target_groups": list(indicator.target_groups.all()),
            "budget_lines": list(BudgetLine.objects.filter(theme=indicator.theme)),
            "can_respond": can_respond(request.user, area),
            "quarter": quarters.quarter_at(timezone.now()),
            "recognitions": Recognition.choices,
            "trends": Trend.choices,
            "problem": problem,
        },
        status=status,
    )


@require_POST
@login_not_required
@never_cache
@without_token_for_visitors
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an answer in: one tap on a page of figures, with an account or without one.

    What was pressed says all: the figure's address, the question and the answer.
    """
    areas = all_areas()
    area = area_of(slug, areas)
    figure_slug, question, told = _pressed(request)
    indicator = get_object_or_404(Indicator.objects.select_related("theme"), slug=figure_slug)
    person = author_or_none(request)
    key = browsers.key_of(request) or (browsers.new_key() if person is None else "")
    problem, status = "", 200
    try:
        if person is None and not browsers.may_answer(request, key):
            raise TooManyAnswers
        give_answer(
            indicator=indicator,
            area=area,
            person=person,
            browser=browsers.digest(key),
            quarter_date=_quarter(request),
            recognition=told if question == "recognition" else "",
            trend=told if question == "trend" else "",
        )
    except TooManyAnswers as refused:
        problem, status = str(refused), 429
    except Refused as refused:
        problem, status = str(refused), 409
    response: HttpResponse
    if request.htmx:  # type: ignore[attr-defined]
        # This browser's key may be on its way to it only now.
        own_key = browsers.digest(key)
        now = told_to(request, area, areas, figure=indicator, browser=own_key)
        panel = panels_of(now, area, areas, figure=indicator)[0]
        response = render(
            request,
            "feedback/_answered.html",
            {
                "area": area,
                "panel": panel,
                "problem": problem,
                "is_figure_page": request.POST.get("page") == "figure",
                "recognitions": Recognition.choices,
                "trends": Trend.choices,
            },
        )
        response = reswap(retarget(response, f"#cijfer-{indicator.slug}"), "outerHTML")
    elif problem:
        response = figure_page(request, area, areas, indicator, problem=problem, status=status)
    else:
        messages.success(request, _("Thank you: your answer counts."))
        response = redirect(_back(request, area, indicator))
    if person is None and not problem:
        browsers.keep(response, key)
    return response


def _pressed(request: HttpRequest) -> tuple[str, str, str]:
    """Return the figure, the question and the answer of the button that was pressed.

    Raises:
        Http404: there is no such button.
    """
    parts = request.POST.get("answer", "").split(".")
    if len(parts) != 3 or parts[1] not in ("recognition", "trend") or not _SLUG.fullmatch(parts[0]):
        raise Http404
    return parts[0], parts[1], parts[2]


def _quarter(request: HttpRequest) -> datetime.date:
    """Return the quarter that the page asked about; one that is no date was never asked."""
    told = request.POST.get("quarter", "")
    try:
        return datetime.date.fromisoformat(told)
    except ValueError:
        return datetime.date.min


def _back(request: HttpRequest, area: Area, indicator: Indicator) -> str:
    if request.POST.get("page") == "figure":
        return reverse("feedback:figure", args=[area.slug, indicator.slug])
    return f"{reverse('area', args=[area.slug])}#cijfer-{indicator.slug}"


def own_experience(request: HttpRequest, indicator: Indicator, area: Area) -> Experience | None:
    """Return what this person (or this browser) answered in the quarter that runs."""
    return Experience.objects.filter(
        belongs_to(author_or_none(request), browsers.digest_of(request)),
        indicator=indicator,
        area=area,
        quarter_date=quarters.quarter_at(timezone.now()),
    ).first()
