"""Sample borders: rough shapes around the centres of the neighbourhoods, until real ones are read.

`manage.py import_borders` puts the real ones in their place.
"""

import datetime
import math

from areas.models import Area, Border

#: How far a shape reaches from the centre at most, in degrees of latitude: about 600 metres.
REACH = 0.0055
CORNERS = 24
#: A degree of longitude, in degrees of latitude, at 52° north.
NARROWER = 0.616

Point = tuple[float, float]


def load(*, now: datetime.datetime) -> int:
    """Draw a border around each neighbourhood that has none; return how many."""
    areas = [
        area
        for area in Area.objects.accepting_contributions().order_by("pk")
        if area.latitude is not None and area.longitude is not None
    ]
    centres = {area.pk: _flat(area) for area in areas}
    drawn = set(Border.objects.values_list("area_id", flat=True))
    missing = [area for area in areas if area.pk not in drawn]
    for area in missing:
        others = [centre for pk, centre in centres.items() if pk != area.pk]
        Border.objects.create(
            area=area,
            polygons=[[_ring(around(centres[area.pk], others))]],
            year=area.codes_year,
            drawn_roughly=True,
            changed_at=now,
        )
    return len(missing)


def _flat(area: Area) -> Point:
    return float(area.longitude or 0) * NARROWER, float(area.latitude or 0)


def _ring(corners: list[Point]) -> list[list[float]]:
    ring = [[round(x / NARROWER, 5), round(y, 5)] for x, y in corners]
    return [*ring, ring[0]]


def around(centre: Point, others: list[Point]) -> list[Point]:
    """Return what lies within reach of a centre, and nearer to it than to any other."""
    shape = [
        (
            centre[0] + REACH * math.cos(2 * math.pi * corner / CORNERS),
            centre[1] + REACH * math.sin(2 * math.pi * corner / CORNERS),
        )
        for corner in range(CORNERS)
    ]
    for other in others:
        shape = _nearer(shape, centre, other)
    return shape


def _nearer(shape: list[Point], centre: Point, other: Point) -> list[Point]:
    """Cut off what is nearer to another centre (Sutherland and Hodgman, 1974)."""
    across = (other[0] - centre[0], other[1] - centre[1])
    half = ((centre[0] + other[0]) / 2, (centre[1] + other[1]) / 2)

    def beyond(point: Point) -> float:
        return (point[0] - half[0]) * across[0] + (point[1] - half[1]) * across[1]

    kept: list[Point] = []
    for number, point in enumerate(shape):
        before = shape[number - 1]
        here, there = beyond(point), beyond(before)
        if (here > 0) != (there > 0):
            part = there / (there - here)
            kept.append(
                (
                    before[0] + part * (point[0] - before[0]),
                    before[1] + part * (point[1] - before[1]),
                )
            )
        if here <= 0:
            kept.append(point)
    return kept
