"""What a kind says about one subject, filled in for a line, a subject or a title."""

import re
from typing import Any

from django.utils import translation

from notifications.kinds import About, NotificationKind

#: A subject this long is still shown whole by some programs; most show less.
SUBJECT_AT_MOST = 120

#: What no header and no line of text may hold: control characters, and those that turn the
#: direction of what comes after them.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

_SPACES = re.compile(r"[^\S\u00a0\u202f]+")


def one_line(text: str) -> str:
    """Return a text as one line: without it a title with a line break writes headers of its own.

    Spaces that keep an amount and its sign together stay.
    """
    return _SPACES.sub(" ", _UNWANTED.sub("", text)).strip()


def shortened(text: str, at_most: int) -> str:
    """Return a text of a number of characters at most, cut between words where it can be."""
    if len(text) <= at_most:
        return text
    cut = text[: at_most - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > at_most // 2 else cut).rstrip(" ,.;:-–") + "…"


def subject_of(kind: NotificationKind, about: About) -> str:
    """Return the subject of a mail, in the language that is active."""
    return shortened(one_line(filled_in(kind.subject, about)), SUBJECT_AT_MOST)


def sentence_of(kind: NotificationKind, about: About) -> str:
    """Return what happened and what can be done now, in the language that is active."""
    return filled_in(kind.sentence, about)


def many_of(kind: NotificationKind, about: About, count: int) -> str:
    """Return the one line for several of a kind about the same subject."""
    return filled_in(kind.many, about, count=count)


def filled_in(words: Any, about: About, **more: int) -> str:
    """Fill in a sentence of a kind, whose lazy words also choose the plural."""
    values = {name: _apart(value) for name, value in about.values.items()}
    return str(words % {**values, **more})


def _apart(value: str | int) -> str | int:
    """Keep somebody's words together in a sentence that reads from the other side (UAX 9)."""
    if isinstance(value, int):
        return value
    line = one_line(value)
    return f"\u2068{line}\u2069" if translation.get_language_bidi() else line
