"""What a search finds on the whole site: ideas, neighbourhoods, figures and pages."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import get_language

from areas.models import Area
from areas.surroundings import find
from contributions.search.queries import Query, parse, problems_of
from contributions.search.reading import holds
from ideas.listing import Listing, list_initiatives
from indicators.figures import indicators_in_order
from indicators.models import Indicator
from jongerenraad.models import Council
from participatie.models import Page

#: The rest stands in the list of initiatives.
IDEAS_SHOWN = 6


@dataclass(frozen=True)
class Link:
    """A page that was found, by its name."""

    name: str
    url: str


@dataclass(frozen=True)
class Results:
    """What was found for a search."""

    search: Query
    problems: list[str] = field(default_factory=list)
    listing: Listing | None = None
    areas: tuple[Area, ...] = ()
    figures: tuple[Indicator, ...] = ()
    pages: tuple[Link, ...] = ()

    @property
    def is_empty(self) -> bool:
        found = self.listing is not None and self.listing.count
        return not (found or self.areas or self.figures or self.pages)


def look_for(typed: str) -> Results:
    """Return what everybody may see that holds the words somebody typed."""
    search = parse(typed, get_language() or "")
    problems = problems_of(search, typed)
    if not search:
        return Results(search, problems)
    asked = QueryDict(mutable=True)
    asked["q"] = search.text
    listing = list_initiatives(asked)
    listing.initiatives = listing.initiatives[:IDEAS_SHOWN]
    return Results(
        search,
        problems,
        listing,
        areas=tuple(find(search.text, Area.objects.all())),
        figures=tuple(
            figure
            for figure in indicators_in_order()
            if holds(f"{figure.name} {figure.theme.short_name}", search)
        ),
        pages=tuple(_pages(search)),
    )


def _pages(search: Query) -> list[Link]:
    pages = [
        Link(page.title, page.get_absolute_url())
        for page in Page.objects.all()
        if holds(f"{page.title}\n{page.body}", search)
    ]
    councils = [
        Link(council.name, council.get_absolute_url())
        for council in Council.objects.all()
        if holds(council.name, search)
    ]
    return councils + pages
