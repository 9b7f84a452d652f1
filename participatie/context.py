"""What every page can say about the site around it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject


@dataclass(frozen=True)
class ListedLanguage:
    """A language in the menu, with this same page's address in it."""

    code: str
    name: str
    """Its own name, as its readers look for it."""
    url: str
    absolute_url: str
    """From the configured site: the Host header is a visitor's word."""
    is_current: bool


def listed_languages(request: HttpRequest) -> list[ListedLanguage]:
    """Return the languages of the menu; the address keeps the filters that were chosen."""
    names = dict(settings.CONTENT_LANGUAGES)
    current = translation.get_language()
    languages = []
    for code in settings.LISTED_LANGUAGES:
        url = _same_page(request, code)
        languages.append(
            ListedLanguage(
                code=code,
                name=names[code],
                url=url,
                absolute_url=settings.SITE_URL + url,
                is_current=code == current,
            )
        )
    return languages


def _same_page(request: HttpRequest, code: str) -> str:
    match = request.resolver_match
    with translation.override(code):
        try:
            if match is None or not match.view_name:
                return reverse("home")
            url = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return reverse("home")
    query = iri_to_uri(request.META.get("QUERY_STRING", ""))
    return f"{url}?{query}" if query else url


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the site's name and addresses, its languages, and where the visitor is.

    ``page_path`` is this page's own address, for ``?next=``; ``listed_languages`` is worked
    out only where a page shows it, and once.
    """
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "shared_device": getattr(request, "shared_device", None),
        "shared_seconds": settings.SHARED_PLACE_SECONDS,
        "site_phone": settings.CONTACT_PHONE,
        "demo": settings.DEMO,
        "page_path": request.get_full_path(),
        "map_centre": "{},{}".format(*settings.MAP_CENTRE),
        "map_tiles_url": settings.MAP_TILES_URL,
        "map_tiles_credit": translation.gettext("Map data © %(owner)s")
        % {"owner": settings.MAP_TILES_OWNER},
        "listed_languages": SimpleLazyObject(lambda: listed_languages(request)),
    }
