"""What encloses an area, what lies near, and finding one by name or postcode."""

import pytest

from areas.models import Area
from areas.surroundings import enclosing, find, nearest
from tests import scenes

pytestmark = pytest.mark.django_db


def all_by_id() -> dict[int, Area]:
    return {area.pk: area for area in Area.objects.all()}


def test_a_group_holds_the_areas_whose_buurten_are_all_its_own() -> None:
    country = scenes.area("country", kind="country", accepts_contributions=False)
    city = scenes.area("city", kind="municipality", parent=country)
    group = scenes.area("group", kind="group", parent=city, buurt_codes="BU1 BU2")
    inside = scenes.area("inside", parent=city, buurt_codes="BU1")
    outside = scenes.area("outside", parent=city, buurt_codes="BU3")
    without = scenes.area("without", parent=city)

    areas = all_by_id()
    assert enclosing(inside, areas) == [group, city, country]
    assert enclosing(outside, areas) == [city, country]
    assert enclosing(without, areas) == [city, country]
    assert enclosing(group, areas) == [city, country]


def test_a_district_comes_before_the_group_and_the_city() -> None:
    city = scenes.area("city", kind="municipality")
    district = scenes.area("district", kind="district", parent=city)
    group = scenes.area("group", kind="group", parent=city, buurt_codes="BU1 BU2")
    inside = scenes.area("inside", parent=district, buurt_codes="BU1")

    assert enclosing(inside, all_by_id()) == [district, group, city]


def test_the_nearest_come_first_and_a_place_without_a_centre_last() -> None:
    here = scenes.area("here", latitude="52.05", longitude="4.30")
    far = scenes.area("far", latitude="52.09", longitude="4.30")
    near = scenes.area("near", latitude="52.05", longitude="4.31")
    nowhere = scenes.area("nowhere")

    assert nearest(here, [far, nowhere, near], 3) == [near, far, nowhere]


@pytest.fixture
def places() -> list[Area]:
    scenes.area("rijswijk", kind="municipality", name="Rijswijk", postcodes="228")
    scenes.area("schilder", name="Schilderswijk", postcodes="2525 2526")
    scenes.area("laak", name="Laakkwartier", postcodes="2521")
    scenes.area("cafe", name="Caféwijk")
    return list(Area.objects.all())


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("2525", ["Schilderswijk"]),
        ("2525 ab", ["Schilderswijk"]),
        ("2526XZ", ["Schilderswijk"]),
        ("252", ["Laakkwartier", "Schilderswijk"]),
        ("2285", ["Rijswijk"]),
        ("9999", []),
        ("1", []),
        ("", []),
        ("   ", []),
        ("schilders", ["Schilderswijk"]),
        ("WIJK", ["Caféwijk", "Rijswijk", "Schilderswijk"]),
        ("cafewijk", ["Caféwijk"]),
        ("<script>", []),
        ("٢٥٢٥", []),
    ],
)
def test_a_name_or_postcode_finds_the_areas_one_may_mean(
    places: list[Area], words: str, names: list[str]
) -> None:
    assert [area.name for area in find(words, places)] == names
