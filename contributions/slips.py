"""Codes of claim slips: made, written for people, read back, and found again.

A code has twelve digits: every telephone has those on one keyboard, in every script. Rows hold
what a key of this site makes of it (``accounts.sealing``), so that the code of a slip cannot be
read from the database.
"""

import secrets
import unicodedata

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.sealing import Unreadable, pseudonyms_of, unseal
from contributions.models import Telling

DIGITS = 12
SPACE = 10**DIGITS
#: What people type who read letters where digits stand.
_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "I": "1", "i": "1", "l": "1", "L": "1", "|": "1"})


def new_code() -> str:
    """Return a code that no slip has."""
    while True:
        code = f"{secrets.randbelow(SPACE):0{DIGITS}d}"
        if find(code) is None:
            return code


def in_groups(code: str) -> str:
    """Return a code as people read and type it: in groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalise(typed: str) -> str:
    """Return the code that somebody typed; nothing where it is none.

    Spaces and dashes do not count, letters that look like a digit are one, and digits may be those
    of any script.
    """
    text = unicodedata.normalize("NFKC", typed[:100]).translate(_LOOKALIKES)
    kept = [
        character
        for character in text
        if not character.isspace() and unicodedata.category(character) not in ("Pd", "Po", "Cf")
    ]
    if len(kept) != DIGITS or not all(character.isdecimal() for character in kept):
        return ""
    return "".join(str(unicodedata.decimal(character)) for character in kept)


def digest_of(code: str) -> str:
    """Return what a row holds of a code."""
    return next(pseudonyms_of("claim slip", code))


def find(code: str) -> Telling | None:
    """Return what a code belongs to, also where the code is over or was used (one query)."""
    digests = list(pseudonyms_of("claim slip", code))
    return (
        Telling.objects.select_related("dossier", "session").filter(slip_digest__in=digests).first()
    )


def code_to_show(telling: Telling) -> str:
    """Return the code of a slip that can be shown or printed again; nothing when that is over."""
    if not telling.slip_sealed:
        return ""
    try:
        return unseal(telling.slip_sealed)
    except Unreadable:
        # Sealed with a key that this site has no more: the paper slip still opens it.
        return ""


def address_of(code: str, language: str) -> str:
    """Return what the code to scan leads to: a page on which nothing happens by itself."""
    with translation.override(page_language(language)):
        return str(settings.SITE_URL) + reverse("slips:scanned", args=[code])


def page_language(language: str) -> str:
    """Return the language in which a slip speaks: the talk's, where the site has pages in it."""
    return language if language in settings.LISTED_LANGUAGES else settings.LANGUAGE_CODE


def enter_address(language: str) -> str:
    """Return where a code is typed in, as people read it on paper."""
    with translation.override(page_language(language)):
        return str(settings.SITE_URL) + reverse("slips:enter")
