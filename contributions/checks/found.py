"""What a check is given, and what it gives back."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise

#: As much of the text as a mark holds.
LONGEST_EXCERPT = 120
#: So many different things are named of one check in one text: more say nothing more.
FOUND_AT_MOST = 5

#: Digits of every script as the ten that numbers are checked with.
_DIGITS = {
    number: str(unicodedata.decimal(chr(number)))
    for number in range(0x80, 0x1FC00)
    if unicodedata.category(chr(number)) == "Nd"
}


@dataclass(frozen=True)
class Piece:
    """The words of one field that somebody filled in.

    Args:
        label: how the field is called for who filled it in.
        names_place: whether a street is what the field asks for.
    """

    label: Promise | str
    text: str
    names_place: bool = False

    @cached_property
    def plain(self) -> str:
        """Return the text with one way of writing each letter and digit."""
        return unicodedata.normalize("NFKC", self.text).translate(_DIGITS)


@dataclass(frozen=True)
class Found:
    """One thing that a check found: which check, in which field, and the words it is about."""

    check: str
    label: Promise | str
    excerpt: str


def found(check: str, piece: Piece, excerpts: Iterable[str]) -> list[Found]:
    """Return the first few different excerpts, each on one line and cut short."""
    told: dict[str, None] = {}
    for excerpt in excerpts:
        told[" ".join(excerpt.split())[:LONGEST_EXCERPT]] = None
        if len(told) == FOUND_AT_MOST:
            break
    return [Found(check, piece.label, excerpt) for excerpt in told]
