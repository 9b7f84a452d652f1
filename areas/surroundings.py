"""Where an area lies: what encloses it, what lies nearest, and finding one by name or postcode."""

import unicodedata
from collections.abc import Iterable

from areas.models import Area

#: As few digits as say anything: "2" is half of South Holland.
FEWEST_DIGITS = 2


def enclosing(area: Area, areas: dict[int, Area]) -> list[Area]:
    """Return the areas that hold another one, the smallest first.

    A group is no parent: it holds the areas whose CBS buurten are all among its own. It comes
    before the municipality, which is larger.

    Args:
        areas: all areas by id; the whole tree is a few dozen rows.
    """
    chain: list[Area] = []
    current = area
    while current.parent_id in areas and areas[current.parent_id] not in chain:
        current = areas[current.parent_id]
        chain.append(current)
    groups = [other for other in areas.values() if _is_in_group(area, other)]
    smaller = [above for above in chain if above.kind in _WITHIN_A_MUNICIPALITY]
    return smaller + groups + [above for above in chain if above not in smaller]


_WITHIN_A_MUNICIPALITY = (Area.Kind.NEIGHBOURHOOD, Area.Kind.DISTRICT)


def _is_in_group(area: Area, group: Area) -> bool:
    codes = set(area.buurt_codes.split())
    return (
        group.kind == Area.Kind.GROUP
        and group.pk != area.pk
        and bool(codes)
        and codes <= set(group.buurt_codes.split())
    )


def nearest(area: Area, among: Iterable[Area], count: int) -> list[Area]:
    """Return the areas whose centres lie nearest to that of another one.

    The centres are approximate, so this says who is a neighbour, never how far away.
    """

    def distance(other: Area) -> float:
        if None in (area.latitude, area.longitude, other.latitude, other.longitude):
            return float("inf")
        # A degree of longitude is 0.61 of one of latitude here (the cosine of 52°).
        north = float(area.latitude) - float(other.latitude)  # type: ignore[arg-type]
        east = 0.61 * (float(area.longitude) - float(other.longitude))  # type: ignore[arg-type]
        return north * north + east * east

    return sorted(among, key=lambda other: (distance(other), other.name))[:count]


def find(words: str, areas: Iterable[Area]) -> list[Area]:
    """Return the areas that a visitor may mean by a name, a part of it, or a postcode.

    A postcode finds the areas that know most of its digits; letters behind it are left aside.
    """
    asked = _plain(words)
    compact = asked.replace(" ", "")
    if compact[:FEWEST_DIGITS].isdigit():
        digits = "".join(character for character in compact[:4] if character.isdigit())
        return _by_postcode(digits, areas)
    if not asked:
        return []
    found = [area for area in areas if asked in _plain(area.name)]
    return sorted(found, key=lambda area: (not _plain(area.name).startswith(asked), area.name))


def _by_postcode(digits: str, areas: Iterable[Area]) -> list[Area]:
    known: list[tuple[int, Area]] = []
    for area in areas:
        shared = [
            min(len(code), len(digits))
            for code in (area.postcodes or "").split()
            if code.startswith(digits) or digits.startswith(code)
        ]
        if shared:
            known.append((max(shared), area))
    most = max((shared for shared, _area in known), default=0)
    return sorted((area for shared, area in known if shared == most), key=lambda area: area.name)


def _plain(words: str) -> str:
    """Return words without accents, capitals and marks between them, as people type them."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    kept = [
        character if character.isalnum() else " "
        for character in letters
        if not unicodedata.combining(character)
    ]
    return " ".join("".join(kept).split())
