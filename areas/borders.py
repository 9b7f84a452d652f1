"""Borders in the format of PDOK: GeoJSON of CBS wijken and buurten, page after page.

``{address}/collections/wijken/items?f=json`` and the same of ``buurten`` (OGC API Features). Only
the code and the shape of a row are read; the numbers beside them, in which a negative one means
missing, are not. Nothing is written here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from areas.fetching import Fetcher, NotFetched, joined
from areas.models import Area
from areas.shapes import BrokenShape, Polygon, polygons_of, simplified

COLLECTIONS = ("wijken", "buurten")
ROWS_PER_PAGE = 500
MAX_PAGES = 200
#: The borders asked for lie within so many degrees of the centre of one of our areas.
_AROUND = 0.1
_CODE = re.compile(r"(?:WK\d{6}|BU\d{8})", re.ASCII)
_LON_LAT = ("CRS84", "4326")


class NotReadable(Exception):
    """Borders that cannot be read at all; its message says what to do."""


@dataclass
class Found:
    """What a source told about the codes of our areas."""

    polygons: dict[str, list[Polygon]] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """A code or an area's address, and the reason."""
    rows_read: int = 0


@dataclass
class Plan:
    """The border of each area that is whole in a source, and what is refused."""

    borders: dict[int, list[Any]] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    rows_read: int = 0


def codes_of(area: Area) -> list[str]:
    """Return the codes whose shapes make up an area: wijken hold their buurten already."""
    return (area.wijk_codes or area.buurt_codes).split()


def pages_at(
    address: str, areas: Iterable[Area], *, fetcher: Fetcher | None = None
) -> Iterator[Any]:
    """Yield the pages of wijken and of buurten that lie around our areas.

    Raises:
        NotReadable: an address does not answer as it should.
    """
    fetcher = fetcher or Fetcher()
    for collection in COLLECTIONS:
        query = {"f": "json", "limit": ROWS_PER_PAGE, **_box_around(areas)}
        start = f"{address.rstrip('/')}/collections/{collection}/items?{urlencode(query, safe=',')}"
        yield from _pages_from(start, fetcher)


def _pages_from(address: str, fetcher: Fetcher) -> Iterator[Any]:
    seen: set[str] = set()
    while address:
        if address in seen or len(seen) >= MAX_PAGES:
            raise NotReadable(_("The pages of this source have no end."))
        seen.add(address)
        try:
            page = fetcher.json(address)
            address = _next(page, address)
        except NotFetched as error:
            raise NotReadable(str(error)) from error
        yield page


def _next(page: Any, address: str) -> str:
    links = page.get("links") if isinstance(page, dict) else None
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("rel") == "next" and link.get("href"):
            return joined(address, str(link["href"]))
    return ""


def _box_around(areas: Iterable[Area]) -> dict[str, str]:
    centres = [
        (float(area.longitude), float(area.latitude))
        for area in areas
        if codes_of(area) and area.longitude is not None and area.latitude is not None
    ]
    if not centres:
        return {}
    east, north = (max(numbers) + _AROUND for numbers in zip(*centres, strict=True))
    west, south = (min(numbers) - _AROUND for numbers in zip(*centres, strict=True))
    return {"bbox": f"{west:.4f},{south:.4f},{east:.4f},{north:.4f}"}


def read(pages: Iterable[Any], wanted: set[str]) -> Found:
    """Return the shapes of the wanted codes.

    Raises:
        NotReadable: a page is no GeoJSON of longitudes and latitudes.
    """
    found = Found()
    told: dict[str, Any] = {}
    for page in pages:
        for row in _rows(page):
            found.rows_read += 1
            code = _code(row)
            if code not in wanted or (code in told and told[code] == row.get("geometry")):
                continue
            if code in told:
                found.polygons.pop(code, None)
                found.refused.append((code, _("This code stands in the source with two shapes.")))
                continue
            told[code] = row.get("geometry")
            try:
                found.polygons[code] = polygons_of(told[code])
            except BrokenShape as error:
                found.refused.append((code, str(error)))
    return found


def _rows(page: Any) -> list[Any]:
    if not isinstance(page, dict) or not isinstance(page.get("features"), list):
        raise NotReadable(_("This is no GeoJSON with features, as PDOK gives it."))
    # RFC 7946 knows one system; older files name theirs.
    if (crs := page.get("crs")) and not any(name in str(crs) for name in _LON_LAT):
        raise NotReadable(
            _("These are no longitudes and latitudes. Ask the source for CRS84 or EPSG:4326.")
        )
    return page["features"]  # type: ignore[no-any-return]


def _code(row: Any) -> str:
    """Return the code of a row: a buurt names its wijk as well, so the buurt goes first."""
    told = row.get("properties") if isinstance(row, dict) else None
    for name in ("buurtcode", "wijkcode"):
        code = told.get(name) if isinstance(told, dict) else None
        if isinstance(code, str) and _CODE.fullmatch(code.strip()):
            return code.strip()
    return ""


def plan(pages: Iterable[Any], areas: Iterable[Area], *, year: int) -> Plan:
    """Return the border of each area that a source has whole.

    An area of which a part is missing or broken keeps the border that it has: half a border would
    be a wrong one.

    Args:
        year: the edition of the codes in the source.

    Raises:
        NotReadable: it cannot be read at all.
    """
    coded = [area for area in areas if codes_of(area)]
    found = read(pages, {code for area in coded for code in codes_of(area)})
    made = Plan(refused=found.refused, rows_read=found.rows_read)
    for area in coded:
        missing = [code for code in codes_of(area) if code not in found.polygons]
        if area.codes_year != year:
            reason = _("The codes of this area are those of %(ours)s, the borders are of %(year)s.")
            made.refused.append((area.slug, reason % {"ours": area.codes_year, "year": year}))
        elif missing:
            reason = _("A part of this area is not in the source: %(codes)s.")
            made.refused.append((area.slug, reason % {"codes": ", ".join(missing)}))
        else:
            whole = [polygon for code in codes_of(area) for polygon in found.polygons[code]]
            made.borders[area.pk] = simplified(whole)
    return made
