"""Polygons of GeoJSON: what is whole, and with how few points it can be drawn.

Positions are longitude and latitude in degrees (RFC 7946, which is CRS84).
"""

import itertools
import math
from typing import Any

Position = tuple[float, float]
Ring = list[Position]
Polygon = list[Ring]

#: About five metres on the ground: not seen between houses.
TOLERANCE_DEGREES = 0.00005
#: About a metre.
DECIMALS = 5
MAX_POSITIONS = 200_000
#: A degree of longitude, in degrees of latitude, in the Netherlands (the cosine of 52°).
_NARROWER = 0.616


class BrokenShape(Exception):
    """A shape that cannot be drawn; its message says what is wrong with it."""


def polygons_of(geometry: Any) -> list[Polygon]:
    """Return a GeoJSON geometry as polygons of whole rings.

    Raises:
        BrokenShape: with what is wrong.
    """
    if not isinstance(geometry, dict):
        raise BrokenShape("There is no geometry.")
    coordinates = geometry.get("coordinates")
    match geometry.get("type"):
        case "Polygon":
            members: Any = [coordinates]
        case "MultiPolygon":
            members = coordinates
        case other:
            raise BrokenShape(f"This is no polygon but {str(other)[:40]}.")
    if not isinstance(members, list) or not members:
        raise BrokenShape("There are no polygons in it.")
    polygons = [_polygon(member) for member in members]
    if sum(len(ring) for polygon in polygons for ring in polygon) > MAX_POSITIONS:
        raise BrokenShape(f"There are more than {MAX_POSITIONS} points in it.")
    return polygons


def _polygon(rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise BrokenShape("A polygon has no rings.")
    # The outer ring runs against the clock, holes run with it (RFC 7946, 3.1.6).
    return [_turned(_ring(ring), outer=number == 0) for number, ring in enumerate(rings)]


def _ring(positions: Any) -> Ring:
    if not isinstance(positions, list) or len(positions) < 4:
        raise BrokenShape("A ring has fewer than four points.")
    ring = [_position(position) for position in positions]
    if ring[0] != ring[-1]:
        raise BrokenShape("A ring is not closed.")
    if _area(ring) == 0:
        raise BrokenShape("A ring has no inside.")
    return ring


def _position(position: Any) -> Position:
    if not isinstance(position, list) or len(position) < 2:
        raise BrokenShape("A point has no two numbers.")
    longitude, latitude = position[:2]
    for number in (longitude, latitude):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise BrokenShape("A point is no number.")
    # NaN is in no range.
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BrokenShape("A point is no longitude and latitude in degrees.")
    return float(longitude), float(latitude)


def _area(ring: Ring) -> float:
    """Return twice the area in square degrees, positive against the clock."""
    x0, y0 = ring[0]
    return sum(
        (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        for (x1, y1), (x2, y2) in itertools.pairwise(ring)
    )


def _turned(ring: Ring, *, outer: bool) -> Ring:
    return ring if (_area(ring) > 0) == outer else ring[::-1]


def simplified(polygons: list[Polygon], tolerance: float = TOLERANCE_DEGREES) -> list[Any]:
    """Return polygons with as few points as draw the same line, ready for JSON.

    By Douglas and Peucker (1973). A hole too small to see is left out; a polygon never is.

    Args:
        tolerance: in degrees of latitude, how far a left-out point may lie from the line.
    """
    return [
        [
            [list(position) for position in ring]
            for number, full in enumerate(polygon)
            if (ring := _thinned(full, tolerance) or (_rounded(full) if number == 0 else []))
        ]
        for polygon in polygons
    ]


def _thinned(ring: Ring, tolerance: float) -> Ring:
    """Return a ring with fewer points, or nothing when nothing of it would be left."""
    far = max(range(len(ring)), key=lambda place: math.dist(ring[place], ring[0]))
    kept = _line(ring[: far + 1], tolerance)[:-1] + _line(ring[far:], tolerance)
    thin = _rounded(kept)
    return thin if len(thin) >= 4 and _area(thin) != 0 else []


def _rounded(ring: Ring) -> Ring:
    rounded = [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in ring]
    return [p for number, p in enumerate(rounded) if number == 0 or p != rounded[number - 1]]


def _line(points: Ring, tolerance: float) -> Ring:
    keep = {0, len(points) - 1}
    # A list of what is still to do: a coast has more points than Python calls itself.
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        farthest, distance = 0, tolerance
        for place in range(first + 1, last):
            off = _distance(points[place], points[first], points[last])
            if off > distance:
                farthest, distance = place, off
        if farthest:
            keep.add(farthest)
            todo += [(first, farthest), (farthest, last)]
    return [points[place] for place in sorted(keep)]


def _distance(point: Position, start: Position, end: Position) -> float:
    """Return how far a point lies from a stretch, in degrees of latitude."""
    px, py = (point[0] - start[0]) * _NARROWER, point[1] - start[1]
    ex, ey = (end[0] - start[0]) * _NARROWER, end[1] - start[1]
    length = ex * ex + ey * ey
    along = min(1.0, max(0.0, (px * ex + py * ey) / length)) if length else 0.0
    return math.hypot(px - along * ex, py - along * ey)
