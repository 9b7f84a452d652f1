"""Drawn receipts and quotes: papers of shops that do not exist."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from participatie.drawings.palettes import INK, PAPER

WIDTH = 420
_LINE = 30
_EDGE = 24


def paper(shop: str, lines: Sequence[tuple[str, int]], *, below: str) -> Image.Image:
    """Draw a paper with a shop's name, lines of amounts in cents, their total and a last line."""
    image = Image.new("RGB", (WIDTH, _LINE * (len(lines) + 7)), PAPER)
    pen = ImageDraw.Draw(image)
    large, small = ImageFont.load_default(22), ImageFont.load_default(17)
    pen.text((WIDTH / 2, _EDGE), shop, INK, large, anchor="ma")
    rows = [*lines, ("Totaal", sum(cents for _what, cents in lines))]
    for place, (what, cents) in enumerate(rows, start=3):
        y = place * _LINE
        if place == len(rows) + 2:
            pen.line((_EDGE, y - 4, WIDTH - _EDGE, y - 4), INK, 1)
        pen.text((_EDGE, y), what, INK, small)
        amount = f"{cents // 100},{cents % 100:02d}"
        pen.text((WIDTH - _EDGE, y), amount, INK, small, anchor="ra")
    pen.text((WIDTH / 2, image.height - 2 * _LINE), below, INK, small, anchor="ma")
    return image
