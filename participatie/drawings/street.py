"""Motifs that stand in the street."""

import math
from random import Random

from participatie.drawings.canvas import WIDTH, Canvas, curve, mix
from participatie.drawings.palettes import (
    BARK,
    BRICK,
    GREEN,
    HOUSE_COLOURS,
    INDIGO,
    INK,
    OCHRE,
    PAPER,
    STEEL,
    SUN,
    WOOD,
    Palette,
)
from participatie.drawings.scenery import FLOOR, HORIZON, flower, gable, shadow, tree

BOTTLE = "#4f9a72"


def bench(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A bench under a tree, wide enough to share."""
    shadow(canvas, 1240, FLOOR - 40, 120)
    tree(canvas, 1240, FLOOR - 40, 150, palette.leaf)
    shadow(canvas, 700, FLOOR, 430)
    dark = mix(palette.main, INK, 0.18)
    for x in (420, 940):
        canvas.box(x, 420, 28, FLOOR - 420, BARK)
        canvas.box(x - 36, 640, 28, FLOOR - 640, mix(BARK, INK, 0.25))
    for y in (410, 476):
        canvas.slab(330, y, 740, 46, 14, palette.main)
    canvas.slab(300, 600, 800, 50, 14, palette.main)
    canvas.slab(300, 636, 800, 20, 8, dark)
    if rng.random() < 0.5:
        canvas.slab(560, 540, 66, 60, 8, PAPER)
        canvas.ring(632, 566, 22, 8, PAPER)
    else:
        canvas.slab(800, 578, 150, 22, 5, palette.third)
        canvas.slab(816, 556, 120, 22, 5, SUN)


def lamp(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """Light on a dark path: the cone is the point, so it goes wide."""
    iron = mix(palette.main, PAPER, 0.1)
    canvas.shape([(970, 300), (1050, 300), (1350, 830), (640, 830)], "#ffc84533")
    canvas.oval(995, 830, 355, 42, "#ffc84540")
    canvas.stroke([(720, 810), (720, 300)], 26, iron)
    canvas.stroke(curve((720, 310), (740, 180), (880, 196), 30), 24, iron)
    canvas.stroke(curve((880, 196), (960, 200), (1000, 256), 30), 24, iron)
    canvas.slab(690, 770, 60, 50, 10, mix(iron, INK, 0.3))
    for radius, veil in ((150, "#ffc8451c"), (105, "#ffc84530")):
        canvas.disc(1010, 300, radius, veil)
    canvas.disc(1010, 300, 56, SUN)
    canvas.pie(1010, 290, 76, 180, 360, mix(iron, INK, 0.2))
    tree(canvas, rng.choice((330, 420)), 770, 110, palette.leaf_light)
    canvas.slab(1080, 720, 200, 20, 6, BRICK)
    canvas.slab(1080, 670, 200, 20, 6, BRICK)
    for x in (1104, 1244):
        canvas.box(x, 680, 12, 110, mix(BARK, INK, 0.2))


def sash(canvas: Canvas, x: float, y: float, glass: str) -> None:
    """A window with a white frame and a flower box."""
    canvas.box(x - 8, y - 8, 106, 126, PAPER)
    canvas.box(x, y, 90, 110, glass)
    canvas.box(x + 41, y, 8, 110, PAPER)
    canvas.box(x, y + 42, 90, 8, PAPER)
    for step in range(5):
        canvas.disc(x + 5 + step * 20, y + 106, 13, GREEN)
        canvas.disc(x + 5 + step * 20, y + 98, 7, (SUN, BRICK)[step % 2])
    canvas.slab(x - 10, y + 110, 110, 26, 5, WOOD)


def house(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """One home close by, between the shoulders of its neighbours."""
    glass = "#fff1c4" if palette.night else "#dcebf2"
    others = [each for each in HOUSE_COLOURS if each != palette.main]
    for x, top in ((270, 410), (1030, 370)):
        colour = mix(rng.choice(others), palette.sky, 0.3)
        canvas.box(x, top, 300, FLOOR - top, colour)
        gable(canvas, rng.choice(("flat", "point")), x, top, 300, 90, colour)
        canvas.box(x + 122, FLOOR - 110, 56, 110, mix(colour, INK, 0.4))
        for column in (34, 190):
            for y in (top + 50, top + 190):
                canvas.box(x + column, y, 76, 94, mix(glass, colour, 0.15))
    front = BRICK if palette.night else palette.main
    canvas.box(540, 300, 520, FLOOR - 300, front)
    gable(canvas, rng.choice(("steps", "point", "bell")), 540, 300, 520, 170, front)
    canvas.disc(800, 250, 38, PAPER)
    canvas.disc(800, 250, 28, glass)
    for x in (590, 755, 920):
        sash(canvas, x, 340, SUN if rng.random() < 0.35 else glass)
    for x in (590, 920):
        sash(canvas, x, 560, glass)
    canvas.box(736, 540, 128, FLOOR - 540, PAPER)
    canvas.box(750, 596, 100, FLOOR - 596, palette.third)
    canvas.box(750, 552, 100, 34, SUN)
    canvas.disc(834, 690, 7, SUN)
    canvas.box(716, FLOOR - 14, 168, 22, mix(PAPER, INK, 0.2))
    for x in (570, 620, 980, 1030):
        flower(canvas, x, FLOOR, 44, rng.choice((SUN, BRICK, PAPER)), palette.leaf)


def bus(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A town bus at its stop, door side to the reader."""
    canvas.box(-60, 700, WIDTH + 120, 140, mix(palette.ground, INK, 0.45))
    for x in range(-50, WIDTH + 60, 200):
        canvas.slab(x, 806, 110, 10, 4, "#ffffff90")
    shadow(canvas, 760, 776, 560)
    canvas.slab(240, 290, 1040, 450, 46, palette.main)
    canvas.box(240, 610, 1040, 34, SUN)
    canvas.slab(278, 340, 948, 190, 22, mix(INK, palette.main, 0.25))
    for x in (290, 466, 874, 1050):
        canvas.slab(x, 352, 164, 166, 14, "#d8ecf6")
        canvas.shape([(x + 40, 518), (x + 110, 352), (x + 140, 352), (x + 70, 518)], "#ffffff66")
    canvas.slab(652, 340, 200, 384, 16, mix(INK, palette.main, 0.25))
    for x in (664, 756):
        canvas.slab(x, 352, 84, 358, 10, "#c3deec")
    canvas.slab(1130, 306, 110, 24, 8, SUN)
    canvas.slab(1252, 650, 34, 36, 10, "#fff1c4")
    for x in (440, 1070):
        canvas.disc(x, 730, 84, INK)
        canvas.disc(x, 730, 44, "#c9cedd")
        canvas.disc(x, 730, 16, STEEL)
    canvas.box(1416, 330, 16, 390, STEEL)
    canvas.slab(1364, 270, 120, 120, 16, palette.accent)
    canvas.slab(1390, 302, 68, 48, 10, PAPER)
    canvas.disc(1406, 352, 9, PAPER)
    canvas.disc(1442, 352, 9, PAPER)


def wheel(canvas: Canvas, x: float, y: float, colour: str) -> None:
    """A bicycle wheel with its mudguard."""
    canvas.spokes(x, y, 124, 16, mix(colour, PAPER, 0.45))
    canvas.ring(x, y, 142, 18, INK)
    canvas.ring(x, y, 126, 6, mix(colour, PAPER, 0.3))
    canvas.disc(x, y, 16, INK)


def bike(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """An upright town bike with a crate in front."""
    back, front, pedal = (530.0, 640.0), (1040.0, 640.0), (750.0, 646.0)
    saddle, head = (680.0, 400.0), (940.0, 390.0)
    shadow(canvas, 785, 784, 420)
    wheel(canvas, *back, palette.main)
    wheel(canvas, *front, palette.main)
    canvas.arc(*back, 164, 180, 320, 14, palette.main)
    canvas.arc(*front, 164, 215, 340, 14, palette.main)
    canvas.stroke([(400, 470), (670, 470)], 14, INK)
    canvas.stroke([(470, 470), back], 8, INK)
    for line in ([back, pedal], [back, (690, 440)], [pedal, saddle], [(956, 470), pedal]):
        canvas.stroke(line, 20, palette.main)
    canvas.stroke([(700, 470), (946, 430)], 20, palette.main)
    canvas.stroke([(925, 340), head, (972, 500), front], 20, palette.main)
    canvas.stroke([saddle, (672, 372)], 16, INK)
    canvas.slab(610, 342, 140, 36, 18, BARK)
    canvas.stroke([*curve((925, 340), (910, 300), (830, 322))], 16, INK)
    canvas.slab(800, 308, 62, 26, 13, BARK)
    canvas.disc(pedal[0], pedal[1], 44, INK)
    canvas.disc(pedal[0], pedal[1], 22, SUN)
    canvas.stroke([pedal, (790, 716)], 12, INK)
    canvas.slab(760, 708, 70, 18, 8, BARK)
    for x, colour in ((1010, BRICK), (1070, SUN), (1120, GREEN)):
        canvas.disc(x, 330, 38, colour if rng.random() < 0.8 else OCHRE)
    canvas.slab(960, 330, 210, 120, 10, OCHRE)
    for y in (366, 402):
        canvas.box(960, y, 210, 8, mix(OCHRE, INK, 0.35))
    canvas.stroke([(960, 450), (1110, 450)], 12, INK)


def recycling(canvas: Canvas, x: float, y: float, radius: float, colour: str) -> None:
    """Three arrows in a circle: the sign for sorting that needs no words."""
    for turn in (0, 120, 240):
        canvas.arc(x, y, radius, turn, turn + 76, radius * 0.3, colour)
        tip, side = math.radians(turn + 104), math.radians(turn + 72)
        mid = radius * 0.85
        canvas.shape(
            [
                (x + mid * math.cos(tip), y + mid * math.sin(tip)),
                (x + radius * 1.22 * math.cos(side), y + radius * 1.22 * math.sin(side)),
                (x + radius * 0.48 * math.cos(side), y + radius * 0.48 * math.sin(side)),
            ],
            colour,
        )


def bin_on_wheels(canvas: Canvas, x: float, colour: str, lid: str) -> None:
    """A household container as every back path has them."""
    shadow(canvas, x, FLOOR, 160)
    for side in (-84, 84):
        canvas.disc(x + side, FLOOR - 26, 32, INK)
        canvas.disc(x + side, FLOOR - 26, 12, STEEL)
    body = [(x - 140, 400), (x + 140, 400), (x + 112, FLOOR - 12), (x - 112, FLOOR - 12)]
    canvas.shape(body, colour)
    canvas.shape([(x + 84, 400), (x + 140, 400), (x + 112, 768), (x + 70, 768)], "#17202e20")
    canvas.slab(x - 160, 352, 320, 56, 18, lid)
    canvas.slab(x - 60, 326, 120, 30, 14, lid)
    recycling(canvas, x - 8, 570, 74, PAPER)


def waste(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """Sorted waste beside the houses, with a bottle and a box still to go in."""
    lids = rng.sample((SUN, BRICK, OCHRE), 2)
    bin_on_wheels(canvas, 560, palette.third, lids[0])
    bin_on_wheels(canvas, 920, INDIGO if palette.third != INDIGO else GREEN, lids[1])
    shadow(canvas, 1240, HORIZON + 160, 150)
    canvas.box(1130, 640, 160, 140, OCHRE)
    canvas.box(1200, 640, 22, 140, mix(OCHRE, PAPER, 0.4))
    canvas.shape([(1130, 640), (1290, 640), (1316, 606), (1106, 606)], mix(OCHRE, INK, 0.15))
    canvas.slab(1324, 640, 60, 142, 18, BOTTLE)
    canvas.slab(1342, 588, 24, 80, 6, BOTTLE)
    canvas.slab(1338, 576, 32, 20, 5, BARK)
    canvas.box(1324, 694, 60, 44, PAPER)
