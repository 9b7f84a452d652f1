"""Initiatives on the map: pins that lie close are brought together in squares, by the database.

What it holds is the same for everybody, so that views keep it for a second.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BigIntegerField, Count, F, IntegerField, Max, Min, Sum
from django.db.models.functions import Cast, Round
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext

from areas.models import Area
from areas.municipalities import by_municipality
from contributions.kept_pages import Shelf
from ideas.boxes import NARROWER, PARTS, SOUTH_OF_ALL, UNITS, WEST_OF_ALL, Box, read_box
from ideas.listing import FILTERS, NEWEST, Chosen, choose, on_the_site
from ideas.models import Initiative
from ideas.models.initiative import InitiativeQuerySet

#: As many initiatives stand beside the map, in words.
LISTED = 24
#: Pins lie over one another when their middles are this part of a square apart, or less.
NEAR = 0.75
#: Parts of this many units and more (zoom 14 and less) are counted for the whole world at once.
SHARED_FROM = 130
#: Neighbourhoods are coloured in so many steps, beside the one of none at all.
STEPS = 4

shared_parts: Shelf[list["Place"]] = Shelf()


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
    inside = placed.filter(latitude__range=box.latitudes, longitude__range=box.longitudes)
    if chosen.query or box.width < SHARED_FROM:
        parts = _parts(inside, box)
    else:
        parts = [part for part in _all_parts(placed, box) if box.holds(part.column, part.row)]
    squares = _joined(_squares(parts), box)
    count = sum(square.number for square in squares)
    listed = newest(inside) if count else []
    places = {initiative.pk: place for place, initiative in enumerate(listed, start=1)}
    shown = {initiative.pk: initiative for initiative in listed}
    lonely = {square.first for square in squares if square.number == 1}
    for initiative in inside.filter(pk__in=lonely - shown.keys()).select_related("area"):
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


@dataclass
class Place:
    """How many initiatives lie together, where their middle is and how far they lie apart.

    ``column`` and ``row`` are those of the part or square that it began as; all else about where
    it is stands in units of ``ideas.boxes``, from the corner of the world on.
    """

    column: int
    row: int
    number: int
    first: int
    longitudes: int
    latitudes: int
    west: int
    east: int
    south: int
    north: int

    @property
    def middle(self) -> tuple[float, float]:
        return self.longitudes / self.number, self.latitudes / self.number

    def add(self, other: "Place") -> None:
        self.number += other.number
        self.first = min(self.first, other.first)
        self.longitudes += other.longitudes
        self.latitudes += other.latitudes
        self.west, self.south = min(self.west, other.west), min(self.south, other.south)
        self.east, self.north = max(self.east, other.east), max(self.north, other.north)


def _parts(inside: InitiativeQuerySet, box: Box) -> list[Place]:
    """Count per part of a square, in the database."""
    longitude = Cast(Round(F("longitude") * UNITS), IntegerField()) + WEST_OF_ALL
    latitude = Cast(Round(F("latitude") * UNITS), IntegerField()) + SOUTH_OF_ALL
    counted = (
        inside.annotate(lon=longitude, lat=latitude)
        .annotate(column=F("lon") / box.width, row=F("lat") / box.height)
        .order_by()
        .values_list("column", "row")
        .annotate(
            number=Count("pk"),
            first=Min("pk"),
            longitudes=Sum("lon", output_field=BigIntegerField()),
            latitudes=Sum("lat", output_field=BigIntegerField()),
            west=Min("lon"),
            east=Max("lon"),
            south=Min("lat"),
            north=Max("lat"),
        )
    )
    return [Place(*row) for row in counted]


def _all_parts(placed: InitiativeQuerySet, box: Box) -> list[Place]:
    """Return the parts of the whole world that hold anything, counted once a second at most.

    Seen from afar each view holds nearly all initiatives, and hardly two people see the same one.
    """

    def count() -> tuple[list[Place], list[Place]]:
        counted = _parts(placed, box)
        return counted, counted

    kept, counted = shared_parts.take(box.width, count)
    return (kept if counted is None else counted) or []


def _squares(parts: Iterable[Place]) -> list[Place]:
    """Bring the parts of each square together; the parts themselves stay as they are."""
    squares: dict[tuple[int, int], Place] = {}
    for part in parts:
        column, row = part.column // PARTS, part.row // PARTS
        if (square := squares.get((column, row))) is not None:
            square.add(part)
        else:
            squares[column, row] = replace(part, column=column, row=row)
    return list(squares.values())


def _joined(squares: Iterable[Place], box: Box) -> list[Place]:
    """Bring together what would lie over one another on the screen, across the lines of squares."""
    joined: list[Place] = []
    near = NEAR * PARTS * box.width
    for square in sorted(squares, key=lambda one: (-one.number, one.first)):
        other = next((one for one in joined if _distance(one, square) < near), None)
        if other is None:
            joined.append(square)
        else:
            other.add(square)
    return joined


def _distance(one: Place, other: Place) -> float:
    """Return how far two middles lie apart on the screen, in units of longitude."""
    (x, y), (other_x, other_y) = one.middle, other.middle
    return math.hypot(x - other_x, (y - other_y) / NARROWER)


def _degrees(longitude: float, latitude: float) -> list[float]:
    """Return units as the position that they are, to about a metre."""
    return [
        round((longitude - WEST_OF_ALL) / UNITS, 5),
        round((latitude - SOUTH_OF_ALL) / UNITS, 5),
    ]


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


def _group(square: Place) -> dict[str, Any]:
    number = square.number
    said = ngettext(
        "%(number)s initiative, come closer", "%(number)s initiatives, come closer", number
    )
    return {
        "type": "Feature",
        "id": f"group-{square.column}-{square.row}-{number}",
        "geometry": {"type": "Point", "coordinates": _degrees(*square.middle)},
        "properties": {
            "count": number,
            "said": said % {"number": number},
            "box": [
                *_degrees(square.west, square.south),
                *_degrees(square.east, square.north),
            ],
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
