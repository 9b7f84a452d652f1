"""Checks of a text when it is handed in: they mark and route, and never reject.

Each is a function of its own from the words of a field to what it found there, in time that grows
with the length of the text and no faster. ``look_over`` runs all of them in the order of
``Mark.Check``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contributions.checks.addresses import look_for_address
from contributions.checks.found import Found, Piece
from contributions.checks.links import look_for_email, look_for_links
from contributions.checks.numbers import (
    look_for_bsn,
    look_for_iban,
    look_for_telephone,
    without_bsn,
)
from contributions.checks.style import look_for_another_language, look_for_shouting
from contributions.checks.word_lists import Lists, look_for_words
from contributions.models import Mark, WordList

__all__ = ["Check", "Found", "Lists", "Piece", "all_checks", "look_over"]


@dataclass(frozen=True)
class Check:
    """A check as it is told to everybody: its name, what it looks for, and what then happens."""

    name: str
    label: Promise | str
    sentence: Promise | str


_Check = Mark.Check
#: One plain sentence about each check on texts. Marks that come from reports are no check.
_SENTENCES: dict[str, Promise] = {
    _Check.TELEPHONE: _(
        "A telephone number in a text: a moderator reads the text before others see it."
    ),
    _Check.EMAIL: _(
        "An e-mail address in a text: a moderator reads the text before others see it."
    ),
    _Check.IBAN: _(
        "A bank account number in a text: a moderator reads the text before others see it."
    ),
    _Check.BSN: _(
        "A number that may be a citizen service number (BSN): a moderator reads the text before "
        "others see it. The check does not keep the number."
    ),
    _Check.ADDRESS: _(
        "A street with a house number in a text: a moderator reads the text before others see it."
    ),
    _Check.LINK: _("A link in a text: a moderator reads the text before others see it."),
    _Check.LANGUAGE: _(
        "A text that is in another language than was chosen: a moderator reads it before others "
        "see it."
    ),
    _Check.SHOUTING: _(
        "Many capitals: the moderator who reads the text sees that. It delays nothing."
    ),
    _Check.RUDE: _(
        "Words from a list of rude words: the moderator who reads the text sees that. No list "
        "decides what you may say."
    ),
    _Check.HELP: _(
        "Words that may be a cry for help: a moderator reads the text before all others, and the "
        "writer sees at once where help is."
    ),
    _Check.NEAR_DOUBLE: _(
        "An idea that is nearly the same as one of a neighbour: we show that one, so that you can "
        "support it."
    ),
}


def all_checks() -> list[Check]:
    """Return the checks that exist, in the order in which they look."""
    return [
        Check(name, _Check(name).label, _SENTENCES[name])
        for name in _Check.values
        if name in _SENTENCES
    ]


def look_over(pieces: Iterable[Piece], *, language: str, lists: Lists) -> list[Found]:
    """Run all checks on the fields of a text, and return what they found, in order of the checks.

    Args:
        language: the one that was chosen for the text.
        lists: the lists of words. Of help words those of every language are looked for: who needs
            help does not always choose the right one. Of rude words those of the chosen language
            and of the one that it is in: a word is not rude in all of them.
    """
    pieces = [piece for piece in pieces if piece.text.strip()]
    if not pieces:
        return []
    other = look_for_another_language(pieces, language)
    rude = lists.phrases(WordList.Purpose.RUDE, {language, *(found.excerpt for found in other)})
    help_words = lists.phrases(WordList.Purpose.HELP)
    found = [
        *(one for piece in pieces for one in look_for_telephone(piece, language)),
        *(one for piece in pieces for one in look_for_email(piece)),
        *(one for piece in pieces for one in look_for_iban(piece)),
        *(one for piece in pieces for one in look_for_bsn(piece, language)),
        *(one for piece in pieces for one in look_for_address(piece)),
        *(one for piece in pieces for one in look_for_links(piece)),
        *other,
        *(one for piece in pieces for one in look_for_shouting(piece)),
        *(one for piece in pieces for one in look_for_words(piece, _Check.RUDE, rude)),
        *(one for piece in pieces for one in look_for_words(piece, _Check.HELP, help_words)),
    ]
    return [replace(one, excerpt=without_bsn(one.excerpt)) for one in found]
