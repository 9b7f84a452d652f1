"""A part of the map, and the squares in which its pins are brought together.

Positions are longitude and latitude in degrees (WGS 84).
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

#: The most that one answer holds.
MAX_FEATURES = 200
MAX_ZOOM = 22
#: A degree of latitude takes as much room on the screen as so many of longitude, at 52° north.
NARROWER = 0.616
#: Places are counted in whole hundred-thousandths of a degree (about a metre), as they are stored,
#: from the corner of the world on: so none is negative, and both databases divide them alike.
UNITS = 100_000
WEST_OF_ALL, SOUTH_OF_ALL = 180 * UNITS, 90 * UNITS
#: At zoom 0 the world is 256 pixels wide; a square is 64, room for a pin and a thumb.
_HALVINGS_AT_ZOOM_0 = 2
#: A box is made of whole parts of squares, four by four in each, so that many ask for the same one.
PARTS = 4
_NUMBER = r"-?\d{1,3}(?:\.\d{1,15})?"
_BOX = re.compile(rf"({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})", re.ASCII)
_ZOOM = re.compile(r"\d{1,2}", re.ASCII)


class BadBox(Exception):
    """A part of the map that is none; its message says what to do."""


@dataclass(frozen=True)
class Box:
    """A part of the map: from which column and row of parts to which, both included.

    ``width`` and ``height`` are those of one part, in units.
    """

    first_column: int
    first_row: int
    last_column: int
    last_row: int
    width: int
    height: int

    @property
    def squares(self) -> int:
        """How many squares the box touches: never more than ``MAX_FEATURES``."""
        columns = self.last_column // PARTS - self.first_column // PARTS + 1
        rows = self.last_row // PARTS - self.first_row // PARTS + 1
        return columns * rows

    def holds(self, column: int, row: int) -> bool:
        """Say whether a part lies in the box."""
        return (
            self.first_column <= column <= self.last_column
            and self.first_row <= row <= self.last_row
        )

    @property
    def longitudes(self) -> tuple[Decimal, Decimal]:
        """The first and the last longitude in it, in degrees."""
        return (
            _degrees(self.first_column * self.width - WEST_OF_ALL),
            _degrees((self.last_column + 1) * self.width - 1 - WEST_OF_ALL),
        )

    @property
    def latitudes(self) -> tuple[Decimal, Decimal]:
        """The first and the last latitude in it, in degrees."""
        return (
            _degrees(self.first_row * self.height - SOUTH_OF_ALL),
            _degrees((self.last_row + 1) * self.height - 1 - SOUTH_OF_ALL),
        )


def _degrees(units: int) -> Decimal:
    return Decimal(units) / UNITS


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
    halvings: int = int(zoom) + _HALVINGS_AT_ZOOM_0
    while (box := _of_parts(west, south, east, north, halvings)).squares > MAX_FEATURES:
        halvings -= 1
    return box


def _of_parts(west: float, south: float, east: float, north: float, halvings: int) -> Box:
    width = max(1, round(360 * UNITS / PARTS * 0.5**halvings))
    height = max(1, round(width * NARROWER))

    def column(longitude: float) -> int:
        return (math.floor(longitude * UNITS) + WEST_OF_ALL) // width

    def row(latitude: float) -> int:
        return (math.floor(latitude * UNITS) + SOUTH_OF_ALL) // height

    return Box(column(west), row(south), column(east), row(north), width, height)
