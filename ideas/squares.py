"""How many initiatives lie in which square of the map, counted by the database.

It counts in parts, sixteen to a square; squares are put together from them here.
"""

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, IntegerField, Min
from django.db.models.functions import Cast

from ideas.boxes import NARROWER, PARTS, SOUTH_OF_ALL, UNITS, WEST_OF_ALL, Box
from ideas.models.initiative import InitiativeQuerySet

#: Pins lie over one another when their middles are this part of a square apart, or less.
NEAR = 0.75
#: Parts of this many units and more (zoom 14 and less) are counted for the whole world at once.
SHARED_FROM = 130
#: Counting the whole world takes this part of a process's time at most.
TIME_FOR_COUNTING = 1 / 20

#: Column and row of a part, how many lie in it, and the number of the first of them.
Part = tuple[int, int, int, int]


@dataclass
class Square:
    """How many initiatives lie together, and in which parts.

    ``column`` and ``row`` are those of the square that it began as; ``middle`` and the edges are
    in units of ``ideas.boxes``, from the corner of the world on.
    """

    column: int
    row: int
    number: int
    first: int
    middle: tuple[float, float]
    west: int
    south: int
    east: int
    north: int

    @classmethod
    def of(cls, part: Part, box: Box) -> "Square":
        column, row, number, first = part
        west, south = column * box.width, row * box.height
        east, north = west + box.width - 1, south + box.height - 1
        middle = ((west + east) / 2, (south + north) / 2)
        return cls(column // PARTS, row // PARTS, number, first, middle, west, south, east, north)

    def add(self, other: "Square") -> None:
        number = self.number + other.number
        (x, y), (other_x, other_y) = self.middle, other.middle
        self.middle = (
            (x * self.number + other_x * other.number) / number,
            (y * self.number + other_y * other.number) / number,
        )
        self.number, self.first = number, min(self.first, other.first)
        self.west, self.south = min(self.west, other.west), min(self.south, other.south)
        self.east, self.north = max(self.east, other.east), max(self.north, other.north)

    @property
    def position(self) -> list[float]:
        """Its middle, as longitude and latitude."""
        return _degrees(*self.middle)

    @property
    def edges(self) -> list[float]:
        """Its west, south, east and north, in degrees."""
        return [*_degrees(self.west, self.south), *_degrees(self.east, self.north)]


def _degrees(longitude: float, latitude: float) -> list[float]:
    return [
        round((longitude - WEST_OF_ALL) / UNITS, 5),
        round((latitude - SOUTH_OF_ALL) / UNITS, 5),
    ]


def squares_in(
    box: Box, placed: InitiativeQuerySet, inside: InitiativeQuerySet, *, is_everything: bool
) -> list[Square]:
    """Return the squares of a box that hold anything; where they would overlap, they are one.

    Args:
        placed: all that may have a pin.
        inside: those of them that lie in the box.
        is_everything: ``placed`` is narrowed by no choice, so that many ask for the same.
    """
    if is_everything and box.width >= SHARED_FROM:
        counted = from_afar.take(box.width, lambda: _count(placed, box))
        parts = [part for part in counted if box.holds(part[0], part[1])]
    else:
        parts = _count(inside, box)
    return _joined(_squares(parts, box), box)


def _count(found: InitiativeQuerySet, box: Box) -> list[Part]:
    """Count per part, in the database: in whole numbers, which is quickest by far."""
    longitude = Cast(F("longitude") * UNITS, IntegerField()) + WEST_OF_ALL
    latitude = Cast(F("latitude") * UNITS, IntegerField()) + SOUTH_OF_ALL
    return list(
        found.annotate(column=longitude / box.width, row=latitude / box.height)
        .order_by()
        .values_list("column", "row")
        .annotate(number=Count("pk"), first=Min("pk"))
    )


class _FromAfar:
    """The parts of the whole world, by their width, as one process counted them last.

    Seen from afar each view holds nearly all initiatives, and hardly two people see the same one.
    Counted anew after a second (``KEPT_PAGE_SECONDS``), or as much later as counting takes long,
    by one caller while others wait.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[list[Part], float]] = {}
        self._locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    def take(self, width: int, count: Callable[[], list[Part]]) -> list[Part]:
        if not settings.KEPT_PAGE_SECONDS:
            return count()
        with self._locks[width]:
            parts, until = self._kept.get(width, ([], 0.0))
            began = time.monotonic()
            if began >= until:
                parts = count()
                took = time.monotonic() - began
                kept_for = max(settings.KEPT_PAGE_SECONDS, took / TIME_FOR_COUNTING)
                self._kept[width] = (parts, began + kept_for)
        return parts

    def clear(self) -> None:
        self._kept.clear()


from_afar = _FromAfar()


def _squares(parts: Iterable[Part], box: Box) -> list[Square]:
    """Bring the parts of each square together."""
    squares: dict[tuple[int, int], Square] = {}
    for part in parts:
        square = Square.of(part, box)
        place = (square.column, square.row)
        if place in squares:
            squares[place].add(square)
        else:
            squares[place] = square
    return list(squares.values())


def _joined(squares: Iterable[Square], box: Box) -> list[Square]:
    """Bring together what would lie over one another on the screen, across the lines of squares."""
    joined: list[Square] = []
    near = NEAR * PARTS * box.width
    for square in sorted(squares, key=lambda one: (-one.number, one.first)):
        other = next((one for one in joined if _distance(one, square) < near), None)
        if other is None:
            joined.append(square)
        else:
            other.add(square)
    return joined


def _distance(one: Square, other: Square) -> float:
    """Return how far two middles lie apart on the screen, in units of longitude."""
    (x, y), (other_x, other_y) = one.middle, other.middle
    return math.hypot(x - other_x, (y - other_y) / NARROWER)
