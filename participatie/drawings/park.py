"""Motifs that grow or play on grass."""

from random import Random

from participatie.drawings.canvas import Canvas, curve, mix
from participatie.drawings.palettes import (
    BARK,
    BRICK,
    INK,
    OCHRE,
    PAPER,
    STEEL,
    SUN,
    WOOD,
    Palette,
)
from participatie.drawings.scenery import FLOOR, flower, shadow, tree


def ball(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A goal and a ball that is about to go in."""
    net = "#ffffff90"
    for step in range(1, 14):
        x = 260 + step * 46
        canvas.stroke([(x, 330), (x, 720)], 4, net)
    for step in range(1, 9):
        canvas.stroke([(260, 330 + step * 44), (900, 330 + step * 44)], 4, net)
    canvas.stroke([(256, 724), (256, 326), (904, 326), (904, 724)], 24, INK)
    shadow(canvas, 1130, 800, 150)
    x, y, radius = 1130, 680, 122
    canvas.disc(x, y, radius, INK)
    canvas.disc(x, y, radius - 13, PAPER)
    middle = [(0, -46), (44, -14), (27, 38), (-27, 38), (-44, -14)]
    canvas.shape([(x + px, y + py) for px, py in middle], INK)
    for px, py in middle:
        canvas.stroke([(x + px, y + py), (x + px * 1.9, y + py * 1.9)], 9, INK)
        canvas.disc(x + px * 2.05, y + py * 2.05, 17, INK)
    for offset in (-44, 0, 44):
        length = 96 if offset else 130
        line = [(1290, y + offset), (1290 + length, y + offset + 10)]
        canvas.stroke(line, 12, palette.accent)
    if rng.random() < 0.5:
        for side in (980, 1430):
            canvas.shape([(side - 26, 770), (side + 26, 770), (side, 700)], BRICK)
            canvas.box(side - 16, 734, 32, 12, PAPER)


def bird(canvas: Canvas, x: float, y: float, colour: str) -> None:
    """A sparrow's outline, for the life that trees bring."""
    canvas.oval(x, y, 34, 24, colour)
    canvas.disc(x + 30, y - 20, 18, colour)
    canvas.shape([(x + 44, y - 26), (x + 64, y - 18), (x + 44, y - 12)], SUN)
    canvas.shape([(x - 26, y - 6), (x - 70, y - 22), (x - 26, y + 14)], colour)


def tree_motif(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A big tree with younger ones: the tiles are out."""
    for x, radius in ((1180, 120), (1390, 84)):
        shadow(canvas, x, FLOOR - 30, radius)
        tree(canvas, x, FLOOR - 30, radius, palette.leaf_light)
    shadow(canvas, 680, FLOOR, 230)
    canvas.shape([(640, FLOOR), (652, 480), (708, 480), (724, FLOOR)], BARK)
    canvas.stroke([(684, 560), (790, 450)], 24, BARK)
    canvas.stroke([(676, 520), (590, 440)], 20, BARK)
    for dx, dy, radius in ((-130, 30, 130), (130, 40, 130), (0, -70, 170), (0, 60, 140)):
        canvas.disc(680 + dx, 330 + dy, radius, palette.leaf)
    for dx, dy, radius in ((-60, -90, 66), (-150, 10, 48), (90, 0, 44)):
        canvas.disc(680 + dx, 330 + dy, radius, mix(palette.leaf, palette.leaf_light, 0.75))
    fruit = rng.choice((SUN, BRICK, "#f4b6b0"))
    for dx, dy in ((-150, 90), (-60, 40), (40, -110), (140, 70), (60, 120), (-10, -20), (190, 0)):
        canvas.disc(680 + dx, 330 + dy, 15, fruit)
    canvas.slab(420, FLOOR - 36, 100, 44, 6, STEEL)
    canvas.slab(436, FLOOR - 72, 100, 40, 6, mix(STEEL, PAPER, 0.25))
    bird(canvas, 478, FLOOR - 94, palette.accent)
    for x in (820, 870, 924):
        flower(canvas, x, FLOOR, rng.uniform(40, 64), rng.choice((SUN, BRICK, PAPER)), palette.leaf)


def sunflower(canvas: Canvas, x: float, base: float, height: float, leaf: str) -> None:
    """Tall and yellow, so a garden shows from afar."""
    top = base - height
    canvas.stroke([(x, base), (x, top)], 13, leaf)
    canvas.oval(x - 36, base - height * 0.4, 36, 16, leaf)
    canvas.oval(x + 36, base - height * 0.55, 36, 16, leaf)
    for dx, dy in (
        (0, -46),
        (33, -33),
        (46, 0),
        (33, 33),
        (0, 46),
        (-33, 33),
        (-46, 0),
        (-33, -33),
    ):
        canvas.disc(x + dx, top + dy, 25, SUN)
    canvas.disc(x, top, 38, BARK)


def cabbage(canvas: Canvas, x: float, base: float, palette: Palette) -> None:
    """A head of leaves."""
    canvas.oval(x - 34, base - 20, 42, 34, palette.leaf)
    canvas.oval(x + 34, base - 20, 42, 34, palette.leaf)
    canvas.disc(x, base - 34, 42, palette.leaf_light)
    canvas.arc(x, base - 30, 26, 200, 340, 6, mix(palette.leaf_light, PAPER, 0.4))


def watering_can(canvas: Canvas, x: float, base: float, colour: str) -> None:
    """A can with its spout to the bed."""
    shadow(canvas, x, base, 120)
    canvas.ring(x + 84, base - 92, 66, 16, colour)
    canvas.stroke([(x - 60, base - 50), (x - 158, base - 168)], 22, colour)
    canvas.shape([(x - 190, base - 160), (x - 140, base - 204), (x - 132, base - 150)], colour)
    canvas.shape(
        [(x - 80, base - 160), (x + 80, base - 160), (x + 96, base), (x - 96, base)], colour
    )
    canvas.oval(x, base - 160, 80, 18, mix(colour, INK, 0.35))
    canvas.box(x - 90, base - 60, 180, 14, mix(colour, PAPER, 0.35))


def garden(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A raised bed that a street can tend together."""
    shadow(canvas, 680, FLOOR, 430)
    for x in (400, 520) if rng.random() < 0.5 else (400, 900):
        sunflower(canvas, x, 610, rng.uniform(250, 330), palette.leaf)
    for x in (640, 780, 940):
        cabbage(canvas, x, 606, palette)
    for x in (470, 580, 710, 860, 1010):
        colour = rng.choice((BRICK, palette.accent, PAPER, "#f4b6b0"))
        flower(canvas, x, 610, rng.uniform(60, 130), colour, palette.leaf)
    canvas.oval(680, 606, 360, 22, mix(BARK, INK, 0.3))
    for row, y in enumerate((606, 664, 722)):
        canvas.slab(300, y, 760, 52, 6, (OCHRE, mix(OCHRE, WOOD, 0.45), OCHRE)[row])
    for x in (310, 1012):
        canvas.slab(x, 590, 38, FLOOR - 586, 6, WOOD)
    watering_can(canvas, 1310, FLOOR + 6, palette.main)


def seat(canvas: Canvas, x: float, lean: float, colour: str) -> None:
    """One swing; `lean` is how far it has swung."""
    y = 650 - abs(lean) * 0.3
    for side in (-70, 70):
        canvas.stroke([(x + side, 290), (x + side + lean, y)], 9, INK)
    tilt = lean * 0.12
    canvas.stroke([(x - 84 + lean, y + tilt), (x + 84 + lean, y - tilt)], 30, colour)


def swing(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A frame with two swings, one still moving."""
    canvas.oval(800, FLOOR + 2, 440, 34, mix(palette.path, SUN, 0.15))
    post = palette.main
    for x in (400, 1200):
        canvas.stroke([(x, 280), (x - 90, FLOOR)], 28, mix(post, INK, 0.2))
        canvas.stroke([(x, 280), (x + 90, FLOOR)], 28, post)
        canvas.stroke([(x - 50, 560), (x + 50, 560)], 18, post)
    canvas.stroke([(380, 280), (1220, 280)], 34, post)
    canvas.disc(400, 280, 26, SUN)
    canvas.disc(1200, 280, 26, SUN)
    seat(canvas, 630, rng.choice((-90, 80)), palette.accent)
    seat(canvas, 960, 0, SUN)
    for x, bend in ((250, 30), (1350, -24)):
        canvas.stroke(curve((x, FLOOR), (x, FLOOR - 40), (x + bend, FLOOR - 66)), 8, palette.leaf)
        flower(canvas, x, FLOOR, 54, BRICK, palette.leaf)
