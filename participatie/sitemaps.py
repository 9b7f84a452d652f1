"""What search engines may show: the public pages, in every listed language (sitemaps.org)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from areas.models import Area
from ideas.listing import on_the_site
from ideas.models import Initiative
from jongerenraad.models import Council
from participatie.models import Page

#: Initiatives in one file, by number: a range of the primary key needs no counting.
IN_ONE_FILE = 500


class PublicPages(Sitemap[Any]):
    """Addresses in each listed language, which name each other; all from the configured site."""

    i18n = True
    alternates = True
    x_default = True
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        netloc: str = urlsplit(settings.SITE_URL).netloc
        return netloc

    def get_languages_for_item(self, item: Any) -> list[str]:
        return list(settings.LISTED_LANGUAGES)


class Pages(PublicPages):
    """The pages that do not hang on one initiative."""

    def items(self) -> list[tuple[str, list[str]]]:
        councils = Council.objects.values_list("slug", flat=True)
        return [
            *((name, []) for name in ("home", "ideas:list", "ideas:map", "areas")),
            *(("area", [slug]) for slug in Area.objects.values_list("slug", flat=True)),
            *(("jongerenraad:council", [slug]) for slug in councils),
            *(("page", [slug]) for slug in Page.objects.values_list("slug", flat=True)),
        ]

    def location(self, item: tuple[str, list[str]]) -> str:
        name, arguments = item
        return reverse(name, args=arguments)


class Initiatives(PublicPages):
    """The initiatives of one file.

    Args:
        number: which file, from 0.
    """

    def __init__(self, number: int) -> None:
        self.first = number * IN_ONE_FILE

    def items(self) -> Iterable[Initiative]:
        inside = on_the_site().filter(pk__gte=self.first, pk__lt=self.first + IN_ONE_FILE)
        return inside.only("pk", "slug", "title", "changed_at").order_by("pk")

    def location(self, item: Initiative) -> str:
        return item.get_absolute_url()

    def lastmod(self, item: Initiative) -> datetime:
        return item.changed_at


def files_of_initiatives() -> int:
    """Return how many files it takes to name all initiatives on the site."""
    last: int | None = on_the_site().aggregate(last=Max("pk"))["last"]
    return 0 if last is None else last // IN_ONE_FILE + 1
