"""Numbers that lead to one person: telephone, bank account, citizen service number.

Each looks with a pattern that reads the text once, and judges what it finds by the check digits or
the numbering plan. A number belongs to one of them: what is part of a bank account is no telephone.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType
from stdnum import iban as stdnum_iban
from stdnum import numdb
from stdnum.nl import bsn as stdnum_bsn

from contributions.checks.found import Found, Piece, found
from contributions.models import Mark

Span = tuple[int, int]


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """Return a text of the same length in which spans are no numbers any more."""
    kept, after = [], 0
    for start, end in spans:
        kept += [text[after:start], "x" * (end - start)]
        after = end
    return "".join(kept) + text[after:]


# --- Bank account ---

_ACCOUNT_BEGINS = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?=[ .-]?[A-Za-z0-9])")
_LONGEST_ACCOUNT = 34
_PART_OF_FORMAT = re.compile(r"(\d+)!")


@cache
def _length_of_account(country: str) -> int:
    """Return how many characters an account number of a country has; 0 where it has none."""
    for part, told in numdb.get("iban").info(country):
        if part == country and "bban" in told:
            return 4 + sum(map(int, _PART_OF_FORMAT.findall(told["bban"])))
    return 0


def account_spans(text: str) -> Iterator[Span]:
    """Yield where bank account numbers begin and end."""
    after = 0
    for begin in _ACCOUNT_BEGINS.finditer(text):
        length = _length_of_account(text[begin.start() : begin.start() + 2].upper())
        if not length:
            continue
        kept, end = "", begin.start()
        for place in range(begin.start(), min(len(text), begin.start() + 2 * _LONGEST_ACCOUNT)):
            character = text[place]
            if character.isascii() and character.isalnum():
                kept += character
                end = place + 1
                if len(kept) == length:
                    break
            elif character not in " .-":
                break
        # Asked first what costs least: the remainder by 97 (ISO 13616).
        if begin.start() < after or len(kept) != length or _remainder(kept) != 1:
            continue
        if stdnum_iban.is_valid(kept):
            after = end
            yield begin.start(), end


def _remainder(account: str) -> int:
    digits = "".join(str(int(character, 36)) for character in account[4:] + account[:4])
    return int(digits) % 97


def look_for_iban(piece: Piece) -> list[Found]:
    """Find bank account numbers of every country, by their check digits."""
    text = piece.plain
    return found(Mark.Check.IBAN, piece, (text[start:end] for start, end in account_spans(text)))


# --- Telephone ---

#: Digits with what people put between them; each run is read once and then cut into groups.
_DIGITS_RUN = re.compile(r"[+(]?[0-9][0-9 \t\u00a0().\-\u2010-\u2015/]*")
_GROUP = re.compile(r"[+(]*[0-9]+\)?")
_DATE = re.compile(r"[0-3]?[0-9][-./ ]+[01]?[0-9][-./ ]+(?:19|20)[0-9]{2}(?![0-9])")
_MOST_GROUPS = 12
#: More numbers are not asked about in one field; 8,000 characters cannot hold as many.
_MOST_ASKED = 3000
#: Lines that everybody may call: nobody's own number.
_PUBLIC_LINES = (PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN)
#: Where numbers are written without a code of the country. Polish ones begin with any digit.
_AT_HOME = {"pl": "PL", "bg": "BG", "ro": "RO", "hu": "HU", "el": "GR", "tr": "TR", "uk": "UA"}
_LONGEST_NUMBER = 15


def _is_telephone(number: str, region: str | None) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and (
        phonenumbers.number_type(parsed) not in _PUBLIC_LINES
    )


def telephone_spans(text: str, language: str) -> Iterator[Span]:
    """Yield where telephone numbers begin and end, as they are written around a language."""
    text = _blanked(text, account_spans(text))
    asked = 0
    home = _AT_HOME.get(language)
    for run in _DIGITS_RUN.finditer(text):
        before = text[run.start() - 1 : run.start()]
        if before.isalnum() or before in ("€", "$", "£", "#", ","):
            continue
        groups = list(_GROUP.finditer(run[0]))
        first = 0
        while first < len(groups) and asked < _MOST_ASKED:
            last = None
            for number, regions, last in _numbers_from(run[0], groups, first, home):
                asked += 1
                if any(_is_telephone(number, region) for region in regions):
                    yield (
                        run.start() + groups[first].start(),
                        run.start() + groups[last].end(),
                    )
                    break
            else:
                last = None
            first = first + 1 if last is None else last + 1


def _numbers_from(
    run: str, groups: list[re.Match[str]], first: int, home: str | None
) -> Iterator[tuple[str, list[str | None], int]]:
    """Yield what could be a number from a group on: it, where it may be from, and its last group.

    Most groups are ruled out by how they begin, before anybody is asked.
    """
    head = groups[first][0]
    digits = head.strip("+()")
    is_foreign = "+" in head or (digits.startswith("00") and digits[2:3] not in ("", "0"))
    # Nobody cuts a number of a city or a mobile after two digits, but for 06.
    is_national = digits.startswith("0") and (len(digits) > 2 or digits == "06")
    if not (is_foreign or is_national or (home == "PL" and not digits.startswith("0"))):
        return
    if _DATE.match(run, groups[first].start()):
        return
    for last, whole in _joined(groups, first, leave_out="(0)" if is_foreign else ""):
        if is_foreign:
            if len(whole) >= 10 or (len(whole) == 9 and last + 1 == len(groups)):
                yield f"+{whole.removeprefix('00')}", [None], last
        elif is_national and len(whole) in (9, 10, 11):
            regions: list[str | None] = ["NL"] if len(whole) == 10 else []
            yield whole, [*regions, *([home] if home else [])], last
        elif not is_national and len(whole) == 9:
            yield whole, ["PL"], last


def _joined(
    groups: list[re.Match[str]], first: int, *, leave_out: str
) -> Iterator[tuple[int, str]]:
    """Yield the digits of one group, of two, and so on, as long as a number can be.

    Args:
        leave_out: a group that is read over: the nought of "+31 (0)6".
    """
    whole = ""
    for last in range(first, min(len(groups), first + _MOST_GROUPS)):
        group = groups[last][0]
        if last > first and "+" in group:
            return
        whole += "" if group == leave_out else group.strip("+()")
        if len(whole) > _LONGEST_NUMBER + 2:
            return
        yield last, whole


def look_for_telephone(piece: Piece, language: str = "nl") -> list[Found]:
    """Find telephone numbers: Dutch ones, foreign ones with their code, and those of a language.

    A number of three or five digits, and one that is free to call, is a service and no person's.
    """
    text = piece.plain
    numbers = (text[start:end] for start, end in telephone_spans(text, language))
    # A bracket around the whole is none of the number.
    told = (number if "(" in number else number.rstrip(")") for number in numbers)
    return found(Mark.Check.TELEPHONE, piece, told)


# --- Citizen service number ---

_NINE_DIGITS = re.compile(
    r"(?<![\w+.,€-])(?<![0-9] )"
    r"(?:[0-9]{9}|[0-9]{3}([ .-])[0-9]{3}\1[0-9]{3}|[0-9]{4}([ .])[0-9]{2}\2[0-9]{3})"
    r"(?![\w-])(?![.,]?[0-9])(?! [0-9])"
)
_HIDDEN = "•" * 9


def bsn_spans(text: str, language: str) -> Iterator[Span]:
    """Yield where numbers begin and end that may be a citizen service number."""
    if _NINE_DIGITS.search(text) is None:
        return
    for spans in (account_spans(text), telephone_spans(text, language)):
        text = _blanked(text, spans)
    for match in _NINE_DIGITS.finditer(text):
        if stdnum_bsn.is_valid(re.sub(r"[ .-]", "", match[0])):
            yield match.span()


def look_for_bsn(piece: Piece, language: str = "nl") -> list[Found]:
    """Find numbers that pass the eleven-test; of what is found the digits are not told."""
    spans = bsn_spans(piece.plain, language)
    return found(Mark.Check.BSN, piece, (_HIDDEN for _span in spans))


def without_bsn(excerpt: str) -> str:
    """Return an excerpt without any number in it that may be a citizen service number."""

    def hidden(match: re.Match[str]) -> str:
        return _HIDDEN if stdnum_bsn.is_valid(match[0]) else match[0]

    return re.sub(r"(?<![0-9])[0-9]{9}(?![0-9])", hidden, excerpt)
