"""Streets with a house number: where somebody lives."""

import re
from collections.abc import Iterator

from contributions.checks.found import Found, Piece, found
from contributions.models import Mark

#: A house number with what may stand behind it: 12, 12a, 12 bis, 12-3.
_NUMBER = re.compile(
    r"(?<![\w.,€$-])[1-9][0-9]{0,3}(?:[ -]?(?:[a-zA-Z]|bis|hs|huis)\b|-[0-9]{1,4}\b)?(?![\w%€])"
)
_WORD = re.compile(r"[^\W\d_][\w'’.-]*|[0-9]+e\b")
_LOOKED_BACK = 80

#: Endings that are those of streets wherever they stand…
_STREETS = ("straat", "laan", "kade", "gracht", "singel", "plantsoen", "dreef", "steeg")
#: …and others that are those of streets when they are a name.
_NAMED_STREETS = (
    *_STREETS, "weg", "plein", "hof", "pad", "park", "markt", "wal", "haven", "dijk", "erf", "veld",
    "baan", "ring", "zoom", "oord", "horst", "poort", "boulevard", "allee", "werf", "hage", "duin",
)  # fmt: skip
#: "Laan van Meerdervoort 12": the kind of street stands first.
_OF = frozenset({"van", "de", "der", "den", "het", "la", "ten", "ter", "te", "op", "aan", "in"})
_FIRST = frozenset({"laan", "plein", "weg", "hof", "kade", "singel", "straat", "dreef"})
#: Words of other languages before the name of a street.
_BEFORE = frozenset({"ul", "ulica", "ulicy", "ул", "улица", "str", "strada"})
_NUMBER_WORDS = frozenset({"nr", "nummer", "no", "numer", "number", "huisnummer", "№", "номер"})
#: What ends like a street and is none.
_NO_STREETS = frozenset(
    {
        "winkelstraat", "zijstraat", "dwarsstraat", "buurstraat", "dorpsstraat", "autostraat",
        "blokkade", "fietsstraat", "snelweg", "fietsweg", "hoofdweg", "onderweg", "vanweg",
        "schoolplein", "speelplein", "buurtplein", "dorpsplein", "stadsplein", "marktplein",
        "fietspad", "voetpad", "wandelpad", "speelveld", "voetbalveld", "sportveld", "stadspark",
        "buurtpark", "speelpark", "kerkhof", "woonerf", "schoolhof", "werkbaan", "deeltijdbaan",
        "bijbaan", "atletiekbaan", "zwembaan", "rijbaan", "supermarkt", "weekmarkt", "rommelmarkt",
        "arbeidsmarkt", "woningmarkt", "kringloopmarkt", "buurtmarkt", "kerstmarkt", "ervaring",
        "woonring", "hoofdstraat",
    }
)  # fmt: skip
#: What follows a number that counts something.
_COUNTED = frozenset(
    {
        "euro", "eur", "km", "kilometer", "m", "m2", "meter", "cm", "uur", "uren", "minuten",
        "jaar", "jaren", "maanden", "weken", "dagen", "keer", "maal", "procent", "graden",
        "mensen", "personen", "bewoners", "buren", "kinderen", "jongeren", "gezinnen", "huizen",
        "woningen", "winkels", "auto's", "fietsen", "bomen", "planten", "banken", "bankjes",
        "lampen", "parkeerplaatsen", "plekken", "stuks", "meldingen", "handtekeningen",
        "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
        "oktober", "november", "december", "mln", "miljoen", "duizend", "x",
    }
)  # fmt: skip
_POSTCODE = re.compile(
    r"(?<![\w.,€-])[1-9][0-9]{3} ?[A-Z]{2}[ ,]{1,2}(?:(?:nr|nummer|huisnummer)\.? ?)?"
    r"[1-9][0-9]{0,3}[a-zA-Z]?(?![\w])"
)
_YEARS = range(1800, 2100)


def look_for_address(piece: Piece) -> list[Found]:
    """Find a street with a house number, or a postcode with one; not where a field asks for it.

    Years, prices, distances and counts are none: "Plein 1940", "top 10", "op de weg 50 km".
    """
    if piece.names_place:
        return []
    text = piece.plain
    return found(Mark.Check.ADDRESS, piece, (text[start:end] for start, end in address_spans(text)))


def address_spans(text: str) -> list[tuple[int, int]]:
    """Return where streets with their number begin and end, then postcodes with theirs."""
    return [*_streets(text), *(match.span() for match in _POSTCODE.finditer(text))]


def _streets(text: str) -> Iterator[tuple[int, int]]:
    for number in _NUMBER.finditer(text):
        line = text[max(0, number.start() - _LOOKED_BACK) : number.start()]
        line = line[max(line.rfind(end) for end in ("\n", "! ", "? ", ";", ":")) + 1 :]
        begin = number.start() - len(line)
        words = list(_WORD.finditer(line))
        between = line[words[-1].end() :] if words else ""
        if words and words[-1][0].rstrip(".").lower() in _NUMBER_WORDS:
            words.pop()
            between = ""
        # "Hoefkade. 12 mensen kwamen": a sentence ends between the two.
        if not words or between.strip() or words[-1][0].endswith("."):
            continue
        start = _start_of_street([word[0] for word in words], number[0])
        if start is None or _counts_something(text, number):
            continue
        yield begin + words[start].start(), number.end()


def _start_of_street(words: list[str], number: str) -> int | None:
    """Return at which word the street begins that the last of the words ends, if it is one."""
    last = len(words) - 1
    name = words[last].rstrip(".")
    small = name.lower()
    is_year = number.isdigit() and int(number) in _YEARS
    if small in _NO_STREETS:
        return None
    if small.endswith(_STREETS) and small not in _STREETS:
        return last if not is_year or int(number) < 1900 else None
    is_name = name[:1].isupper()
    if is_name and not is_year and small.endswith(_NAMED_STREETS) and small not in _NAMED_STREETS:
        return last
    if is_name and not is_year and small in _NAMED_STREETS and last and words[last - 1].istitle():
        # "Lange Voorhout" has no such ending, "Grote Markt" and "Nieuwe Haven" have.
        return (
            last - 1 if words[last - 1].lower() not in _OF | {"het", "een", "dit", "ons"} else None
        )
    for back in range(last - 1, max(-1, last - 5), -1):
        word = words[back].rstrip(".").lower()
        if word in _BEFORE and words[back + 1][:1].isupper():
            return back
        if word in _FIRST and words[back + 1].lower() in _OF and is_name and not is_year:
            return back
    return None


def _counts_something(text: str, number: re.Match[str]) -> bool:
    follows = _WORD.match(text, number.end() + 1) if text[number.end() :][:1] == " " else None
    is_counted = follows is not None and follows[0].rstrip(".").lower() in _COUNTED
    # "20 m" was read as house number 20m.
    ending = number[0].split()[-1].lower() if " " in number[0] else ""
    return is_counted or ending in {"m", "x"}
