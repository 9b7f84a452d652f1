"""The neighbourhood around a motif: sky, ground, house fronts, trees, a kitchen."""

import math
from random import Random

from participatie.drawings.canvas import WIDTH, Canvas, Point, curve, mix
from participatie.drawings.palettes import (
    BARK,
    BREEZE,
    HOUSE_COLOURS,
    INK,
    PAPER,
    SHADOW,
    SUN,
    WOOD,
    Palette,
)

HORIZON = 620
# Where the feet of a motif stand: well in front of the horizon, so it reads as near.
FLOOR = 780
TABLE = 700

GABLES = ("point", "steps", "flat", "bell", "flat")


def shadow(canvas: Canvas, x: float, y: float, reach: float) -> None:
    """Keep a thing on the ground; without it flat shapes seem to float."""
    canvas.oval(x, y, reach, max(10, reach * 0.06), SHADOW)


def gable(
    canvas: Canvas, kind: str, x: float, top: float, width: float, rise: float, colour: str
) -> None:
    """The crown of a house front, standing on `top`."""
    middle = x + width / 2
    if kind == "point":
        canvas.shape([(x, top + 1), (middle, top - rise), (x + width, top + 1)], colour)
    elif kind == "steps":
        for step in (1, 2, 3):
            inset = width * (0.13 * step + 0.02)
            canvas.box(x + inset, top - rise * step / 3, width - 2 * inset, rise * step / 3, colour)
    elif kind == "bell":
        left = curve((x, top + 1), (x + width * 0.3, top), (x + width * 0.27, top - rise * 0.55))
        right = [(2 * middle - px, py) for px, py in reversed(left)]
        canvas.shape(left + right, colour)
        canvas.oval(middle, top - rise * 0.55, width * 0.23, rise * 0.45, colour)


def house_front(
    canvas: Canvas,
    rng: Random,
    spot: tuple[float, float, float, float],
    colour: str,
    pane: str,
    lit: str,
) -> None:
    """A house seen from across the street; `spot` is left, base, width, height."""
    x, base, width, height = spot
    top = base - height
    canvas.box(x, top, width, height, colour)
    gable(canvas, rng.choice(GABLES), x, top, width, min(width * 0.42, 60), colour)
    columns = max(2, int(width // 38))
    rows = max(1, int(height // 62))
    across, down = width / columns, (height - 12) / rows
    for row in range(rows):
        for column in range(columns):
            glass = lit if rng.random() < 0.3 else pane
            left = x + across * (column + 0.5) - 7
            canvas.box(left, top + 16 + down * row, 14, 22, glass)
    canvas.box(x + width / 2 - 10, base - 32, 20, 32, mix(colour, INK, 0.4))


def skyline(canvas: Canvas, rng: Random, palette: Palette, base: float = HORIZON) -> None:
    """A row of far house fronts with a gap here and there for a tree."""
    x = -rng.uniform(0, 80)
    haze = 0.62 if palette.night else 0.55
    previous = ""
    while x < WIDTH:
        if rng.random() < 0.2:
            tree(canvas, x + 36, base, rng.uniform(30, 40), mix(palette.leaf, palette.sky, 0.35))
            x += 72
            continue
        width, height = rng.uniform(84, 138), rng.uniform(84, 160)
        colour = rng.choice([each for each in HOUSE_COLOURS if each != previous])
        previous = colour
        far = mix(colour, palette.sky, haze)
        pane = mix(far, INK, 0.25) if palette.night else mix(far, "#ffffff", 0.65)
        house_front(canvas, rng, (x, base, width, height), far, pane, mix(SUN, far, 0.2))
        x += width


def tree(canvas: Canvas, x: float, base: float, radius: float, colour: str) -> None:
    """A lollipop tree, the way the header of the site has them."""
    trunk = max(6, radius * 0.22)
    canvas.box(x - trunk / 2, base - radius * 1.5, trunk, radius * 1.5, mix(BARK, colour, 0.25))
    canvas.disc(x, base - radius * 2, radius, colour)
    if radius > 60:
        canvas.oval(
            x - radius * 0.3, base - radius * 2.3, radius * 0.42, radius * 0.36, "#ffffff1c"
        )


def cloud(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A soft cloud with a flat bottom, from opaque parts so that overlaps do not show."""
    white = "#fffdf8"
    canvas.slab(x - size, y - size * 0.2, size * 2, size * 0.4, size * 0.2, white)
    canvas.disc(x - size * 0.3, y - size * 0.2, size * 0.42, white)
    canvas.disc(x + size * 0.3, y - size * 0.1, size * 0.32, white)


def heaven(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """Sun and clouds by day, moon and stars by night, always clear of the middle."""
    x = rng.choice((1340.0, 1400.0, 1260.0))
    if palette.night:
        canvas.disc(x, 150, 62, "#fbe6b0")
        canvas.disc(x - 28, 136, 54, palette.sky)
        for _ in range(16):
            canvas.disc(rng.uniform(40, 1560), rng.uniform(40, 330), rng.uniform(2, 5), "#fbe6b0cc")
        return
    canvas.disc(x, 160, 118, "#ffc84538")
    canvas.disc(x, 160, 84, SUN)
    cloud(canvas, rng.uniform(150, 380), rng.uniform(120, 210), rng.uniform(80, 110))
    if rng.random() < 0.5:
        cloud(canvas, rng.uniform(640, 980), rng.uniform(80, 130), rng.uniform(50, 70))


def street(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A pavement with house fronts across the road."""
    heaven(canvas, rng, palette)
    skyline(canvas, rng, palette)
    canvas.box(0, HORIZON, WIDTH, 280, palette.ground)
    canvas.box(0, HORIZON, WIDTH, 44, palette.path)
    joint = mix(palette.ground, INK, 0.07)
    for row, y in enumerate((690, 750, 810, 870)):
        canvas.box(0, y, WIDTH, 3, joint)
        for x in range(-80 + 80 * (row % 2), WIDTH, 160):
            canvas.box(x, y, 3, 60, joint)


def park(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """Grass with a path, bushes, and the neighbourhood behind it."""
    heaven(canvas, rng, palette)
    skyline(canvas, rng, palette, HORIZON - 20)
    grass = palette.ground if palette.night else mix(palette.ground, "#7fbb8e", 0.6)
    hedge = mix(palette.leaf_light, palette.sky, 0.3)
    for x in range(-20, WIDTH + 60, 96):
        canvas.disc(x, HORIZON + 14, rng.uniform(40, 58), hedge)
    canvas.box(0, HORIZON, WIDTH, 280, grass)
    bend = rng.uniform(300, 1300)
    near = curve((0, 850), (bend, 790), (WIDTH, 860))
    canvas.shape([*near, (WIDTH, 900), (0, 900)], palette.path)
    blade = mix(grass, palette.leaf, 0.35)
    for _ in range(26):
        left, y = rng.uniform(20, 1580), rng.uniform(650, 770)
        canvas.stroke([(left - 7, y - 12), (left, y), (left + 7, y - 12)], 4, blade)


def kitchen(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A table by the window, with the street outside it."""
    window(canvas, rng, rng.choice((150, 190)))
    canvas.stroke([(1330, 0), (1330, 150)], 6, INK)
    canvas.disc(1330, 236, 34, SUN)
    canvas.pie(1330, 240, 110, 180, 360, palette.third)
    shelf = mix(WOOD, palette.sky, 0.2)
    canvas.slab(1120, 476, 400, 18, 6, shelf)
    for number, colour in enumerate(rng.sample(HOUSE_COLOURS, 4)):
        x = 1150 + number * 92
        tint = mix(colour, palette.sky, 0.35)
        canvas.slab(x, 408, 60, 68, 12, tint)
        canvas.slab(x + 6, 394, 48, 16, 5, mix(tint, INK, 0.25))
    table = mix(palette.ground, "#b98457", 0.65)
    canvas.box(0, TABLE, WIDTH, 200, table)
    canvas.box(0, TABLE, WIDTH, 16, mix(table, PAPER, 0.35))


def window(canvas: Canvas, rng: Random, x: float) -> None:
    """A window with a little skyline of its own: a fine day, whatever colour the wall has."""
    view = BREEZE
    canvas.box(x, 130, 400, 430, view.sky)
    canvas.disc(x + 310, 220, 40, SUN)
    for number, colour in enumerate(rng.sample(HOUSE_COLOURS, 4)):
        far = mix(colour, view.sky, 0.45)
        pane = mix(far, "#ffffff", 0.7)
        spot = (x + number * 100, 500.0, 100.0, rng.uniform(90, 160))
        house_front(canvas, rng, spot, far, pane, SUN)
    canvas.box(x, 500, 400, 60, view.ground)
    for bar in (x, x + 192, x + 384):
        canvas.box(bar, 130, 16, 430, PAPER)
    for bar in (130, 320, 544):
        canvas.box(x, bar, 400, 16, PAPER)
    canvas.slab(x - 30, 556, 460, 24, 8, PAPER)


def flower(canvas: Canvas, x: float, base: float, height: float, colour: str, leaf: str) -> None:
    """A tulip: the flower that needs the fewest strokes to be known."""
    top = base - height
    canvas.stroke([(x, base), (x, top)], 8, leaf)
    canvas.stroke(curve((x, base - 6), (x + 26, base - 20), (x + 30, base - height * 0.6)), 9, leaf)
    cup: list[Point] = [(x - 24, top - 34), (x - 10, top - 16), (x, top - 38), (x + 10, top - 16)]
    canvas.shape([*cup, (x + 24, top - 34), (x + 22, top), (x - 22, top)], colour)
    canvas.oval(x, top, 22, 16, colour)


def steam(canvas: Canvas, x: float, base: float, height: float, colour: str) -> None:
    """A curl of warmth."""
    points = [
        (x + 16 * math.sin(step / 20 * 2 * math.pi), base - height * step / 20)
        for step in range(21)
    ]
    canvas.stroke(points, 13, colour)
