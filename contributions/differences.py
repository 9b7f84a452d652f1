"""What differs between two versions of a text, field by field, with names for numbers."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _

from contributions.comparing import ITEMS, Piece, Sort, compare, with_ends
from contributions.kinds import Part, kind_of
from contributions.models import Contribution


@dataclass(frozen=True)
class FieldDifference:
    """One field of a text as a change shows it, and the languages that it was and is written in."""

    label: str
    pieces: list[Piece]
    language: str
    language_before: str
    #: Whether it is words of its author: those have a language, a name of an area has not.
    is_words: bool = True

    @property
    def changes_language(self) -> bool:
        return self.is_words and self.language != self.language_before


@dataclass
class Names:
    """Names of areas, themes and such by their number; each table is read once for a page."""

    _read: dict[type[Model], dict[Any, str]] = field(default_factory=dict)

    def of(self, model: type[Model], pk: Any) -> str:
        """Return a row's name, or nothing for a row that is not there."""
        if not pk:
            return ""
        if model not in self._read:
            self._read[model] = {row.pk: str(row) for row in model._default_manager.all()}
        return self._read[model].get(pk, "")


def differences(
    contribution: Contribution,
    before: dict[str, Any],
    data: dict[str, Any],
    names: Names | None = None,
) -> list[FieldDifference]:
    """Return the fields that a change alters, each with what was added and removed.

    Args:
        before: the values of ``fields_of_revision`` that it replaces.
        data: the values of the change.
    """
    kind = kind_of(contribution)
    if kind.revision_parts is None:
        return []
    # What a change does not name stays as it is.
    data = {**before, **data}
    language_before = str(before.get("language", contribution.language))
    language = str(data.get("language", language_before))
    return [
        FieldDifference(
            label=part.label,
            pieces=_pieces(part, one_language=language == language_before),
            language=language,
            language_before=language_before,
            is_words=part.compared == "words",
        )
        for part in kind.revision_parts(contribution, before, data, names or Names())
        if part.text != (part.before or "")
    ]


def picture_parts(before: dict[str, Any], data: dict[str, Any]) -> list[Part]:
    """Return the descriptions of pictures that a change brings, beside what they were."""
    was = before.get("picture_descriptions", {})
    label = _("What can be seen in this picture?")
    return [
        Part(label, text, was.get(key, ""))
        for key, text in data.get("picture_descriptions", {}).items()
    ]


def language_part(before: dict[str, Any], data: dict[str, Any]) -> Part:
    """Return the language that a text is written in, by its own name."""
    names = dict(settings.CONTENT_LANGUAGES)
    was, becomes = (
        str(names.get(str(values.get("language", "")), "")) for values in (before, data)
    )
    return Part(_("Language"), becomes, was, "whole")


def _pieces(part: Part, *, one_language: bool) -> list[Piece]:
    before = part.before or ""
    match part.compared:
        case "words" if one_language:
            return compare(before, part.text)
        case "items":
            return compare(before, part.text, units=ITEMS)
    whole = [Piece(Sort.REMOVED, before), Piece(Sort.ADDED, part.text)]
    return with_ends([piece for piece in whole if piece.text])
