"""A part of the map, and the squares in which its pins are brought together.

Positions are longitude and latitude in degrees (WGS 84).
"""

import math
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

#: The most that one answer holds.
MAX_FEATURES = 200
MAX_ZOOM = 22
#: A degree of latitude takes as much room on the screen as so many of longitude, at 52° north.
NARROWER = 0.616
#: At zoom 0 the world is 256 pixels wide; a square is 64, room for a pin and a thumb.
_HALVINGS_AT_ZOOM_0 = 2
#: A box is widened to whole quarters of a square, so that many ask for the same one.
_PARTS = 4
_NUMBER = r"-?\d{1,3}(?:\.\d{1,15})?"
_BOX = re.compile(rf"({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})", re.ASCII)
_ZOOM = re.compile(r"\d{1,2}", re.ASCII)


class BadBox(Exception):
    """A part of the map that is none; its message says what to do."""


@dataclass(frozen=True)
class Box:
    """A part of the map, and the width of the squares in it, both in degrees."""

    west: float
    south: float
    east: float
    north: float
    square: float

    @property
    def square_height(self) -> float:
        return self.square * NARROWER

    @property
    def squares(self) -> int:
        """How many squares the box touches: never more than ``MAX_FEATURES``."""
        columns = _last(self.east, self.square) - math.floor(self.west / self.square)
        rows = _last(self.north, self.square_height) - math.floor(self.south / self.square_height)
        # A pin on the very edge lies in the square beyond it.
        return (columns + 1) * (rows + 1)


def _last(edge: float, square: float) -> int:
    return math.floor(edge / square)


def read_box(told: str, zoom: str) -> Box:
    """Return the part of the map that an address names, widened a little.

    Squares are halved with each step that somebody comes closer, and doubled again until no more
    than ``MAX_FEATURES`` are in the box.

    Args:
        told: west, south, east and north in degrees, with commas.
        zoom: how close, from 0 (the world) to ``MAX_ZOOM``.

    Raises:
        BadBox: it is no part of the map.
    """
    match = _BOX.fullmatch(told)
    if match is None:
        raise BadBox(
            _(
                "This is no part of the map. Give its west, south, east and north in degrees, "
                "with commas between them."
            )
        )
    if not _ZOOM.fullmatch(zoom) or int(zoom) > MAX_ZOOM:
        raise BadBox(_("The zoom must be a whole number from 0 to %(most)s.") % {"most": MAX_ZOOM})
    west, south, east, north = map(float, match.groups())
    if not (abs(west) <= 180 and abs(east) <= 180 and abs(south) <= 90 and abs(north) <= 90):
        raise BadBox(_("This part of the map lies outside the world."))
    if west > east or south > north:
        raise BadBox(_("This part of the map is turned round: west must be left of east."))
    halvings = int(zoom) + _HALVINGS_AT_ZOOM_0
    while (box := _widened(west, south, east, north, 360 / 2**halvings)).squares > MAX_FEATURES:
        halvings -= 1
    return box


def _widened(west: float, south: float, east: float, north: float, square: float) -> Box:
    wide, high = square / _PARTS, square * NARROWER / _PARTS
    return Box(
        west=math.floor(west / wide) * wide,
        south=math.floor(south / high) * high,
        east=math.ceil(east / wide) * wide,
        north=math.ceil(north / high) * high,
        square=square,
    )
