"""Initiatives on the map: pins, groups of pins, the list beside them and the neighbourhoods.

What it holds is the same for everybody, so that views keep it for a second.
"""

from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext

from areas.models import Area
from areas.municipalities import by_municipality
from ideas.boxes import read_box
from ideas.listing import FILTERS, NEWEST, Chosen, choose, on_the_site
from ideas.models import Initiative
from ideas.models.initiative import InitiativeQuerySet
from ideas.squares import Square, squares_in

#: As many initiatives stand beside the map, in words.
LISTED = 24
#: Neighbourhoods are coloured in so many steps, beside the one of none at all.
STEPS = 4


def chosen_on_the_map(params: QueryDict) -> Chosen:
    """Read the filters of an address: those of the list, without its order."""
    return choose(params, names=FILTERS)


def newest(found: InitiativeQuerySet) -> list[Initiative]:
    """Return the initiatives that stand beside the map, with what a row of that list shows."""
    return list(_for_map(found).order_by(*NEWEST.columns)[:LISTED])


def _for_map(found: InitiativeQuerySet) -> InitiativeQuerySet:
    """Load what a pin and a row beside the map show, and none of the stories."""
    return found.select_related("area").defer("text", "help_wanted")


# --- Pins ---


def features_in(told: str, zoom: str, chosen: Chosen) -> dict[str, Any]:
    """Return what is in a part of the map, as GeoJSON with words beside it.

    A feature is an initiative, or how many there are in a square. ``said`` and ``list`` are the
    sentence and the list beside the map, in the language of the page.

    Args:
        told: west, south, east and north in degrees, with commas.
        zoom: how close, from 0 to 22.

    Raises:
        BadBox: it is no part of the map.
    """
    box = read_box(told, zoom)
    placed = chosen.among(on_the_site()).with_place()
    inside = placed.filter(latitude__range=box.latitudes, longitude__range=box.longitudes)
    squares = squares_in(box, placed, inside, is_everything=not chosen.query)
    count = sum(square.number for square in squares)
    listed = newest(inside) if count else []
    places = {initiative.pk: place for place, initiative in enumerate(listed, start=1)}
    shown = {initiative.pk: initiative for initiative in listed}
    lonely = {square.first for square in squares if square.number == 1}
    for initiative in _for_map(inside.filter(pk__in=lonely - shown.keys())):
        shown[initiative.pk] = initiative
    features = [
        _pin(shown[square.first], places.get(square.first))
        if square.number == 1
        else _group(square)
        # One may have gone between two questions.
        for square in squares
        if square.number > 1 or square.first in shown
    ]
    features.sort(key=lambda feature: feature["properties"].get("place") or LISTED + 1)
    return {
        "type": "FeatureCollection",
        "features": features,
        "count": count,
        "said": _said(count),
        "list": render_to_string("ideas/_map_list.html", {"initiatives": listed}),
    }


def _pin(initiative: Initiative, place: int | None) -> dict[str, Any]:
    assert initiative.longitude is not None
    assert initiative.latitude is not None
    assert initiative.area is not None
    told = {
        "title": initiative.title,
        "language": initiative.language,
        "url": initiative.get_absolute_url(),
        "area": initiative.area.name,
        "address": initiative.address_line,
    }
    return {
        "type": "Feature",
        "id": f"pin-{initiative.pk}",
        "geometry": {
            "type": "Point",
            "coordinates": [float(initiative.longitude), float(initiative.latitude)],
        },
        "properties": told if place is None else {**told, "place": place},
    }


def _group(square: Square) -> dict[str, Any]:
    number = square.number
    said = ngettext(
        "%(number)s initiative, come closer", "%(number)s initiatives, come closer", number
    )
    return {
        "type": "Feature",
        "id": f"group-{square.column}-{square.row}-{number}",
        "geometry": {"type": "Point", "coordinates": square.position},
        "properties": {"count": number, "said": said % {"number": number}, "box": square.edges},
    }


def _said(count: int) -> str:
    if not count:
        return gettext("There are no initiatives on this part of the map.")
    if count <= LISTED:
        said = ngettext(
            "%(count)s initiative on this part of the map.",
            "%(count)s initiatives on this part of the map.",
            count,
        )
        return said % {"count": count}
    said = ngettext(
        "%(count)s initiative on this part of the map. These are the newest %(listed)s.",
        "%(count)s initiatives on this part of the map. These are the newest %(listed)s.",
        count,
    )
    return said % {"count": count, "listed": LISTED}


# --- Neighbourhoods ---


def counts_by_area(chosen: Chosen) -> dict[int, int]:
    """Count initiatives per neighbourhood, whichever one is chosen: also those without a place."""
    found = chosen.among(on_the_site(), but=("area",)).order_by()
    return dict(found.values_list("area").annotate(number=Count("pk")))


def neighbourhoods(chosen: Chosen) -> list[dict[str, Any]]:
    """Return the neighbourhoods with their counts, and the step of colour that follows from each.

    Step 0 is for none; the others divide what the fullest neighbourhood has in equal parts.
    """
    counts = counts_by_area(chosen)
    offered = [
        area
        for _municipality, inside in by_municipality(chosen.areas)
        for area in inside
        if area.accepts_contributions
    ]
    most = max((counts.get(area.pk, 0) for area in offered), default=0)
    return [_neighbourhood(area, counts.get(area.pk, 0), most, chosen) for area in offered]


def _neighbourhood(area: Area, count: int, most: int, chosen: Chosen) -> dict[str, Any]:
    query = chosen.query.copy()
    query["area"] = area.slug
    return {
        "area": area,
        "count": count,
        "step": -(-STEPS * count // most) if count else 0,
        "query": query.urlencode(),
    }
