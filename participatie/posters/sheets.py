"""What stands on one sheet, as data: from these words it is drawn, and known again by them."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache as once
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from contributions.models import Picture
from participatie.posters.letters import for_paper
from participatie.posters.models import Sheet
from participatie.posters.reach import address_on_paper
from participatie.posters.subjects import PosterSubject
from participatie.posters.words import PAPER, Words, sentences

#: How many letters of a title fit, by how many titles stand above each other.
TITLES_AT_MOST = {Sheet.POSTER: (120, 120, 120, 120), Sheet.CARDS: (120, 80, 48, 44)}
#: And of what is said more: none beside three titles, and none on a card.
TEXTS_AT_MOST = {Sheet.POSTER: (320, 140, 0, 0), Sheet.CARDS: (0, 0, 0, 0)}


@dataclass(frozen=True)
class Drawn:
    """All that a sheet shows: words as data, where its code leads, and a picture."""

    data: dict[str, Any]
    address: str
    picture: Picture | None

    @property
    def digest(self) -> str:
        """A digest that differs whenever the sheet does."""
        key = str(self.picture.key) if self.picture else ""
        told = json.dumps([self.data, self.address, key, _design()], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


@once
def _design() -> str:
    return hashlib.sha256((PAPER / "sheet.typ").read_bytes()).hexdigest()


def draw_up(subject: PosterSubject, thing: Any, sheet: str, languages: Iterable[str]) -> Drawn:
    """Return what a sheet shows about a thing, for readers of some languages, in their order.

    Words that are the same in several languages, since nobody translated them, stand there once.
    """
    codes = list(languages)
    main = codes[0]
    blocks = _blocks(subject, thing, Sheet(sheet), codes)
    with translation.override(main):
        place = for_paper(subject.area(thing).name)
    address = settings.SITE_URL + address_on_paper(subject, thing.pk, sheet)
    shown = address.removeprefix(f"{urlsplit(address).scheme}://")
    picture = subject.picture(thing) if sheet == Sheet.POSTER else None
    said = sentences()
    data = {
        "sheet": sheet,
        "title": blocks[0]["title"],
        "lang": main,
        "dir": direction_of(said[main][f"{subject.name}_ask"], main),
        "site": for_paper(settings.SITE_NAME),
        "place": place,
        "address": shown,
        "code": {"alt": said[main]["code"].format(address=shown)},
        "picture": picture and {"file": "picture.jpg", "alt": for_paper(picture.description)},
        "blocks": blocks,
        "calls": [
            {
                "lang": code,
                "dir": direction_of(said[code][f"{subject.name}_ask"], code),
                "ask": said[code][f"{subject.name}_ask"],
                "how": said[code][f"{subject.name}_how"],
            }
            for code in codes
        ],
    }
    return Drawn(data, address, picture)


def _blocks(
    subject: PosterSubject, thing: Any, sheet: Sheet, codes: list[str]
) -> list[dict[str, str]]:
    found: list[Words] = []
    for code in codes:
        words = subject.words(thing, code)
        if words not in found:
            found.append(words)
    title_at_most = TITLES_AT_MOST[sheet][len(found) - 1]
    text_at_most = TEXTS_AT_MOST[sheet][len(found) - 1]
    return [_block(words, codes[0], title_at_most, text_at_most) for words in found]


def _block(words: Words, main: str, title_at_most: int, text_at_most: int) -> dict[str, str]:
    title = shortened(for_paper(words.title), title_at_most)
    if not title:
        # In letters that no font here has. The code still leads to the words.
        fixed = sentences()[main]["wordless"]
        return {
            "lang": main,
            "dir": direction_of(fixed, main),
            "title": fixed,
            "text": "",
            "note": "",
        }
    return {
        "lang": words.language,
        "dir": direction_of(title, words.language),
        "title": title,
        "text": shortened(for_paper(words.text), text_at_most),
        "note": sentences()[words.language]["machine"] if words.by_machine else "",
    }


def shortened(text: str, at_most: int) -> str:
    """Return the first words of a text, with an ellipsis where it goes on; never more letters."""
    if len(text) <= at_most:
        return text
    if at_most == 0:
        return ""
    # Whole words, unless the first is too long for that.
    whole = text[:at_most].rpartition(" ")[0] or text[: at_most - 1]
    return f"{whole.rstrip(' ,.;:–-')}…"


def direction_of(text: str, language: str) -> str:
    """Return "ltr" or "rtl": by the first letter that has one, as browsers do; else the language's.

    That is ``dir="auto"`` of HTML, which the site uses for the same words.
    """
    for letter in text:
        side = unicodedata.bidirectional(letter)
        if side == "L":
            return "ltr"
        if side in ("R", "AL"):
            return "rtl"
    return "rtl" if translation.get_language_info(language)["bidi"] else "ltr"
