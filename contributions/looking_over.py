"""What checks find in a text, from the words of its fields: for its author, and for the record."""

from collections.abc import Iterable
from typing import Any

from contributions.checks import Found, Lists, Piece, look_over
from contributions.kinds import kind_of
from contributions.models import Contribution, Picture
from contributions.review import DELAYS


def look_over_text(contribution: Contribution, data: dict[str, Any] | None = None) -> list[Found]:
    """Run all checks on a text as it is, or as a change or a form would make it.

    Args:
        data: the values that take the place of the text's own, as a revision holds them.
    """
    data = data or {}
    language = str(data.get("language") or contribution.language)
    return look_over(pieces_of(contribution, data), language=language, lists=Lists.now())


def pieces_of(contribution: Contribution, data: dict[str, Any]) -> list[Piece]:
    """Return all that its author filled in freely: the fields of its kind, and its pictures."""
    kind = kind_of(contribution)
    pieces = [
        Piece(
            field.label,
            str(data.get(field.name, getattr(contribution, field.name)) or ""),
            names_place=field.names_place,
        )
        for field in kind.free_fields
    ]
    if kind.words_beside is not None:
        pieces += [Piece(part.label, part.text) for part in kind.words_beside(contribution)]
    removed = set(data.get("pictures_removed", []))
    described = data.get("picture_descriptions", {})
    for picture in Picture.objects.filter(dossier=contribution.dossier_id).current():
        key = str(picture.key)
        if key not in removed:
            label = Picture._meta.get_field("description").verbose_name
            pieces.append(Piece(label, described.get(key, picture.description)))
    return pieces


def that_delay(found: Iterable[Found]) -> list[Found]:
    """Return what makes that a moderator reads a text before others see it."""
    return [one for one in found if one.check in DELAYS]
