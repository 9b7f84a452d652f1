"""Addresses of the internet: of mail and of pages."""

import re
from collections.abc import Iterator

from contributions.checks.found import Found, Piece, found
from contributions.models import Mark

#: "naam (at) voorbeeld.nl": what people write for a machine not to see it.
_SPELLED_AT = re.compile(r"[ \t]?[(\[](?:at|apenstaartje)[)\]][ \t]?", re.IGNORECASE)
_AT = re.compile(f"@|{_SPELLED_AT.pattern}", re.IGNORECASE)
_NAME_BACKWARDS = re.compile(r"[\w.+%-]{1,64}")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")


def look_for_email(piece: Piece) -> list[Found]:
    """Find e-mail addresses: from each @ it looks a little way to both sides."""
    text = piece.plain
    addresses = (_SPELLED_AT.sub("@", text[start:end]) for start, end in email_spans(text))
    return found(Mark.Check.EMAIL, piece, addresses)


def email_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where e-mail addresses begin and end."""
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        name = domain and _NAME_BACKWARDS.match(text[max(0, at.start() - 64) : at.start()][::-1])
        if domain and name and domain[0].rsplit(".", 1)[1].isalpha():
            yield at.start() - len(name[0]), domain.end()


_WITH_SCHEME = re.compile(r"\b(?:https?://|www\.)[^\s<>\"')\]]{1,200}", re.IGNORECASE)
#: Endings that are no words, so that "op het plein.De buren" is no link.
_BARE = re.compile(
    r"(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}"
    r"\.(?:nl|com|org|net|eu|info|pl|bg|ro|hu|ua|tr|gr|uk|biz|xyz|online|site|shop|app|ly|gg|ru)"
    r"(?![\w@-])(?:/[^\s<>\"')\]]{0,200})?"
)
#: What no ending tells is told by what stands behind it: "t.me/naam".
_WITH_PATH = re.compile(
    r"(?<![\w@.-])[a-zA-Z0-9-]{1,63}\.[a-zA-Z]{2,10}/[\w~-][^\s<>\"')\]]{0,200}"
)


def look_for_links(piece: Piece) -> list[Found]:
    """Find links: with http or www before them, or with an ending that is no word."""
    text = piece.plain
    return found(Mark.Check.LINK, piece, (text[start:end] for start, end in link_spans(text)))


def link_spans(text: str) -> list[tuple[int, int]]:
    """Return where links begin and end, in order."""
    spans: list[tuple[int, int]] = []

    def taken(match: re.Match[str]) -> str:
        spans.append((match.start(), match.start() + len(match[0].rstrip(".,;:!?"))))
        return " " * len(match[0])

    rest = text
    for pattern in (_WITH_SCHEME, _BARE, _WITH_PATH):
        rest = pattern.sub(taken, rest)
    return sorted(spans)
