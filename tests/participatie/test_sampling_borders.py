"""Borders for the sample: whole shapes around each neighbourhood, that say what they are."""

import itertools

import pytest
from django.utils import timezone

from areas.actions import import_borders
from areas.loading import load_areas
from areas.models import Area, Border
from areas.shapes import polygons_of
from participatie import sampling_borders
from tests.areas.wijken import page, row, square

pytestmark = pytest.mark.django_db


def inside(point: tuple[float, float], ring: list[list[float]]) -> bool:
    """Say whether a point lies in a ring, by how often a line from it crosses the ring."""
    x, y = point
    crossings = 0
    for (x0, y0), (x1, y1) in itertools.pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            crossings += 1
    return crossings % 2 == 1


def test_each_neighbourhood_gets_a_whole_border_around_its_own_centre_alone() -> None:
    load_areas()

    assert sampling_borders.load(now=timezone.now()) == 13

    neighbourhoods = list(Area.objects.accepting_contributions())
    for border in Border.objects.select_related("area"):
        assert border.drawn_roughly
        polygons_of({"type": "MultiPolygon", "coordinates": border.polygons})
        ring = border.polygons[0][0]
        holding = [
            area.slug
            for area in neighbourhoods
            if inside((float(area.longitude), float(area.latitude)), ring)
        ]
        assert holding == [border.area.slug]


def test_loading_again_changes_nothing_and_real_borders_take_their_place() -> None:
    load_areas()
    sampling_borders.load(now=timezone.now())
    assert sampling_borders.load(now=timezone.now()) == 0

    import_borders(pages=[page(row("WK051829", square(4.29, 52.06)))], source="test", year=2025)

    assert not Border.objects.get(area__slug="schilderswijk").drawn_roughly
    sampling_borders.load(now=timezone.now())
    assert not Border.objects.get(area__slug="schilderswijk").drawn_roughly


def test_a_neighbourhood_without_a_centre_gets_none() -> None:
    Area.objects.create(
        slug="here", name="Here", kind=Area.Kind.NEIGHBOURHOOD, accepts_contributions=True
    )
    assert sampling_borders.load(now=timezone.now()) == 0
