"""Initiatives on the map: pins that lie close are brought together in squares, by the database.

What it holds is the same for everybody, so that views keep it for a second.
"""

import math
from collections.abc import Iterable
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Max, Min, QuerySet
from django.db.models.functions import Cast, Floor
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext

from areas.models import Area
from areas.municipalities import by_municipality
from ideas.boxes import NARROWER, Box, read_box
from ideas.listing import FILTERS, NEWEST, Chosen, choose, on_the_site
from ideas.models import Initiative
from ideas.models.initiative import InitiativeQuerySet

#: As many initiatives stand beside the map, in words.
LISTED = 24
#: Pins lie over one another when their middles are this part of a square apart, or less.
NEAR = 0.75
#: Neighbourhoods are coloured in so many steps, beside the one of none at all.
STEPS = 4


def chosen_on_the_map(params: QueryDict) -> Chosen:
    """Read the filters of an address: those of the list, without its order."""
    return choose(params, names=FILTERS)


def newest(found: InitiativeQuerySet) -> list[Initiative]:
    """Return the initiatives that stand beside the map, with what a row of that list shows."""
    return list(found.select_related("area").order_by(*NEWEST.columns)[:LISTED])


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
    inside = placed.filter(
        latitude__range=(box.south, box.north), longitude__range=(box.west, box.east)
    )
    squares = _joined(_squares(inside, box), box)
    count = sum(square["number"] for square in squares)
    listed = newest(inside) if count else []
    places = {initiative.pk: place for place, initiative in enumerate(listed, start=1)}
    shown = {initiative.pk: initiative for initiative in listed}
    lonely = {square["first"] for square in squares if square["number"] == 1}
    for initiative in inside.filter(pk__in=lonely - shown.keys()).select_related("area"):
        shown[initiative.pk] = initiative
    features = [
        _pin(shown[square["first"]], places.get(square["first"]))
        if square["number"] == 1
        else _group(square)
        # One may have gone between two questions.
        for square in squares
        if square["number"] > 1 or square["first"] in shown
    ]
    features.sort(key=lambda feature: feature["properties"].get("place") or LISTED + 1)
    return {
        "type": "FeatureCollection",
        "features": features,
        "count": count,
        "said": _said(count),
        "list": render_to_string("ideas/_map_list.html", {"initiatives": listed}),
    }


def _squares(inside: InitiativeQuerySet, box: Box) -> QuerySet[Initiative, dict[str, Any]]:
    """Count per square, with the middle of its pins and how far they lie apart."""
    return (
        # Counting with floating numbers is several times faster than with decimal ones.
        inside.annotate(
            lon=Cast("longitude", FloatField()),
            lat=Cast("latitude", FloatField()),
            column=Floor(F("lon") / box.square),
            row=Floor(F("lat") / box.square_height),
        )
        .order_by()
        .values("column", "row")
        .annotate(
            number=Count("pk"),
            first=Min("pk"),
            middle_lon=Avg("lon"),
            middle_lat=Avg("lat"),
            west=Min("lon"),
            east=Max("lon"),
            south=Min("lat"),
            north=Max("lat"),
        )
    )


def _joined(squares: Iterable[dict[str, Any]], box: Box) -> list[dict[str, Any]]:
    """Bring together what would lie over one another on the screen, across the lines of squares."""
    joined: list[dict[str, Any]] = []
    for square in sorted(squares, key=lambda one: (-one["number"], one["first"])):
        near = next((one for one in joined if _distance(one, square) < NEAR * box.square), None)
        if near is None:
            joined.append(square)
        else:
            _add(square, near)
    return joined


def _distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return how far two middles lie apart on the screen, in degrees of longitude."""
    return math.hypot(
        one["middle_lon"] - other["middle_lon"],
        (one["middle_lat"] - other["middle_lat"]) / NARROWER,
    )


def _add(square: dict[str, Any], to: dict[str, Any]) -> None:
    total = to["number"] + square["number"]
    for name in ("middle_lon", "middle_lat"):
        to[name] = (to[name] * to["number"] + square[name] * square["number"]) / total
    for name, outermost in (
        ("first", min),
        ("west", min),
        ("south", min),
        ("east", max),
        ("north", max),
    ):
        to[name] = outermost(to[name], square[name])
    to["number"] = total


def _point(longitude: float, latitude: float) -> dict[str, Any]:
    # Five decimals are about a metre.
    return {"type": "Point", "coordinates": [round(longitude, 5), round(latitude, 5)]}


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
        "geometry": _point(float(initiative.longitude), float(initiative.latitude)),
        "properties": told if place is None else {**told, "place": place},
    }


def _group(square: dict[str, Any]) -> dict[str, Any]:
    number = square["number"]
    said = ngettext(
        "%(number)s initiative, come closer", "%(number)s initiatives, come closer", number
    )
    return {
        "type": "Feature",
        "id": f"group-{square['column']:.0f}-{square['row']:.0f}-{number}",
        "geometry": _point(square["middle_lon"], square["middle_lat"]),
        "properties": {
            "count": number,
            "said": said % {"number": number},
            "box": [square["west"], square["south"], square["east"], square["north"]],
        },
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
