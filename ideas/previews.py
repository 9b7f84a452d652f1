"""The picture that chats and other sites show beside a link to this one (Open Graph).

Drawn from what everybody may read, in the colours of its theme. The letters are Noto Sans, in the
files that ``frontend/build.mjs`` puts under ``build/fonts``, with a list of what each can draw.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache as once
from itertools import groupby

from django.conf import settings
from django.core.cache import caches
from PIL import Image, ImageDraw, ImageFont

#: What the large chats show whole; others crop it to the middle.
WIDTH, HEIGHT = 1200, 630
KEPT_SECONDS = 7 * 24 * 3600
#: Raise it when the drawing changes, so that no old one is shown.
DESIGN = 1

MARGIN = 72
ROOM = WIDTH - 2 * MARGIN
LINES_AT_MOST = 3
#: The largest in which every word fits is taken.
TITLE_SIZES = (68, 56, 44)
SMALL_SIZE = 34
#: A title that loses more of its letters than this part is left out.
MAY_MISS = 0.2

PAPER, INK, SOFT, BRAND, SUN = "#fffaf2", "#17202b", "#4b5563", "#0b5d57", "#ffc845"
#: By the colour of a theme: its own, and what the street is drawn in (frontend/css/tokens.css).
COLOURS = {
    "home": ("#a63a1e", "#f3cfa9", "#e2b286"),
    "health": ("#1a6b3c", "#b5dac2", "#86c09b"),
    "work": ("#3b4aa8", "#c9d0f5", "#aab4e8"),
    "": (BRAND, "#b5dac2", "#86c09b"),
}
_SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese")


@dataclass(frozen=True)
class Preview:
    """What is drawn: a title, where it is about and in which colour."""

    title: str
    below: str
    colour: str = ""

    @property
    def key(self) -> str:
        """A key that differs whenever the drawing does."""
        shown = (DESIGN, settings.SITE_NAME, self.title, self.below, self.colour)
        return "preview:" + hashlib.sha256(repr(shown).encode()).hexdigest()

    def png(self) -> bytes:
        """Return the picture, drawn once and then kept."""
        kept: bytes | None = caches["drawings"].get(self.key)
        if kept is None:
            kept = _draw(self)
            caches["drawings"].set(self.key, kept, KEPT_SECONDS)
        return kept


@dataclass(frozen=True)
class _Letters:
    """Noto Sans in one size and weight: a file for each part of the alphabets."""

    size: int
    weight: int

    def font(self, subset: str) -> ImageFont.FreeTypeFont:
        return _font(subset, self.weight, self.size)

    def runs(self, text: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """Cut a text into parts that one file has all letters of; letters of none are left out."""
        known = [(subset, letter) for letter in text if (subset := _subset_of(letter))]
        return [
            (self.font(subset), "".join(letter for _subset, letter in run))
            for subset, run in groupby(known, key=lambda pair: pair[0])
        ]

    def width(self, text: str) -> float:
        return sum(font.getlength(run) for font, run in self.runs(text))

    def write(self, draw: ImageDraw.ImageDraw, x: float, y: float, text: str, fill: str) -> None:
        """Write a line with its baseline at a point."""
        for font, run in self.runs(text):
            draw.text((x, y), run, font=font, fill=fill, anchor="ls")
            x += font.getlength(run)

    def lines(self, text: str, width: float, at_most: int) -> list[str]:
        """Break a text into lines; what does not fit ends in an ellipsis."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        if len(lines) > at_most:
            lines = [*lines[: at_most - 1], f"{lines[at_most - 1]}…"]
        return [self._shortened(line, width) for line in lines]

    def _shortened(self, line: str, width: float) -> str:
        if self.width(line) <= width:
            return line
        while line and self.width(f"{line}…") > width:
            line = line[:-1]
        return f"{line}…"


@once
def _font(subset: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    path = settings.FONTS_DIR / f"noto-sans-{subset}-{weight}-normal.woff2"
    return ImageFont.truetype(path, size)


@once
def _ranges() -> list[tuple[str, int, int]]:
    """Return which letters each file has: (subset, first, last)."""
    told: dict[str, str] = json.loads((settings.FONTS_DIR / "unicode.json").read_text())
    found = []
    for subset in _SUBSETS:
        for span in told[subset].split(","):
            first, _dash, last = span.strip().removeprefix("U+").partition("-")
            found.append((subset, int(first, 16), int(last or first, 16)))
    return found


@once
def _subset_of(letter: str) -> str:
    """Return which file has a letter, or nothing."""
    code = ord(letter)
    return next((subset for subset, first, last in _ranges() if first <= code <= last), "")


def _readable(text: str) -> str:
    """Return a text, or nothing where too many of its letters cannot be drawn."""
    missed = sum(1 for letter in text if not _subset_of(letter))
    return text if missed <= MAY_MISS * len(text) else ""


def _draw(preview: Preview) -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    accent, far, ground = COLOURS.get(preview.colour, COLOURS[""])
    draw.rectangle((0, 0, WIDTH, 16), fill=accent)
    _draw_street(draw, accent, far, ground)
    small, bold = _Letters(SMALL_SIZE, 400), _Letters(SMALL_SIZE, 700)
    bold.write(draw, MARGIN, 92, settings.SITE_NAME, BRAND)
    below = _readable(preview.below)
    # A title in letters that are not here leaves its room to the place.
    words, below = (title, below) if (title := _readable(preview.title)) else (below, "")
    large = _largest(words)
    y = 180
    for line in large.lines(words, ROOM, LINES_AT_MOST):
        large.write(draw, MARGIN, y, line, INK)
        y += large.size * 6 // 5
    for line in small.lines(below, ROOM, 1):
        small.write(draw, MARGIN, y, line, SOFT)
    file = io.BytesIO()
    # Few colours, so that the file stays small on a slow line.
    image.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        file, "PNG", optimize=True
    )
    return file.getvalue()


def _largest(words: str) -> _Letters:
    """Return the largest letters in which every word fits on a line, and all on a few lines."""
    for size in TITLE_SIZES:
        letters = _Letters(size, 700)
        if len(letters.lines(words, ROOM, 99)) <= LINES_AT_MOST and all(
            letters.width(word) <= ROOM for word in words.split()
        ):
            break
    return letters


def _draw_street(draw: ImageDraw.ImageDraw, accent: str, far: str, ground: str) -> None:
    """Draw a row of houses along the foot."""
    foot = HEIGHT - 28
    draw.rectangle((0, foot, WIDTH, HEIGHT), fill=ground)
    for number, height in enumerate((92, 118, 74, 104, 132, 86, 110, 78, 124, 96)):
        left = number * 120 + 6
        right, top = left + 108, foot - height
        wall = accent if number in (1, 4, 8) else far
        draw.rectangle((left, top, right, foot), fill=wall)
        draw.polygon(((left - 4, top), (right + 4, top), ((left + right) / 2, top - 34)), fill=wall)
        for pane in (left + 20, left + 64):
            lit = SUN if (number + pane) % 3 == 0 else PAPER
            draw.rectangle((pane, top + 16, pane + 24, top + 40), fill=lit)
