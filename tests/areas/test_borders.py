"""Borders of areas from the format of PDOK."""

import gzip
import io
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from areas import shapes
from areas.actions import import_borders
from areas.borders import NotReadable, pages_at
from areas.models import Area, Border, BorderImport
from tests import scenes
from tests.areas.wijken import Site, as_json, page, row, site, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Area:
    return scenes.area(
        "hier",
        wijk_codes="WK051830 WK051837",
        latitude=Decimal("52.06"),
        longitude=Decimal("4.28"),
    )


def two() -> dict[str, Any]:
    return page(row("WK051830", square(4.28, 52.06)), row("WK051837", square(4.29, 52.06)))


def taken(*pages: Any, year: int = 2025) -> BorderImport:
    return import_borders(pages=pages, source="test", year=year)


def test_two_wijken_make_one_border(here: Area) -> None:
    run = taken(two())
    assert (run.rows_read, run.rows_added, run.rows_changed, run.refused) == (2, 1, 0, [])
    border = Border.objects.get(area=here)
    assert [len(polygon) for polygon in border.polygons] == [1, 1]
    assert border.polygons[0][0][0] == border.polygons[0][0][-1]
    assert (border.year, border.drawn_roughly) == (2025, False)


def test_doing_it_twice_changes_nothing(here: Area) -> None:
    taken(two())
    before = Border.objects.values().get()
    run = taken(two())
    assert (run.rows_added, run.rows_changed, run.refused) == (0, 0, [])
    assert Border.objects.values().get() == before
    assert BorderImport.objects.count() == 2


def test_a_border_that_moved_is_changed(here: Area) -> None:
    taken(two())
    run = taken(page(row("WK051830", square(4.27, 52.06)), row("WK051837", square(4.29, 52.06))))
    assert (run.rows_added, run.rows_changed) == (0, 1)
    assert Border.objects.get().polygons[0][0][0] == [4.27, 52.06]


def test_an_area_of_buurten_takes_the_buurten_and_not_the_wijk_around_them() -> None:
    scenes.area("spoorwijk", buurt_codes="BU05183823")
    taken(page(row("WK051838", square(4.2, 52)), row("BU05183823", square(4.306, 52.053))))
    assert Border.objects.get().polygons[0][0][0] == [4.306, 52.053]


def test_an_area_of_which_a_part_is_missing_keeps_its_border_and_is_named(here: Area) -> None:
    taken(two())
    run = taken(page(row("WK051830", square(4.0, 52.06))))
    ((what, reason),) = run.refused
    assert what == "hier"
    assert "WK051837" in reason
    assert "WK051830" not in reason
    assert Border.objects.get().polygons[0][0][0] == [4.28, 52.06]


def test_codes_of_another_edition_are_refused(here: Area) -> None:
    run = taken(two(), year=2024)
    assert [what for what, _reason in run.refused] == ["hier"]
    assert not Border.objects.exists()


def test_what_is_not_ours_is_read_over(here: Area) -> None:
    run = taken(page(*two()["features"], row("WK036300", {"type": "Nonsense"}), 7, {"a": 1}, None))
    assert (run.rows_read, run.rows_added, run.refused) == (6, 1, [])


RING = square(4.28, 52.06)["coordinates"][0]


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        7,
        {},
        {"type": "Point", "coordinates": [4.2, 52]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [RING[:3]]},
        {"type": "Polygon", "coordinates": [RING[:4]]},
        {"type": "Polygon", "coordinates": [[RING[0]] * 5]},
        {"type": "Polygon", "coordinates": [[[4.2, 52], [4.3, 52], [4.4, 52], [4.2, 52]]]},
        {"type": "Polygon", "coordinates": [[["4.2", 52], *RING[1:4], ["4.2", 52]]]},
        {"type": "Polygon", "coordinates": [[[True, 52], *RING[1:4], [True, 52]]]},
        {"type": "Polygon", "coordinates": [[[4.2], *RING[1:4], [4.2]]]},
        {"type": "Polygon", "coordinates": [[[math.nan, 52], *RING[1:4], [math.nan, 52]]]},
        {"type": "Polygon", "coordinates": [[[math.inf, 52], *RING[1:4], [math.inf, 52]]]},
        {"type": "Polygon", "coordinates": [[[81000, 455000], [82000, 455000], [82000, 456000],
                                             [81000, 455000]]]},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": [[RING], "x"]},
        {"type": "MultiPolygon", "coordinates": {"a": 1}},
    ],
)  # fmt: skip
def test_a_broken_shape_is_refused_with_a_reason(here: Area, geometry: Any) -> None:
    run = taken(page(row("WK051830", geometry), row("WK051837", square(4.29, 52.06))))
    assert [what for what, _reason in run.refused] == ["WK051830", "hier"]
    assert all(reason for _what, reason in run.refused)
    assert not Border.objects.exists()


def test_a_code_with_two_shapes_is_refused(here: Area) -> None:
    run = taken(two(), page(row("WK051830", square(4.1, 52))))
    assert [what for what, _reason in run.refused] == ["WK051830", "hier"]


def test_coordinates_in_another_system_are_refused_with_what_to_do(here: Area) -> None:
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    with pytest.raises(NotReadable):
        taken(page(*two()["features"], crs=named))
    assert not BorderImport.objects.exists()


@pytest.mark.parametrize("told", [None, 7, [], {}, {"features": 7}, "x"])
def test_what_is_no_geojson_is_refused(here: Area, told: Any) -> None:
    with pytest.raises(NotReadable):
        taken(told)


def test_rings_turn_as_rfc_7946_says_and_holes_the_other_way(here: Area) -> None:
    hole = square(4.283, 52.063, 0.003)["coordinates"][0]
    shape = {"type": "Polygon", "coordinates": [RING[::-1], hole]}
    polygon = shapes.simplified(shapes.polygons_of(shape))[0]
    assert [shapes._area([(x, y) for x, y in ring]) > 0 for ring in polygon] == [True, False]


def test_a_long_line_is_drawn_with_few_points_that_lie_where_it_lay() -> None:
    turn = [n / 5000 * 2 * math.pi for n in range(5000)]
    ring = [[4.3 + 0.02 * math.cos(a), 52 + 0.01 * math.sin(a)] for a in turn]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    thin = shapes.simplified(shapes.polygons_of(shape))[0][0]
    assert 20 < len(thin) < 120
    assert thin[0] == thin[-1]
    for x, y in thin:
        assert math.hypot((x - 4.3) / 0.02, (y - 52) / 0.01) == pytest.approx(1, abs=0.005)


def test_the_borders_of_thirteen_areas_weigh_less_than_60_kb() -> None:
    """As ragged as a real one: thousands of points that go in and out by ten metres."""
    polygons = []
    for number in range(13):
        turn = [n / 3000 * 2 * math.pi for n in range(3000)]
        ring = [
            [4.3 + (0.01 + 0.0001 * (n % 7 == 0)) * math.cos(a),
             52 + number / 50 + (0.006 + 0.0001 * (n % 5 == 0)) * math.sin(a)]
            for n, a in enumerate(turn)
        ]  # fmt: skip
        shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        polygons.append(shapes.simplified(shapes.polygons_of(shape)))
    assert len(gzip.compress(json.dumps(polygons).encode())) < 60_000


# --- From an address ---


def pdok(here: Site, path: str) -> Any:
    """Answer as PDOK does: wijken in two pages, buurten in one, with the box that was asked for."""
    parts = urlsplit(path)
    asked = parse_qs(parts.query)
    assert asked["f"] == ["json"]
    assert asked["bbox"] == ["4.1800,51.9600,4.3800,52.1600"]
    if parts.path.endswith("/buurten/items"):
        return as_json(page())
    if "cursor" in asked:
        return as_json(page(row("WK051837", square(4.29, 52.06))))
    following = f"{here.address}{path}&cursor=2"
    return as_json(page(row("WK051830", square(4.28, 52.06)), following=following))


def test_pages_are_followed_to_the_last(here: Area, tmp_path: Path) -> None:
    with site(tmp_path, pdok) as there:
        run = import_borders(
            pages=pages_at(f"{there.address}/v1", [here], fetcher=there.fetcher()),
            source=there.address,
            year=2025,
        )
        assert (run.rows_read, run.rows_added) == (2, 1)
        assert [urlsplit(path).path for path in there.asked] == [
            "/v1/collections/wijken/items",
            "/v1/collections/wijken/items",
            "/v1/collections/buurten/items",
        ]


def test_pages_that_lead_in_a_circle_end(here: Area, tmp_path: Path) -> None:
    with site(tmp_path, lambda _site, path: as_json(page(following=path))) as there:
        with pytest.raises(NotReadable):
            list(pages_at(there.address, [here], fetcher=there.fetcher()))
        assert len(there.asked) == 1


def test_a_next_page_on_a_private_machine_is_not_read(here: Area, tmp_path: Path) -> None:
    with site(tmp_path, lambda _site, _path: as_json({})) as inside:
        (tmp_path / "two").mkdir()
        lead = lambda _site, _path: as_json(page(following=f"{inside.address}/x"))  # noqa: E731
        with site(tmp_path / "two", lead) as there:
            seen: list[str] = []
            allowed = lambda ip: not seen and not seen.append(ip)  # type: ignore[func-returns-value]  # noqa: E731
            with pytest.raises(NotReadable, match="public internet"):
                list(pages_at(there.address, [here], fetcher=there.fetcher(is_allowed=allowed)))
        assert inside.asked == []


# --- The command ---


def test_the_command_reads_files_and_says_what_became_of_each_row(
    here: Area, tmp_path: Path
) -> None:
    scenes.area("elders", wijk_codes="WK051899")
    (tmp_path / "wijken.json").write_text(json.dumps(two()))
    out = io.StringIO()
    call_command("import_borders", file=[tmp_path / "wijken.json"], stdout=out)
    assert "refused: elders:" in out.getvalue()
    assert "borders: 2 rows read, 1 added, 0 changed, 1 refused" in out.getvalue()
    assert BorderImport.objects.get().source == "wijken.json"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"features": 3}'])
def test_the_command_refuses_a_file_that_is_no_geojson(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(CommandError):
        call_command("import_borders", file=[tmp_path / "x.json"])


def test_the_command_does_not_reach_into_this_network() -> None:
    scenes.area("hier", wijk_codes="WK051830")
    for address in ("https://127.0.0.1/v1-2025", "http://pdok.example/x-2025"):
        with pytest.raises(CommandError):
            call_command("import_borders", url=address)
