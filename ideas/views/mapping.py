"""The map of initiatives, with the list beside it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from areas.models import Area
from areas.outlines import edition, outlines
from contributions.kept_pages import kept_for_a_second, nothing_about
from ideas import mapping
from ideas.boxes import BadBox
from ideas.listing import on_the_site

YEAR = 365 * 24 * 3600
#: How close the map begins in an area that is chosen.
ZOOM_OF_AREA: dict[str, int] = {Area.Kind.NEIGHBOURHOOD: 15, Area.Kind.DISTRICT: 14}


@require_safe
@login_not_required
@kept_for_a_second(nothing_about)
def map_page(request: HttpRequest) -> HttpResponse:
    """Show the map, and what it shows as a list; without scripts the list stands alone."""
    chosen = mapping.chosen_on_the_map(request.GET)
    area = next((one for one in chosen.areas if one.slug == chosen.wanted["area"]), None)
    latitude, longitude = settings.MAP_CENTRE
    zoom = settings.MAP_ZOOM
    if area is not None and area.latitude is not None and area.longitude is not None:
        latitude, longitude = area.latitude, area.longitude
        zoom = max(zoom, ZOOM_OF_AREA.get(area.kind, 0))
    context = {
        "chosen": chosen,
        "form": chosen.form,
        "initiatives": mapping.newest(chosen.among(on_the_site())),
        "neighbourhoods": mapping.neighbourhoods(chosen),
        "borders": edition(),
        "centre": f"{latitude},{longitude}",
        "zoom": zoom,
    }
    status = 400 if chosen.problems else 200
    return render(request, "ideas/map.html", context, status=status)


@require_safe
@login_not_required
@kept_for_a_second(nothing_about)
def points(request: HttpRequest) -> HttpResponse:
    """Give the pins of a part of the map, at most 200 of them, as GeoJSON."""
    chosen = mapping.chosen_on_the_map(request.GET)
    if chosen.problems:
        return _refused(" ".join(chosen.problems))
    try:
        found = mapping.features_in(request.GET.get("box", ""), request.GET.get("zoom", ""), chosen)
    except BadBox as error:
        return _refused(str(error))
    response = JsonResponse(found, content_type="application/geo+json")
    # Asked again each time: what a moderator hides is gone within a second.
    patch_cache_control(response, no_cache=True)
    return response


def _refused(sentence: str) -> JsonResponse:
    """Return what was wrong with a question, as RFC 9457 has it."""
    problem: dict[str, Any] = {"type": "about:blank", "status": 400, "detail": sentence}
    return JsonResponse(problem, status=400, content_type="application/problem+json")


@require_safe
@login_not_required
def borders(request: HttpRequest) -> JsonResponse:
    """Give the borders of the neighbourhoods; those of one edition (``v``) stay the same."""
    response = JsonResponse({"areas": outlines()})
    if request.GET.get("v") == edition().word:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, no_cache=True)
    return response
