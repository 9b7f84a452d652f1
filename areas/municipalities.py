"""Areas as people choose from them: under their municipality, in one order for every language."""

from collections.abc import Iterable
from typing import Any

from areas.models import Area


def by_municipality(areas: Iterable[Area]) -> list[tuple[Area, list[Area]]]:
    """Return areas under the municipality they lie in, both as the reference data has them.

    Names differ per language; somebody who changes the language finds a place where it was.

    Args:
        areas: all of them, so that each one's municipality is found.
    """
    known = {area.pk: area for area in sorted(areas, key=lambda area: area.pk)}
    grouped: dict[int, list[Area]] = {}
    for area in known.values():
        above = area
        while above.kind != Area.Kind.MUNICIPALITY and above.parent_id in known:
            above = known[above.parent_id]
        grouped.setdefault(above.pk, []).append(area)
    return [(known[pk], grouped[pk]) for pk in sorted(grouped)]


def neighbourhood_choices(empty_label: Any) -> list[tuple[Any, Any]]:
    """Return the choices of a field that asks for a neighbourhood where people can post."""
    choices: list[tuple[Any, Any]] = [("", empty_label)]
    for municipality, inside in by_municipality(Area.objects.all()):
        if offered := [(area.pk, area.name) for area in inside if area.accepts_contributions]:
            choices.append((municipality.name, offered))
    return choices
