"""What search engines may show: the public pages, in every listed language (sitemaps.org).

Drawn anew each time, from what everybody may read at that moment: an address tells the title of
its text. That is quick because the languages differ only in the first part of an address.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone, translation

from areas.models import Area
from ideas.listing import on_the_site
from ideas.models import Initiative
from jongerenraad.models import Council
from participatie.models import Page

#: Initiatives in one file, by number: a range of the primary key needs no counting.
IN_ONE_FILE = 500

#: The part of an address behind its language, and when the page changed, where that is known.
Place = tuple[str, datetime | None]

_OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


def pages() -> Iterator[Place]:
    """Yield the pages that do not hang on one initiative."""
    councils = Council.objects.values_list("slug", flat=True)
    named: list[tuple[str, list[str]]] = [
        *((name, []) for name in ("home", "ideas:list", "ideas:map", "areas")),
        *(("area", [slug]) for slug in Area.objects.values_list("slug", flat=True)),
        *(("jongerenraad:council", [slug]) for slug in councils),
        *(("page", [slug]) for slug in Page.objects.values_list("slug", flat=True)),
    ]
    for name, arguments in named:
        yield _behind_language(reverse(name, args=arguments)), None


def initiatives(number: int) -> Iterator[Place]:
    """Yield the initiatives of one file, counted from 0."""
    first = number * IN_ONE_FILE
    inside = on_the_site().filter(pk__gte=first, pk__lt=first + IN_ONE_FILE).order_by("pk")
    for pk, slug, changed_at in inside.values_list("pk", "slug", "changed_at"):
        yield _behind_language(Initiative(pk=pk, slug=slug).get_absolute_url()), changed_at


def files_of_initiatives() -> int:
    """Return how many files it takes to name all initiatives on the site."""
    last: int | None = on_the_site().aggregate(last=Max("pk"))["last"]
    return 0 if last is None else last // IN_ONE_FILE + 1


def written(places: Iterable[Place]) -> str:
    """Return a file that names each place in each listed language, with the others beside it."""
    return _OPENING + "".join(map(_entries, places)) + "</urlset>\n"


def _behind_language(address: str) -> str:
    return address.removeprefix(f"/{translation.get_language()}")


def _entries(place: Place) -> str:
    path, changed_at = place
    addresses = {code: f"{settings.SITE_URL}/{code}{path}" for code in settings.LISTED_LANGUAGES}
    # Without a language the site chooses the reader's own.
    beside = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(address)}/>'
        for code, address in {**addresses, "x-default": settings.SITE_URL + path}.items()
    )
    date = f"<lastmod>{timezone.localdate(changed_at).isoformat()}</lastmod>" if changed_at else ""
    return "".join(
        f"<url><loc>{escape(address)}</loc>{date}{beside}</url>\n" for address in addresses.values()
    )
