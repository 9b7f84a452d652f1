"""Motifs of neighbours doing something together: cooking, reading, music, a market."""

import math
from random import Random

from participatie.drawings.canvas import Canvas, Point, curve, mix
from participatie.drawings.palettes import (
    BARK,
    BRICK,
    GREEN,
    HOUSE_COLOURS,
    INK,
    OCHRE,
    PAPER,
    RUST,
    STEEL,
    SUN,
    WOOD,
    Palette,
)
from participatie.drawings.scenery import FLOOR, TABLE, house_front, shadow, steam, tree

CRUST = "#c4803f"
CRUMB = "#f6dcae"


def bowl(canvas: Canvas, x: float, base: float, colour: str, soup: str) -> None:
    """A filled bowl, for the guest who is not in the picture."""
    shadow(canvas, x, base, 100)
    canvas.slab(x - 40, base - 18, 80, 20, 6, mix(colour, INK, 0.2))
    canvas.pie(x, base - 96, 110, 0, 180, colour)
    canvas.oval(x, base - 96, 110, 24, mix(colour, PAPER, 0.4))
    canvas.oval(x, base - 94, 92, 16, soup)


def pot(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A big pan that feeds a street."""
    base = TABLE + 110
    shadow(canvas, 800, base, 330)
    vapour = mix(palette.sky, RUST, 0.35)
    for x, height in ((690, 130), (800, 170), (910, 130)):
        steam(canvas, x, 340, height, vapour)
    for side in (520, 1080):
        canvas.ring(side, 530, 60, 26, mix(palette.main, INK, 0.3))
    canvas.stroke([(960, 430), (1100, 270)], 20, WOOD)
    canvas.slab(540, 420, 520, base - 420, 60, palette.main)
    canvas.box(540, 420, 520, 90, palette.main)
    canvas.oval(800, 424, 276, 52, mix(palette.main, INK, 0.3))
    canvas.oval(800, 428, 248, 40, BRICK if palette.main != RUST else SUN)
    for x, y, colour in ((700, 424, SUN), (760, 440, GREEN), (840, 420, OCHRE), (890, 440, GREEN)):
        canvas.oval(x, y, 26, 12, colour)
    canvas.stroke([(960, 430), (985, 402)], 20, WOOD)
    canvas.slab(586, 520, 34, 220, 17, "#ffffff30")
    bowl(canvas, 310, base + 20, rng.choice((PAPER, SUN)), BRICK)
    bowl(canvas, 1290, base + 20, rng.choice((palette.third, palette.accent)), BRICK)


def bread(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A loaf with slices cut for whoever comes."""
    base = TABLE + 90
    dark = mix(CRUST, INK, 0.22)
    shadow(canvas, 760, base + 34, 520)
    canvas.slab(290, base - 6, 940, 44, 20, WOOD)
    canvas.slab(290, base - 6, 940, 18, 9, OCHRE)
    top = [
        *curve((330, base - 150), (350, 400), (650, 400)),
        *curve((650, 400), (950, 400), (970, 640)),
    ]
    canvas.shape([*top, (970, base), (360, base), (326, base - 60)], CRUST)
    canvas.slab(326, base - 180, 644, 180, 70, CRUST)
    canvas.shape(
        [
            *curve((340, base - 40), (640, base + 20), (960, base - 40)),
            (960, base - 2),
            (370, base - 2),
        ],
        dark,
    )
    for x in (480, 620, 760):
        canvas.stroke(curve((x - 40, 560), (x - 20, 480), (x + 60, 450)), 22, CRUMB)
    for number, x in enumerate((1010, 1080)):
        lean = 20 * number
        canvas.slab(x - 70 + lean, 480 + lean, 150, base - 480 - lean, 50, dark)
        canvas.disc(x - 30 + lean, 520 + lean, 56, dark)
        canvas.disc(x + 40 + lean, 520 + lean, 56, dark)
        canvas.slab(x - 52 + lean, 510 + lean, 114, base - 530 - lean, 36, CRUMB)
        canvas.disc(x - 22 + lean, 528 + lean, 40, CRUMB)
        canvas.disc(x + 32 + lean, 528 + lean, 40, CRUMB)
    for _ in range(14):
        spot = (rng.uniform(1060, 1150), rng.uniform(550, 750))
        canvas.oval(*spot, 6, 4, mix(CRUMB, CRUST, 0.35))
    for x in (560, 660, 760):
        steam(canvas, x, 370, 110, mix(palette.sky, RUST, 0.3))
    canvas.slab(1290, base - 70, 170, 110, 16, palette.main)
    canvas.oval(1375, base - 70, 85, 18, mix(palette.main, PAPER, 0.5))
    canvas.slab(1310, base - 92, 130, 30, 14, SUN)


def bunting(canvas: Canvas, start: Point, end: Point, colours: tuple[str, ...]) -> None:
    """Flags on a string."""
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + 110)
    string = curve(start, middle, end, 18)
    canvas.stroke(string, 5, INK)
    for number, ((x, y), (nx, ny)) in enumerate(zip(string[1:-1:2], string[2::2], strict=False)):
        tip = ((x + nx) / 2, max(y, ny) + 52)
        canvas.shape([(x, y), (nx, ny), tip], colours[number % len(colours)])


def crate(canvas: Canvas, rng: Random, x: float, y: float, fruit: str) -> None:
    """A crate heaped with one kind of fruit."""
    for row, count in ((1, 4), (0, 5)):
        for number in range(count):
            tint = mix(fruit, PAPER, rng.uniform(0, 0.22))
            canvas.disc(x + 32 + row * 20 + number * 40, y - 6 - row * 30, 25, tint)
    canvas.slab(x, y, 220, 70, 8, OCHRE)
    canvas.box(x, y + 30, 220, 8, mix(OCHRE, INK, 0.3))


def awning(canvas: Canvas, colour: str) -> None:
    """A striped roof, wider below than above, with a scalloped edge."""
    stripes, wide, narrow = 9, 940 / 9, 780 / 9
    for number in range(stripes):
        tint = (colour, PAPER)[number % 2]
        x, roof = 330 + number * wide, 410 + number * narrow
        canvas.shape([(roof, 240), (roof + narrow, 240), (x + wide, 400), (x, 400)], tint)
        canvas.box(x, 399, wide, 30, mix(tint, INK, 0.1))
        canvas.pie(x + wide / 2, 428, wide / 2, 0, 180, mix(tint, INK, 0.1))


def market(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A stall with a striped awning and full crates."""
    flags = (palette.accent, SUN, palette.third)
    bunting(canvas, (-60, 150), (420, 250), flags)
    bunting(canvas, (1180, 250), (1660, 140), flags)
    shadow(canvas, 800, FLOOR + 4, 500)
    canvas.box(400, 420, 800, 200, mix(palette.main, INK, 0.45))
    for x in (390, 1190):
        canvas.box(x, 380, 22, FLOOR - 380, BARK)
    awning(canvas, palette.main)
    for x, fruit in zip(
        (410, 690, 970), rng.sample((BRICK, SUN, "#6fae4a", "#8a4a86"), 3), strict=True
    ):
        crate(canvas, rng, x, 560, fruit)
    canvas.slab(370, 624, 860, 40, 8, WOOD)
    canvas.box(390, 660, 820, FLOOR - 660, palette.third)
    for x in range(420, 1200, 130):
        canvas.shape([(x, 660), (x + 90, 660), (x + 45, 710)], mix(palette.third, PAPER, 0.35))


def note(canvas: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """Two notes under one beam."""
    for step in (0, 1):
        left, base = x + step * size * 1.5, y - step * size * 0.25
        canvas.oval(left, base, size * 0.46, size * 0.34, colour)
        canvas.stroke(
            [(left + size * 0.4, base), (left + size * 0.4, base - size * 1.7)], 11, colour
        )
    tail = (x + size * 0.4, y - size * 1.65)
    canvas.stroke([tail, (tail[0] + size * 1.5, tail[1] - size * 0.25)], 24, colour)


def guitar(canvas: Canvas, foot: Point, angle: float, body: str) -> None:
    """A guitar along one line, so it can lean; `foot` is the middle of its wide end."""
    dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))

    def along(distance: float, aside: float = 0) -> Point:
        return (foot[0] + dx * distance - dy * aside, foot[1] + dy * distance + dx * aside)

    edge = mix(body, INK, 0.35)
    for grow, colour in ((12, edge), (0, body)):
        canvas.disc(*along(0), 150 + grow, colour)
        canvas.disc(*along(190), 112 + grow, colour)
        waist = [along(60, -128 - grow), along(160, -100 - grow), along(160, 100 + grow)]
        canvas.shape([*waist, along(60, 128 + grow)], colour)
    canvas.disc(*along(140), 58, edge)
    canvas.disc(*along(140), 46, INK)
    canvas.stroke([along(150), along(490)], 40, BARK)
    canvas.stroke([along(490), along(570)], 62, mix(BARK, INK, 0.35))
    for peg in (485, 530, 575):
        for aside in (-46, 46):
            canvas.disc(*along(peg, aside), 12, STEEL)
    canvas.stroke([along(-50, -56), along(-50, 56)], 20, edge)
    for aside in (-12, 0, 12):
        canvas.stroke([along(-50, aside), along(510, aside)], 3, PAPER)


def music(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A guitar and a drum, waiting for players."""
    shadow(canvas, 620, FLOOR + 8, 220)
    guitar(canvas, (600, 620), rng.choice((-58, -64)), mix(OCHRE, SUN, 0.25))
    shadow(canvas, 1150, FLOOR + 8, 170)
    skin = "#fbe9cf"
    drum = palette.accent
    canvas.shape(
        [(1010, 560), (1290, 560), (1230, 690), (1260, FLOOR), (1040, FLOOR), (1070, 690)], drum
    )
    for x in range(1020, 1280, 52):
        canvas.stroke([(x, 570), (x + 26, 640), (x + 52, 570)][: 3 if x < 1220 else 2], 6, skin)
    canvas.oval(1150, 556, 146, 40, mix(drum, INK, 0.35))
    canvas.oval(1150, 550, 138, 34, skin)
    ink = PAPER if palette.night else palette.third
    note(canvas, 300, 330, 64, ink)
    note(canvas, 1080, 370, 58, SUN if palette.night else palette.main)
    if rng.random() < 0.5:
        note(canvas, 1330, 470, 40, ink)


def mural(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A wall halfway through becoming cheerful."""
    canvas.box(140, 300, 1320, 420, PAPER)
    canvas.box(140, 280, 1320, 26, mix(PAPER, INK, 0.3))
    x, arcs = rng.choice((430, 500)), rng.sample((RUST, SUN, GREEN, palette.third, BRICK), 4)
    for step, colour in enumerate(arcs):
        canvas.pie(x, 720, 290 - step * 62, 180, 360, colour)
    canvas.pie(x, 720, 290 - 4 * 62, 180, 360, PAPER)
    canvas.shape([*curve((760, 720), (860, 520), (1010, 720))], mix(GREEN, PAPER, 0.3))
    canvas.disc(890, 420, 58, SUN)
    line = mix(PAPER, INK, 0.12)
    for row, y in enumerate(range(340, 720, 40)):
        for step in range(6):
            canvas.box(1120 + step * 60 + 30 * (row % 2), y, 36, 4, line)


def paint(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """A pot of paint and a brush in front of a wall."""
    mural(canvas, rng, palette)
    colour = rng.choice((palette.main, palette.accent, BRICK))
    base = FLOOR + 50
    shadow(canvas, 1090, base, 210)
    canvas.arc(1090, 560, 168, 180, 360, 10, INK)
    canvas.stroke([(1150, 520), (1270, 250)], 40, WOOD)
    canvas.stroke([(1118, 592), (1150, 520)], 76, STEEL)
    canvas.shape([(930, 550), (1250, 550), (1226, base), (954, base)], "#c9cedd")
    canvas.shape([(1180, 550), (1250, 550), (1226, base), (1176, base)], "#17202e1c")
    canvas.oval(1090, 552, 164, 40, "#aab1c7")
    canvas.oval(1090, 556, 146, 30, colour)
    for x, length in ((975, 120), (1030, 60), (1160, 90)):
        canvas.stroke([(x, 580), (x, 580 + length)], 36, colour)
    canvas.shape([(950, 568), (1230, 568), (1190, 596), (960, 596)], colour)
    canvas.oval(840, base + 4, 100, 20, colour)


def book(canvas: Canvas, rng: Random, palette: Palette) -> None:
    """An open book with the neighbourhood rising from its pages."""
    shadow(canvas, 800, FLOOR + 44, 540)
    canvas.shape(
        [(280, 600), (800, 640), (1320, 600), (1360, 800), (800, 832), (240, 800)], palette.main
    )
    for side in (-1, 1):
        far = curve((800, 630), (800 + side * 220, 540), (800 + side * 500, 590))
        near = curve((800, 806), (800 + side * 250, 716), (800 + side * 532, 776))
        canvas.shape([*far, *reversed(near)], "#fffdf6" if side < 0 else "#f6ead6")
        for row in range(4):
            y = 690 + row * 24
            line = curve(
                (800 + side * 300, y - 42), (800 + side * 390, y - 50), (800 + side * 474, y - 30)
            )
            canvas.stroke(line, 6, "#17202e22")
    canvas.stroke([(800, 632), (800, 806)], 6, "#17202e30")
    colours = rng.sample(HOUSE_COLOURS, 4)
    for number, (x, height) in enumerate(((470, 190), (585, 280), (880, 310), (1000, 220))):
        spot = (x, 650.0, 112.0, float(height))
        house_front(canvas, rng, spot, colours[number], PAPER, SUN)
    for x, radius in ((745, 50), (830, 36)):
        tree(canvas, x, 660, radius, palette.leaf)
    tree(canvas, 1160, 640, 44, palette.leaf_light)
    for x, y in ((640, 250), (800, 190), (980, 220), (1120, 330)):
        canvas.disc(x, y, rng.uniform(8, 16), SUN)
    canvas.shape([(770, 806), (830, 806), (830, 880), (800, 856), (770, 880)], palette.accent)
