"""A drawing surface with soft edges, so that motifs can be written in plain picture units."""

import math
from collections.abc import Sequence

from PIL import Image, ImageColor, ImageDraw, ImageOps

WIDTH, HEIGHT = 1600, 900

# Pillow draws hard edges; drawing larger and shrinking afterwards is what softens them.
SUPERSAMPLE = 2

Point = tuple[float, float]


def mix(colour: str, other: str, share: float) -> str:
    """Take `share` of `other` into `colour`: distance and dusk without naming more colours."""
    pairs = zip(ImageColor.getrgb(colour)[:3], ImageColor.getrgb(other)[:3], strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def curve(start: Point, bend: Point, end: Point, steps: int = 24) -> list[Point]:
    """Points on a quadratic curve, for the shapes that Pillow has no call for."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        points.append(
            (a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1])
        )
    return points


class Canvas:
    """Flat shapes in picture units; `shift` moves a whole motif aside without it knowing."""

    def __init__(self, background: str) -> None:
        size = (WIDTH * SUPERSAMPLE, HEIGHT * SUPERSAMPLE)
        self._image = Image.new("RGB", size, background)
        # The RGBA mode lets a colour such as #ffffff40 blend with what is below it.
        self._draw = ImageDraw.Draw(self._image, "RGBA")
        self.shift = 0.0

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [((x + self.shift) * SUPERSAMPLE, y * SUPERSAMPLE) for x, y in points]

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A rectangle from its top left corner."""
        (left, top), (right, bottom) = self._at([(x, y), (x + width, y + height)])
        self._draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)

    def slab(
        self, x: float, y: float, width: float, height: float, radius: float, colour: str
    ) -> None:
        """A rectangle with round corners."""
        (left, top), (right, bottom) = self._at([(x, y), (x + width, y + height)])
        self._draw.rounded_rectangle(
            (left, top, right - 1, bottom - 1), radius * SUPERSAMPLE, fill=colour
        )

    def oval(self, x: float, y: float, rx: float, ry: float, colour: str) -> None:
        """An ellipse around its middle."""
        (left, top), (right, bottom) = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse((left, top, right, bottom), fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle."""
        self.oval(x, y, radius, radius, colour)

    def ring(self, x: float, y: float, radius: float, thickness: float, colour: str) -> None:
        """The outline of a circle; `radius` is the outer one."""
        self.arc(x, y, radius, 0, 360, thickness, colour)

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        start: float,
        end: float,
        thickness: float,
        colour: str,
    ) -> None:
        """Part of a ring, in degrees clockwise from three o'clock."""
        (left, top), (right, bottom) = self._at(
            [(x - radius, y - radius), (x + radius, y + radius)]
        )
        width = round(thickness * SUPERSAMPLE)
        self._draw.arc((left, top, right, bottom), start, end, fill=colour, width=width)

    def pie(self, x: float, y: float, radius: float, start: float, end: float, colour: str) -> None:
        """A slice of a disc, in degrees clockwise from three o'clock."""
        (left, top), (right, bottom) = self._at(
            [(x - radius, y - radius), (x + radius, y + radius)]
        )
        self._draw.pieslice((left, top, right, bottom), start, end, fill=colour)

    def shape(self, points: Sequence[Point], colour: str) -> None:
        """Any closed shape."""
        self._draw.polygon(self._at(points), fill=colour)

    def stroke(self, points: Sequence[Point], thickness: float, colour: str) -> None:
        """A line with round ends and joints; Pillow's own ends are square."""
        placed = self._at(points)
        width = round(thickness * SUPERSAMPLE)
        self._draw.line(placed, fill=colour, width=width, joint="curve")
        radius = width / 2
        for x, y in (placed[0], placed[-1]):
            self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def spokes(self, x: float, y: float, radius: float, count: int, colour: str) -> None:
        """Thin lines from the middle of a wheel."""
        for spoke in range(count):
            angle = 2 * math.pi * spoke / count
            tip = (x + radius * math.cos(angle), y + radius * math.sin(angle))
            self.stroke([(x, y), tip], 3, colour)

    def finish(self, *, mirrored: bool) -> Image.Image:
        """The picture at its final size."""
        picture = self._image.reduce(SUPERSAMPLE)
        return ImageOps.mirror(picture) if mirrored else picture
