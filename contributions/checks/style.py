"""How a text is written: in which language, and how loud."""

import re
from collections.abc import Iterator

from contributions.checks.found import Found, Piece, found
from contributions.language import another_language
from contributions.models import Mark

_WORDS = re.compile(r"[^\W\d_]{2,}")
#: Fewer capitals in a row are a name: "GGD", "NS", "VVE DE HOEK".
_LOUD_WORDS = 4
_LOUD_LETTERS = 16


def look_for_another_language(pieces: list[Piece], language: str) -> list[Found]:
    """Find that a text is in another language than was chosen, where it is long enough and sure.

    The pieces are read as one: a title is too short. What is found is the code of the language.
    """
    guessed = another_language("\n".join(piece.text for piece in pieces), than=language)
    return found(Mark.Check.LANGUAGE, pieces[0], [guessed]) if guessed else []


def look_for_shouting(piece: Piece) -> list[Found]:
    """Find four words or more in a row in capitals."""
    return found(Mark.Check.SHOUTING, piece, _loud(piece.text))


def _loud(text: str) -> Iterator[str]:
    start = end = words = letters = 0
    for word in _WORDS.finditer(text):
        if word[0].isupper():
            start = start if words else word.start()
            words, letters, end = words + 1, letters + len(word[0]), word.end()
            continue
        if words >= _LOUD_WORDS and letters >= _LOUD_LETTERS:
            yield text[start:end]
        words = letters = 0
    if words >= _LOUD_WORDS and letters >= _LOUD_LETTERS:
        yield text[start:end]
