"""What a name on screen may look like: strangers type it, and everybody reads it."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# More than any name; read before the text is looked at character by character.
_LONGEST_INPUT = 1_000
# Joiners that Persian, Arabic and Indic words need between two letters, and only there.
_JOINERS = "\u200c\u200d"
# Marks stacked higher than any script needs spill over the lines around them.
_STACKED_MARKS = 3
# A name that promises an office would be believed.
_OFFICES = (
    "administrator",
    "beheerder",
    "burgemeester",
    "gemeente",
    "moderator",
    "politie",
    "programmabureau",
    "wethouder",
)


def clean_name(text: str) -> str:
    """Return a name in one line, without control, direction and other invisible characters."""
    text = unicodedata.normalize("NFC", text)
    kept: list[str] = []
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        if category.startswith("Z") or character in "\t\n\r":
            kept.append(" ")
        elif character in _JOINERS:
            around = text[position - 1 : position] + text[position + 1 : position + 2]
            if len(around) == 2 and all(unicodedata.category(c)[0] in "LM" for c in around):
                kept.append(character)
        elif not category.startswith("C"):
            kept.append(character)
    return " ".join("".join(kept).split())


def check_name(name: str) -> None:
    """Raise ``ValidationError`` for a cleaned name that cannot stand on a public page."""
    marks = 0
    for character in name:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks > _STACKED_MARKS:
            raise ValidationError(_("Write the name without marks stacked on its letters."))
    if not any(character.isalpha() for character in name):
        raise ValidationError(_("A name needs at least one letter."))
    if "@" in name or "//" in name or re.search(r"\bwww\.|\.(?:com|net|nl|org)\b", name, re.I):
        raise ValidationError(
            _("Write a name without an e-mail address or a link: everybody can read it.")
        )
    if sum(character.isdigit() for character in name) > 5:
        raise ValidationError(_("Write a name without a telephone number: everybody can read it."))


def check_person(name: str) -> None:
    """Raise ``ValidationError`` for a person's name that sounds like an office."""
    if set(re.findall(r"\w+", name.lower())) & set(_OFFICES):
        raise ValidationError(_("This name sounds like an office. Choose another one."))


class NameField(forms.CharField):
    """One line of text that may stand on a public page as a name."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text:
            return text
        if len(text) > _LONGEST_INPUT:
            raise ValidationError(_("This name is too long."))
        return clean_name(text)

    def validate(self, value: str | None) -> None:
        super().validate(value)
        if value:
            check_name(value)
