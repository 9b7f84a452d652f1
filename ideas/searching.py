"""Searching the list of initiatives: what of it is found, in which order, and what is marked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.utils.safestring import SafeString

from contributions.models import SearchDocument
from contributions.search.marking import Marker
from contributions.search.queries import Query
from contributions.search.ranking import Hits
from ideas.models import Initiative
from ideas.models.initiative import InitiativeQuerySet


@dataclass(frozen=True)
class Found:
    """What a search found in an initiative, marked: its title, and a piece of its story."""

    title: SafeString
    excerpt: SafeString


def with_text(found: InitiativeQuerySet) -> InitiativeQuerySet:
    """Annotate each initiative with its words without Markdown (``searched_text``)."""
    text = SearchDocument.objects.filter(pk=OuterRef("dossier")).values("text")
    return found.annotate(searched_text=Subquery(text))


def best_first(
    among: InitiativeQuerySet,
    hits: Hits,
    columns: tuple[str, str],
    *,
    after: tuple[int, Q] | None,
    count: int,
) -> list[tuple[int, Initiative]]:
    """Return the best of what a search finds, each with the number of its tier.

    Args:
        columns: the order within a tier.
        after: the tier and the filter by which this page goes on after the last row of another.
    """
    start = after[0] if after else 0
    rows: list[tuple[int, Initiative]] = []
    for number, tier in hits.tiers(start):
        page = among.filter(tier)
        if after and number == start:
            page = page.filter(after[1])
        rows += [(number, row) for row in page.order_by(*columns)[: count - len(rows)]]
        if len(rows) == count:
            break
    return rows


def marks_of(initiatives: Iterable[Initiative], search: Query) -> dict[int, Found]:
    """Return what was found in initiatives ``with_text``, by their ids."""
    marks = {}
    for initiative in initiatives:
        marker = Marker(search, initiative.language)
        text = getattr(initiative, "searched_text", None) or ""
        marks[initiative.pk] = Found(marker.marked(initiative.title), marker.excerpt(text))
    return marks
