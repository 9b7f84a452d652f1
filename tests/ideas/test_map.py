"""The map: pins by view, at most two hundred of them, the list beside it, and borders in colour."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import introduce
from accounts.models import Role, User
from areas.models import Area, Border
from contributions import actions as review
from contributions.kept_pages import for_visitors
from contributions.models import Dossier, Status
from ideas import actions
from ideas.boxes import MAX_FEATURES, MAX_ZOOM, PARTS, UNITS, WEST_OF_ALL, BadBox, read_box
from ideas.mapping import LISTED
from ideas.models import Initiative
from ideas.squares import from_afar
from tests import scenes
from tests.ideas import crowd
from tests.pages import words

pytestmark = pytest.mark.django_db

MAP = "/en/initiatieven/kaart/"
HERE = "4.2,52.0,4.4,52.1"
PLACE = {"latitude": "52.07000", "longitude": "4.30000"}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    yield
    for_visitors.clear()
    from_afar.clear()


def asked(browser: Client, box: str = HERE, zoom: int | str = 13, **filters: Any) -> dict[str, Any]:
    """Return what a part of the map holds."""
    response = browser.get(f"{MAP}punten.json", {"box": box, "zoom": zoom, **filters})
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/geo+json"
    found: dict[str, Any] = json.loads(response.content)
    assert len(found["features"]) <= MAX_FEATURES
    return found


def titles(found: dict[str, Any]) -> list[str]:
    return sorted(
        feature["properties"]["title"]
        for feature in found["features"]
        if "title" in feature["properties"]
    )


def number_in(found: dict[str, Any]) -> int:
    """Return how many initiatives the pins and groups stand for."""
    return sum(feature["properties"].get("count", 1) for feature in found["features"])


def spread(number: int, *, west: float = 4.2, south: float = 52.0) -> dict[str, Any]:
    """Return fields that lay rows out in lines of fifty, about a hundred metres apart."""
    return {
        "latitude": lambda row: round(south + (row // 50) * 0.001, 5),
        "longitude": lambda row: round(west + (row % 50) * 0.0015, 5),
    }


# --- Pins ---


def test_a_pin_tells_which_initiative_stands_there_and_leads_to_it(client: Client):
    made = scenes.initiative("A bench", address_line="by the fountain", language="pl", **PLACE)

    found = asked(client)

    assert [feature["properties"] for feature in found["features"]] == [
        {
            "title": "A bench",
            "language": "pl",
            "url": f"/en/initiatieven/{made.pk}-a-bench/",
            "area": "Testwijk",
            "address": "by the fountain",
            "place": 1,
        }
    ]
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [4.3, 52.07]}
    assert found["said"] == "1 initiative on this part of the map."


def test_what_lies_close_is_brought_together_and_drawn_apart_from_closer_by(client: Client):
    scenes.initiative("A bench", latitude="52.07000", longitude="4.30000")
    scenes.initiative("A lamp", latitude="52.07010", longitude="4.30010")
    scenes.initiative("A tree", latitude="52.03000", longitude="4.25000")

    far = asked(client, zoom=13)
    assert titles(far) == ["A tree"]
    (group,) = [one["properties"] for one in far["features"] if "count" in one["properties"]]
    assert group["count"] == 2
    assert group["said"] == "2 initiatives, come closer"
    west, south, east, north = group["box"]
    assert 4.298 < west <= 4.3
    assert 4.3001 <= east < 4.308
    assert 52.068 < south <= 52.07
    assert 52.0701 <= north < 52.076

    close = asked(client, "4.2995,52.0695,4.3005,52.0705", zoom=19)
    assert titles(close) == ["A bench", "A lamp"]


def test_neighbours_across_the_line_between_two_squares_are_one_group(client: Client):
    box = read_box("4.2,52.0,4.4,52.1", "13")
    line = (box.last_column // PARTS * PARTS * box.width - WEST_OF_ALL) / UNITS
    scenes.initiative("Left", latitude="52.07", longitude=f"{line - 0.0001:.5f}")
    scenes.initiative("Right", latitude="52.07", longitude=f"{line + 0.0001:.5f}")

    found = asked(client, zoom=13)

    assert [feature["properties"]["count"] for feature in found["features"]] == [2]
    assert found["features"][0]["geometry"]["coordinates"][0] == pytest.approx(line, abs=2e-3)


def test_what_all_views_from_afar_share_is_cut_to_each_of_them(client: Client):
    crowd.initiatives(100, **spread(100))
    with override_settings(KEPT_PAGE_SECONDS=60):
        asked(client, "4.1,51.99,4.4,52.02", zoom=12)
        with CaptureQueriesContext(connection) as sent:
            west = asked(client, "4.1,51.99,4.2365,52.02", zoom=12)["count"]
            east = asked(client, "4.2385,51.99,4.4,52.02", zoom=12)["count"]
    assert not any("GROUP BY" in query["sql"] for query in sent)
    # Each is widened by a part of a square at the most.
    assert 50 <= west <= 56
    assert 50 <= east <= 56
    assert asked(client, "4.1,51.99,4.2365,52.02", zoom=12)["count"] == west
    # With a choice it is counted apart, and comes out the same.
    assert asked(client, "4.1,51.99,4.2365,52.02", zoom=12, state="open")["count"] == west


def test_places_west_of_greenwich_and_south_of_the_equator_are_places_too(client: Client):
    scenes.initiative("Bonaire", latitude="12.15000", longitude="-68.26667")
    scenes.initiative("South", latitude="-0.00001", longitude="-0.00001")
    scenes.initiative("North", latitude="0.00001", longitude="0.00001")
    assert titles(asked(client, "-68.3,12.1,-68.2,12.2", zoom=16)) == ["Bonaire"]
    assert asked(client, "-0.001,-0.001,0.001,0.001", zoom=22)["count"] == 2
    assert asked(client, "-180,-90,180,90", zoom=0)["count"] == 3


def test_a_thousand_pins_come_as_two_hundred_features_at_most_and_none_is_lost(client: Client):
    crowd.initiatives(1000, **spread(1000))

    for zoom in (0, 10, 13, 16, MAX_ZOOM):
        found = asked(client, "4.19,51.99,4.29,52.03", zoom=zoom)
        assert number_in(found) == found["count"] == 1000, zoom


def test_moving_over_the_map_meets_each_pin_and_only_those_in_view(client: Client):
    crowd.initiatives(100, **spread(100))

    halves = [
        asked(client, "4.1999,51.9999,4.2365,52.0011", zoom=16)["count"],
        asked(client, "4.2375,51.9999,4.2741,52.0011", zoom=16)["count"],
    ]

    assert halves == [50, 50]
    assert asked(client, "5.0,52.0,5.1,52.1")["features"] == []
    assert "There are no initiatives" in asked(client, "5.0,52.0,5.1,52.1")["said"]


def test_the_list_beside_the_map_holds_the_pins_in_view_with_the_same_numbers(client: Client):
    for number in range(3):
        scenes.initiative(f"Idea {number}", latitude="52.07", longitude=f"{4.25 + number / 50}")
    scenes.initiative("Elsewhere", latitude="52.09", longitude="4.6")
    scenes.initiative("Without a place")

    found = asked(client)

    places = {one["properties"]["title"]: one["properties"]["place"] for one in found["features"]}
    assert places == {"Idea 2": 1, "Idea 1": 2, "Idea 0": 3}
    positions = [found["list"].index(f"Idea {number}<") for number in (2, 1, 0)]
    assert positions == sorted(positions)
    assert "Elsewhere" not in found["list"]
    assert "Without a place" not in found["list"]


def test_with_more_than_the_list_holds_it_says_that_these_are_the_newest(client: Client):
    crowd.initiatives(30, **spread(30))

    found = asked(client)

    assert found["list"].count("<li") == LISTED
    assert found["said"].startswith("30 initiatives on this part of the map. These are the newest")


def test_what_residents_wrote_stays_text_in_the_list(client: Client):
    scenes.initiative("<img src=x onerror=alert(1)>", **PLACE)
    assert "<img" not in asked(client)["list"]


def test_each_filter_of_the_list_holds_on_the_map(client: Client):
    laak = scenes.area("laak")
    scenes.initiative("One", where=laak, language="pl", groups=[scenes.target_group()], **PLACE)
    scenes.initiative("Two", where=scenes.area("moerwijk"), theme=scenes.theme("werk"), **PLACE)

    for filters, expected in (
        ({"area": "laak"}, ["One"]),
        ({"theme": "werk"}, ["Two"]),
        ({"group": "jongeren"}, ["One"]),
        ({"language": "pl"}, ["One"]),
        ({"state": "open", "area": "moerwijk"}, ["Two"]),
        ({"state": "done"}, []),
    ):
        assert titles(asked(client, **filters)) == expected, filters


# --- What may not be seen ---


@pytest.mark.parametrize("status", [status for status in Status if status != Status.PUBLISHED])
def test_what_is_not_public_has_no_pin_not_even_for_its_author(client: Client, status: str):
    author = scenes.person()
    scenes.initiative("Secret", author=author, status=status, **PLACE)
    client.force_login(author)

    assert asked(client)["count"] == 0
    assert "Secret" not in words(client.get(MAP))


def test_what_a_moderator_hides_is_gone_from_the_map(client: Client):
    made = scenes.initiative("A bench", **PLACE)
    assert titles(asked(client)) == ["A bench"]

    review.hide(
        dossier=Dossier.objects.get(pk=made.dossier_id),
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="Not kind.",
    )

    assert asked(client)["count"] == 0


def test_many_who_look_at_the_same_part_get_what_was_drawn_once_a_second(client: Client):
    scenes.initiative("A bench", **PLACE)
    with override_settings(KEPT_PAGE_SECONDS=60):
        assert titles(asked(client)) == ["A bench"]
        scenes.initiative("A lamp", latitude="52.03", longitude="4.25")
        with CaptureQueriesContext(connection) as sent:
            assert titles(asked(Client())) == ["A bench"]
        assert len(sent) == 0
        # Another language, part or choice is another answer.
        assert titles(asked(client, language="nl")) == ["A bench", "A lamp"]


@pytest.mark.parametrize("age_band", ["12-15", ""])
def test_who_is_under_16_or_did_not_tell_has_no_pin_whatever_stands_in_the_row(
    client: Client, age_band: str
):
    author = scenes.person()
    made = scenes.initiative("A bench", author=author, address_line="my street", **PLACE)
    assert titles(asked(client)) == ["A bench"]

    if age_band:
        introduce(
            user=author, display_name="A", kind="resident", business_name="", age_band=age_band
        )
    else:
        User.objects.filter(pk=author.pk).update(age_band="", age_confirmed_at=None)

    made = Initiative.objects.select_related("author").get(pk=made.pk)
    assert made.latitude is not None
    assert not made.shows_place
    found = asked(client)
    assert found["count"] == 0
    assert found["features"] == []
    assert "my street" not in json.dumps(found)
    # In words it stands there, without its place.
    assert "A bench" in words(client.get(MAP))
    assert "my street" not in words(client.get(MAP))


def test_a_double_that_was_joined_with_another_has_no_pin_and_is_counted_nowhere(client: Client):
    laak = scenes.area("laak")
    goes_on = scenes.initiative("A bench", where=laak, **PLACE)
    double = scenes.initiative("The same bench", where=laak, **PLACE)
    assert asked(client)["count"] == 2

    actions.merge(
        double=double,
        into=goes_on,
        by=scenes.granted(Role.PROGRAMME_OFFICE),
        reason="The same bench.",
    )

    assert titles(asked(client)) == ["A bench"]
    assert "Laak 1 initiative" in words(client.get(MAP))


def test_the_map_follows_the_same_rule_as_the_page_of_an_initiative():
    for age_band in ("", "12-15", "16-17", "18-26", "27-54", "55+"):
        author = scenes.person()
        scenes.initiative(f"By {age_band}", author=author)
        # As it would be after a change in the profile.
        told = timezone.now() if age_band else None
        User.objects.filter(pk=author.pk).update(age_band=age_band, age_confirmed_at=told)
    Initiative.objects.update(**PLACE)
    everything = Initiative.objects.select_related("author")
    shown = set(everything.with_place())
    assert shown == {one for one in everything if one.shows_place}
    assert len(shown) == 4


def test_the_map_is_the_same_for_all_who_look(client: Client):
    scenes.initiative(**PLACE)
    for_visitor = asked(client)
    client.force_login(scenes.moderator())
    assert asked(client) == for_visitor


# --- Bad input ---


@pytest.mark.parametrize(
    "box",
    [
        "",
        "4.2,52.0,4.4",
        "4.2,52.0,4.4,52.1,1",
        "4.4,52.0,4.2,52.1",
        "4.2,52.1,4.4,52.0",
        "nan,52.0,4.4,52.1",
        "4.2,52.0,NaN,52.1",
        "-inf,52.0,inf,52.1",
        "1e400,52.0,1e400,52.1",
        "1e1,52.0,4.4,52.1",
        "4.2,52.0,4.4,91",
        "-181,52.0,4.4,52.1",
        "-999,-999,999,999",
        "4.2,52.0,4.4,52.1\x00",
        "٤.2,52.0,4.4,52.1",
        "4,2;52,0;4,4;52,1",
        "4.2,52.0,4.4,52.1" + "0" * 10_000,
        "'; DROP TABLE ideas_initiative; --",
    ],
)
def test_a_part_of_the_map_that_is_none_is_refused_with_a_sentence(client: Client, box: str):
    response = client.get(f"{MAP}punten.json", {"box": box, "zoom": 13})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert "part of the map" in response.json()["detail"]


@pytest.mark.parametrize("zoom", ["", "-1", "23", "13.5", "nan", "x", "1" * 100, "١"])
def test_a_zoom_that_is_none_is_refused_with_a_sentence(client: Client, zoom: str):
    response = client.get(f"{MAP}punten.json", {"box": HERE, "zoom": zoom})
    assert response.status_code == 400
    assert response.json()["detail"] == "The zoom must be a whole number from 0 to 22."


def test_a_filter_that_nobody_knows_is_refused_by_the_pins_and_left_out_by_the_page(
    client: Client,
):
    scenes.initiative("A bench", **PLACE)
    response = client.get(f"{MAP}punten.json", {"box": HERE, "zoom": 13, "area": "nowhere"})
    assert response.status_code == 400
    assert "We do not know the choice" in response.json()["detail"]

    page = client.get(MAP, {"area": "nowhere"})
    assert page.status_code == 400
    assert "We do not know the choice" in words(page)
    assert "A bench" in words(page)


@pytest.mark.parametrize(
    ("box", "zoom"),
    [
        ("-180,-90,180,90", "0"),
        ("-180,-90,180,90", "22"),
        ("180,90,180,90", "22"),
        ("4.3,52.07,4.3,52.07", "22"),
        ("-0,-0,0,0", "22"),
    ],
)
def test_the_whole_world_and_a_single_point_are_parts_of_the_map_too(box: str, zoom: str):
    read = read_box(box, zoom)
    assert 1 <= read.squares <= MAX_FEATURES


def test_whatever_box_is_read_has_room_for_all_its_squares():
    for width in (0.0001, 0.0123, 0.4, 7.7, 100):
        for height in (0.0001, 0.02, 1.1, 50):
            for zoom in range(MAX_ZOOM + 1):
                box = read_box(f"4.3,2.07,{4.3 + width},{2.07 + height}", str(zoom))
                assert box.squares <= MAX_FEATURES
                (west, east), (south, north) = box.longitudes, box.latitudes
                assert float(west) <= 4.3
                assert 4.3 + width < float(east) + 0.00002
                assert float(south) <= 2.07
                assert 2.07 + height < float(north) + 0.00002


def test_the_reason_of_a_refusal_is_never_what_was_sent():
    with pytest.raises(BadBox) as refused:
        read_box("<script>", "13")
    assert "<script>" not in str(refused.value)


# --- The page ---


def test_the_page_without_scripts_has_the_newest_initiatives_and_the_neighbourhoods_with_counts(
    client: Client,
):
    laak = scenes.area("laak")
    scenes.area("leeg")
    scenes.initiative("A bench", where=laak)
    scenes.initiative("A lamp", where=laak, **PLACE)

    page = client.get(MAP)

    assert page.status_code == 200
    text = words(page)
    assert "A lamp" in text
    assert "A bench" in text
    assert "Laak 2 initiatives" in text
    assert "Leeg 0 initiatives" in text
    assert f'href="{MAP}?area=laak"' in page.content.decode()


def test_the_page_of_a_neighbourhood_lists_its_own_and_counts_all(client: Client):
    scenes.initiative("A bench", where=scenes.area("laak"))
    scenes.initiative("A lamp", where=scenes.area("moerwijk"))

    text = words(client.get(MAP, {"area": "laak"}))

    assert "A bench" in text
    assert "A lamp" not in text
    assert "Laak 1 initiative" in text
    assert "Moerwijk 1 initiative" in text


def test_counts_per_neighbourhood_follow_the_other_choices_and_hold_who_is_under_16(
    client: Client,
):
    laak = scenes.area("laak")
    young = scenes.person(age_band="12-15")
    scenes.initiative("By somebody young", where=laak, author=young, language="pl")
    scenes.initiative("Another", where=laak)

    assert "Laak 2 initiatives" in words(client.get(MAP))
    assert "Laak 1 initiative" in words(client.get(MAP, {"language": "pl"}))


def test_the_steps_of_colour_divide_what_the_fullest_neighbourhood_has(client: Client):
    for slug, number in (("none", 0), ("one", 1), ("three", 3), ("six", 6), ("eight", 8)):
        crowd.initiatives(number, area=scenes.area(slug))

    shown = client.get(MAP).context["neighbourhoods"]

    assert {one["area"].slug: one["step"] for one in shown if one["area"].slug != "testwijk"} == {
        "none": 0,
        "one": 1,
        "three": 2,
        "six": 3,
        "eight": 4,
    }


def test_list_and_map_lead_to_each_other_with_the_same_choices(client: Client):
    scenes.initiative(where=scenes.area("laak"))
    list_page = client.get("/en/initiatieven/", {"area": "laak", "sort": "support"})
    assert f'href="{MAP}?area=laak"' in list_page.content.decode()
    map_page = client.get(MAP, {"area": "laak", "sort": "support", "after": "1.1"})
    assert 'href="/en/initiatieven/?area=laak"' in map_page.content.decode()
    assert f'href="{MAP}?area=laak"' in client.get("/en/wijk/laak/").content.decode()


@override_settings(MAP_CENTRE=(51.5, 4.0), MAP_ZOOM=11)
def test_where_the_map_begins_is_a_setting_or_the_neighbourhood_that_is_chosen(client: Client):
    scenes.area("laak", latitude="52.06", longitude="4.31")
    assert 'data-centre="51.5,4.0" data-zoom="11"' in client.get(MAP).content.decode()
    chosen = client.get(MAP, {"area": "laak"}).content.decode()
    assert 'data-centre="52.060000,4.310000" data-zoom="15"' in chosen


@override_settings(MAP_TILES_URL="")
def test_without_tiles_the_map_asks_nothing_of_others(client: Client):
    assert 'data-tiles=""' in client.get(MAP).content.decode()


# --- Borders ---


def bordered(slug: str, **fields: Any) -> Border:
    ring = [[4.29, 52.06], [4.31, 52.06], [4.31, 52.08], [4.29, 52.06]]
    return Border.objects.create(
        area=scenes.area(slug), polygons=[[ring]], **{"year": 2025, **fields}
    )


def test_the_borders_of_neighbourhoods_come_with_their_edition(client: Client):
    border = bordered("laak")
    address = client.get(MAP).context["borders"].word

    response = client.get(f"{MAP}wijken.json", {"v": address})

    assert response.json() == {
        "areas": [{"slug": "laak", "polygons": border.polygons, "drawn_roughly": False}]
    }
    assert "max-age=31536000" in response["Cache-Control"]
    assert "immutable" in response["Cache-Control"]


def test_new_borders_are_another_edition_and_an_old_address_is_not_kept(client: Client):
    border = bordered("laak")
    before = client.get(MAP).context["borders"].word
    Border.objects.filter(pk=border.pk).update(changed_at=timezone.now())

    after = client.get(MAP).context["borders"].word

    assert after != before
    assert client.get(f"{MAP}wijken.json", {"v": before})["Cache-Control"] == "no-cache"
    assert client.get(f"{MAP}wijken.json")["Cache-Control"] == "no-cache"


def test_borders_that_are_a_sketch_are_said_to_be_one(client: Client):
    border = bordered("laak")
    assert "drawn roughly" not in words(client.get(MAP))
    Border.objects.filter(pk=border.pk).update(drawn_roughly=True)
    assert "only drawn roughly" in words(client.get(MAP))


def test_without_borders_the_page_names_no_address_for_them(client: Client):
    Area.objects.update(accepts_contributions=True)
    assert 'data-borders=""' in client.get(MAP).content.decode()
