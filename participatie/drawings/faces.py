"""Drawn faces for sample members: like nobody, so nobody had to agree to them."""

from random import Random

from PIL import Image, ImageDraw

from participatie.drawings.palettes import (
    BREEZE,
    GREEN,
    INDIGO,
    INK,
    LILAC,
    MINT,
    PEACH,
    RUST,
    TEAL,
)

SIDE = 240
_SUPERSAMPLE = 2
SKINS = {"light": "#f0c8a8", "tan": "#d9a27c", "brown": "#b97a50", "dark": "#7a4c32"}
HAIRS = {"black": "#1d1512", "brown": "#3a241a", "chestnut": "#6e4a30", "blond": "#b98a4e"}
STYLES = ("short", "long", "curls", "scarf")


def face(style: str, *, skin: str, hair: str, seed: str) -> Image.Image:
    """Draw head and shoulders, in colours that are the same each time for a seed."""
    if style not in STYLES:
        raise ValueError(f"No face with {style!r}; there are: {', '.join(STYLES)}.")
    rng = Random(f"face {seed}")  # noqa: S311 — repeatable on purpose, nothing is secret
    size = SIDE * _SUPERSAMPLE
    ground = rng.choice((PEACH.sky, BREEZE.sky, MINT.sky, LILAC.sky))
    clothes, scarf = rng.sample((RUST, TEAL, INDIGO, GREEN), 2)
    image = Image.new("RGB", (size, size), ground)
    pen = ImageDraw.Draw(image)

    def blob(x: float, y: float, width: float, height: float, colour: str) -> None:
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        pen.ellipse([part * size for part in box], fill=colour)

    if style == "long":
        blob(0.5, 0.5, 0.56, 0.72, HAIRS[hair])
    elif style == "curls":
        for x, y in ((0.32, 0.32), (0.44, 0.22), (0.57, 0.22), (0.68, 0.32), (0.28, 0.44)):
            blob(x, y, 0.24, 0.24, HAIRS[hair])
        blob(0.72, 0.44, 0.24, 0.24, HAIRS[hair])
    blob(0.5, 1.05, 0.86, 0.66, clothes)
    blob(0.5, 0.72, 0.2, 0.26, SKINS[skin])
    if style == "scarf":
        blob(0.5, 0.48, 0.56, 0.68, scarf)
    if style == "short":
        blob(0.5, 0.38, 0.46, 0.42, HAIRS[hair])
    blob(0.5, 0.48, 0.4, 0.48, SKINS[skin])
    if style != "scarf":
        pen.chord([part * size for part in (0.29, 0.2, 0.71, 0.6)], 190, 350, fill=HAIRS[hair])
    for x in (0.42, 0.58):
        blob(x, 0.48, 0.04, 0.05, INK)
    smile = [part * size for part in (0.41, 0.5, 0.59, 0.64)]
    pen.arc(smile, 20, 160, fill=INK, width=size // 60)
    return image.reduce(_SUPERSAMPLE)
