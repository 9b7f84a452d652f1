"""What notifications of all kinds of contributions have in common: words, pictures, who acts where.

What others wrote is loaded as a visitor would find it, so that nothing is told that the site does
not show to everybody.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, RoleGrant
from areas.models import Area, is_within
from contributions.models import Contribution, Picture
from contributions.text import markdown_to_text
from contributions.translations import shown_words

LONGEST_QUOTE = 200
#: Wide enough for a letter on a phone.
PICTURE_WIDTH = 640


def on_the_site(
    model: type[Contribution], pks: Collection[int], language: str, *related: str
) -> dict[int, Any]:
    """Return the texts of some numbers that everybody may read, with their translations (a query).

    Args:
        related: what else to read with them, besides who wrote them.
    """
    texts: Any = model._default_manager
    found = texts.visible_to(AnonymousUser()).published().filter(pk__in=pks)
    rows = found.in_language(language).select_related("author", *related)
    return {row.pk: row for row in rows}


@dataclass(frozen=True)
class Said:
    """What a text says to a reader: their language, or the original's.

    Args:
        label: a sentence that says so, where a machine translated the words.
    """

    title: str
    quote: str
    language: str
    label: str = ""


def said(text: Contribution, language: str, *fields: str) -> Said:
    """Return the words of a text in a language where it is translated as it reads now.

    Args:
        fields: those that are quoted, one after the other; ``text`` where none is named.
    """
    shown = shown_words(text, language)
    words = shown.original if shown.is_outdated else shown.words
    used = shown.original_language if shown.is_outdated else shown.language
    parts = [words[name] for name in fields or ("text",) if words.get(name)]
    return Said(
        title=words.get("title", ""),
        quote=shortened("\n\n".join(parts)),
        language="" if used == language else used,
        label=shown.label if shown.is_by_machine and not shown.is_outdated else "",
    )


def shortened(text: str) -> str:
    """Return the beginning of a text without its marks, up to the end of a word."""
    words = markdown_to_text(text)
    if len(words) <= LONGEST_QUOTE:
        return words
    cut = words[: LONGEST_QUOTE - 1]
    # A language without spaces between its words is cut where it is.
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > LONGEST_QUOTE // 2 else cut).rstrip() + "…"


def pictures_of(texts: Iterable[Contribution]) -> dict[int, str]:
    """Return the path of the first picture with each text that has one, by dossier (a query)."""
    dossiers = [text.dossier_id for text in texts]
    found: dict[int, str] = {}
    shown = Picture.objects.shown().filter(dossier__in=dossiers)
    for picture in shown.order_by("dossier", "position", "pk"):
        width = PICTURE_WIDTH if PICTURE_WIDTH in picture.widths else 0
        path = reverse("picture", kwargs={"key": picture.key, "width": width})
        found.setdefault(picture.dossier_id, path)
    return found


@dataclass(frozen=True)
class Reach:
    """Where people hold a role at a moment, for all of them at once (two queries)."""

    grants: Mapping[int, list[RoleGrant]]
    parents: dict[int, int | None]

    @classmethod
    def of(cls, *roles: Role, now: datetime.datetime | None = None) -> Self:
        grants: dict[int, list[RoleGrant]] = defaultdict(list)
        current = RoleGrant.objects.current(now or timezone.now())
        for grant in current.filter(role__in=roles, user__is_active=True):
            grants[grant.user_id].append(grant)
        return cls(grants, Area.objects.parents())

    def covers(self, person: int, area: int | None, language: str = "") -> bool:
        """Say whether somebody holds it there, and in that language if one is given."""
        return any(
            self.lies_in(grant, area) and (not language or grant.language in ("", language))
            for grant in self.grants.get(person, ())
        )

    def lies_in(self, grant: RoleGrant, area: int | None) -> bool:
        """Say whether a grant is for an area, or for one around it."""
        if grant.area_id is None:
            return True
        return area is not None and is_within(area, grant.area_id, self.parents)

    def people(self, area: int | None, language: str = "") -> list[int]:
        """Return who holds it there."""
        return [person for person in self.grants if self.covers(person, area, language)]
