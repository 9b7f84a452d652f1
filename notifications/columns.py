"""Breaking lines of plain text for paper, where each character takes one column, two or none."""

import unicodedata
from collections.abc import Iterator

#: What a sheet of A4 holds in the usual letters of a printer, with a margin to write in.
WIDTH = 72

#: What is put on the letter before it, and what only says how letters stand.
_WITHOUT_A_COLUMN = {"Mn", "Me", "Cf"}


def columns(text: str) -> int:
    """Return how many columns a text takes (UAX 11)."""
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in _WITHOUT_A_COLUMN:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def wrapped(text: str, *, first: str = "", indent: str = "") -> list[str]:
    """Return the lines of a text, none wider than the paper.

    Args:
        first: what the first line begins with.
        indent: what the others begin with.
    """
    lines, line = [], first
    is_empty = True
    for word in _words(unicodedata.normalize("NFC", text), WIDTH - max(len(first), len(indent))):
        if not is_empty and columns(line) + 1 + columns(word) > WIDTH:
            lines.append(line)
            line, is_empty = indent, True
        line += word if is_empty else f" {word}"
        is_empty = False
    return lines if is_empty else [*lines, line]


def _words(text: str, at_most: int) -> Iterator[str]:
    """Return the words of a text; one that is wider than a line is cut where the line ends."""
    for word in text.split():
        part = ""
        for sign in word:
            if part and columns(part) + _columns(sign) > at_most:
                yield part
                part = ""
            part += sign
        yield part
