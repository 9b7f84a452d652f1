"""Which letters paper can show.

The engine refuses a whole sheet for one letter that no font has, as PDF/UA asks. So what cannot be
drawn is left out before, by the fonts' own tables.
"""

import unicodedata
from functools import cache as once
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

from contributions.text import clean_line

#: Marks without a shape of their own, which say how the letters beside them join or turn.
_WITHOUT_A_SHAPE = frozenset("\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f")
#: PDF/UA has no place for these (ISO 14289-1, 7.21.7), nor for letters of private use.
_REFUSED = frozenset("\ufeff\ufffe\uffff")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cn", "Co", "Cs"})
#: A text that loses more of its letters than this part says nothing any more.
MAY_MISS = 0.2
#: A word this long is no word that people write: it may break anywhere.
LONGEST_WORD = 24
_MAY_BREAK = "\u200b"


class NoFonts(Exception):
    """The fonts of paper were not built: ``node frontend/build.mjs``."""


def fonts_folder() -> Path:
    """Return where ``frontend/build.mjs`` puts the fonts of paper."""
    return Path(settings.FONTS_DIR) / "paper"


@once
def _shapes() -> frozenset[int]:
    """Return the code points for which one of the fonts has a shape, in each weight.

    Raises:
        NoFonts: there are none.
    """
    by_weight: dict[str, set[int]] = {}
    for path in sorted(fonts_folder().glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            weight = path.stem.rpartition("_")[2]
            by_weight.setdefault(weight, set()).update(font.getBestCmap())
    if not by_weight:
        raise NoFonts(fonts_folder())
    return frozenset(set.intersection(*by_weight.values()))


def _can_show(letter: str) -> bool:
    if letter in _WITHOUT_A_SHAPE or letter == " ":
        return True
    if letter in _REFUSED or unicodedata.category(letter) in _REFUSED_CATEGORIES:
        return False
    return ord(letter) in _shapes()


def for_paper(text: str) -> str:
    """Return a text in one line, as paper can show it; empty where too little of it is left.

    Words without end may break: at a place that says nothing, every so many letters.
    """
    text = clean_line(text)
    kept = "".join(letter for letter in text if _can_show(letter))
    said = sum(1 for letter in kept if not letter.isspace())
    if said < (1 - MAY_MISS) * sum(1 for letter in text if not letter.isspace()):
        return ""
    return " ".join(_breakable(word) for word in kept.split())


def _breakable(word: str) -> str:
    if len(word) <= LONGEST_WORD:
        return word
    parts: list[str] = []
    for letter in word:
        joins = unicodedata.combining(letter) or letter in _WITHOUT_A_SHAPE
        if not parts or (len(parts[-1]) >= LONGEST_WORD // 2 and not joins):
            parts.append("")
        parts[-1] += letter
    return _MAY_BREAK.join(parts)
