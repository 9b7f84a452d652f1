"""Names and contact data stay here: a text leaves with a number in place of each.

What the checks find in a text (telephone, e-mail, bank account, citizen service number, street with
a number, link) is masked wherever it stands. Names are masked where they are known: those of
accounts of this site, and those that follow words that come before a name, as in "my name is".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from contributions.checks.addresses import address_spans
from contributions.checks.found import Piece
from contributions.checks.links import email_spans, link_spans
from contributions.checks.numbers import account_spans, bsn_spans, telephone_spans
from contributions.models import Contribution

Span = tuple[int, int]

#: As a reader of text would not write it, and as machines leave it.
_PLACE = "[[{}]]"
_PLACES = re.compile(r"\[\s?\[\s?([0-9]{1,4})\s?\]\s?\]")

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_LONGEST_NAME = 3
#: So many runs of capitals of one text are looked up among the names of accounts.
_LOOKED_UP = 500

#: What stands before a name, in the languages of the site: how one says one's own, how one speaks
#: of somebody, and how a letter ends.
_BEFORE_NAMES = (
    "mijn naam is", "ik heet", "ik ben", "mevrouw", "meneer", "mevr", "dhr", "mw", "de heer",
    "groet", "groeten", "groetjes", "mvg", "vriendelijke groet", "vriendelijke groeten",
    "my name is", "i am", "i'm", "mr", "mrs", "ms", "regards", "greetings",
    "nazywam się", "mam na imię", "jestem", "pan", "pana", "panu", "panem", "pani", "panią",
    "pozdrawiam", "pozdrowienia",
    "казвам се", "аз съм", "името ми е", "господин", "госпожа", "г-н", "г-жа", "поздрави",
    "mă numesc", "numele meu este", "eu sunt", "sunt", "domnul", "doamna", "dl", "dna", "salutări",
    "cu stimă",
    "a nevem", "úr", "üdvözlettel", "με λένε", "ονομάζομαι", "ο κύριος", "η κυρία", "χαιρετισμούς",
    "benim adım", "adım", "bay", "bayan", "saygılar", "selamlar",
    "мене звати", "мене звуть", "пан", "пані", "з повагою", "اسمي", "السيد", "السيدة",
)  # fmt: skip
_LEADS_TO_NAME = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, _BEFORE_NAMES), key=len, reverse=True))})"
    r"(?!\w)[\s,.!:;–-]{1,4}",
    re.IGNORECASE,
)


class Mangled(Exception):
    """A place was lost or doubled on the way: nobody knows what stands where."""


@dataclass(frozen=True)
class Masked:
    """A text as it leaves, and what stands in its places."""

    text: str
    hidden: tuple[str, ...]

    @property
    def says_something(self) -> bool:
        """Say whether there is a word left to translate."""
        return any(character.isalpha() for character in _PLACES.sub("", self.text))

    def put_back(self, translated: str) -> str:
        """Return a translation with what was hidden in its places.

        Raises:
            Mangled: not every place is there once.
        """
        found = [int(match[1]) for match in _PLACES.finditer(translated)]
        if sorted(found) != list(range(len(self.hidden))):
            raise Mangled
        return _PLACES.sub(lambda match: self.hidden[int(match[1])], translated)


def mask(text: str, *, language: str, names: Iterable[str] = ()) -> Masked:
    """Return a text with a number in place of each name and all contact data.

    Args:
        names: whole names that are hidden wherever they stand.
    """
    # As the checks read it: with one way to write each letter and digit.
    text = Piece("", text).plain
    spans = [
        *account_spans(text),
        *telephone_spans(text, language),
        *bsn_spans(text, language),
        *email_spans(text),
        *link_spans(text),
        *address_spans(text),
        *_introduced(text),
        *_named(text, names),
        # What looks like a place of ours is none.
        *(match.span() for match in _PLACES.finditer(text)),
    ]
    kept: list[str] = []
    hidden: list[str] = []
    after = 0
    for start, end in _joined(spans):
        kept += [text[after:start], _PLACE.format(len(hidden))]
        hidden.append(text[start:end])
        after = end
    return Masked("".join([*kept, text[after:]]), tuple(hidden))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans in order, those that touch each other as one."""
    current: Span | None = None
    for start, end in sorted(spans):
        if current is not None and start < current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current


def _introduced(text: str) -> Iterator[Span]:
    """Yield the names that follow words which come before a name."""
    for lead in _LEADS_TO_NAME.finditer(text):
        end = start = lead.end()
        for _number in range(_LONGEST_NAME):
            word = _WORD.match(text, end + (1 if end > start else 0))
            if word is None or not _may_begin_name(word[0]):
                break
            if end > start and text[end] != " ":
                break
            end = word.end()
        if end > start:
            yield start, end


def _may_begin_name(word: str) -> bool:
    # In a script without capitals any word may.
    return word[0].isupper() or not word[0].islower()


def _named(text: str, names: Iterable[str]) -> Iterator[Span]:
    for name in {Piece("", name).plain for name in names if len(name) > 1}:
        # One word may be an everyday one as well: without its capital it is no name.
        flags = re.IGNORECASE if " " in name else re.NOFLAG
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags):
            yield match.span()


def names_around(contribution: Contribution, texts: Iterable[str]) -> set[str]:
    """Return the names to hide in a text: its author's, and of accounts that it names (a query)."""
    runs = [run for text in texts for run in _runs_of_capitals(text)][:_LOOKED_UP]
    known = User.objects.filter(
        Q(display_name__in=runs) | Q(business_name__in=runs) | Q(pseudonym__in=runs)
    )
    told = {name for row in known.values_list(*_NAMES) for name in row if name in runs}
    author = contribution.author
    if author is not None:
        told.update(getattr(author, column) for column in _NAMES)
        # A neighbour signs with the first name alone.
        told.update(author.display_name.split()[:1])
    return {name for name in told if len(name) > 1 and name[0].isupper()}


_NAMES = ("display_name", "business_name", "pseudonym")


def _runs_of_capitals(text: str) -> Iterator[str]:
    """Yield words with a capital, alone and with up to two that follow."""
    words = list(_WORD.finditer(text))
    for place, first in enumerate(words):
        if not first[0][0].isupper():
            continue
        for last in words[place : place + _LONGEST_NAME]:
            run = text[first.start() : last.end()]
            if "\n" in run:
                break
            yield run
