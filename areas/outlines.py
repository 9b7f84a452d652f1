"""The borders of the neighbourhoods as a map draws them, and the edition that they are of."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from areas.models import Border


def _shown() -> QuerySet[Border]:
    return Border.objects.filter(area__accepts_contributions=True).order_by("area_id")


@dataclass(frozen=True)
class Edition:
    """Which borders the map shows now.

    ``word`` differs whenever one of them differs, and is empty without any.
    """

    word: str
    drawn_roughly: bool
    """Whether a map has to say that its borders are a sketch."""


def edition() -> Edition:
    """Return the edition of the borders, without reading them (one query)."""
    told = list(_shown().values_list("area__slug", "changed_at", "drawn_roughly"))
    word = hashlib.sha256(repr(told).encode()).hexdigest()[:16] if told else ""
    return Edition(word, any(drawn_roughly for _slug, _changed_at, drawn_roughly in told))


def outlines() -> list[dict[str, Any]]:
    """Return each neighbourhood's slug with its polygons, and whether those are a sketch."""
    return [
        {"slug": slug, "polygons": polygons, "drawn_roughly": drawn_roughly}
        for slug, polygons, drawn_roughly in _shown().values_list(
            "area__slug", "polygons", "drawn_roughly"
        )
    ]
