"""The map in a browser: with keys and fingers, without tiles, on a telephone, without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from areas.models import Border
from ideas.models import Initiative
from tests import scenes
from tests.browser.conftest import Visit
from tests.browser.test_keyboard import MARKED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAP = "/en/initiatieven/kaart/"


def street() -> dict[str, Initiative]:
    """Make four ideas in two neighbourhoods, two of them on one spot, and the borders of one."""
    laak = scenes.area("laak", latitude="52.05500", longitude="4.31500")
    made = {
        name: scenes.initiative(name, where=laak, latitude=latitude, longitude=longitude)
        for name, latitude, longitude in (
            ("A bench", "52.06500", "4.29500"),
            ("A lamp", "52.05000", "4.32000"),
            ("A tree", "52.05000", "4.32000"),
            ("Far away", "52.12000", "4.50000"),
        )
    }
    scenes.initiative("No place", where=scenes.area("leeg"))
    ring = [[4.31, 52.05], [4.33, 52.05], [4.33, 52.06], [4.31, 52.06], [4.31, 52.05]]
    Border.objects.create(area=laak, polygons=[[ring]], year=2025)
    return made


def opened(page: Page, address: str = MAP) -> Page:
    """Open the map and wait until its pins are there."""
    page.goto(address)
    page.locator("[data-map-shown]").scroll_into_view_if_needed()
    return page


def beside(page: Page) -> Locator:
    return page.locator("[data-map-rows] li")


def test_the_map_is_used_with_keys_alone_and_without_tiles(visit: Visit):
    made = street()
    page = opened(visit(width=1280, reduced_motion="reduce"))
    expect(beside(page)).to_have_text([re.compile("A tree"), re.compile("A lamp"),
                                       re.compile("A bench")])  # fmt: skip
    expect(page.get_by_role("status").filter(has_text="3 initiatives")).to_be_visible()

    # Two lie on one spot; the map itself is one stop, its buttons and pins follow.
    page.locator("[data-map-browse]").focus()
    assert page.evaluate(MARKED) == ""
    names = []
    for _stop in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(MARKED) == ""
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"
                                   " ?? document.activeElement.textContent"))  # fmt: skip
    assert {"Come closer", "Go further away", "3A bench", "2 initiatives, come closer"} <= set(
        names
    )

    pin = page.get_by_role("button", name="A bench")
    pin.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup").get_by_role("link", name="A bench")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_have_count(0)
    expect(pin).to_be_focused()

    page.keyboard.press("Space")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{made['A bench'].get_absolute_url().replace('/nl/', '/en/')}")
    page.go_back()
    expect(page.get_by_role("button", name="A bench")).to_be_visible()


def test_the_list_stays_in_step_with_the_part_that_is_seen(visit: Visit):
    street()
    page = opened(visit(width=1280, reduced_motion="reduce"))
    expect(beside(page)).to_have_count(3)

    page.locator("[data-map-browse]").focus()
    for _press in range(3):
        page.keyboard.press("+")
        page.wait_for_timeout(300)
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    expect(beside(page)).not_to_have_count(3)

    for _press in range(5):
        page.keyboard.press("-")
        page.wait_for_timeout(300)
    expect(beside(page)).to_have_count(4)
    # The same part again after a look at something else.
    address = page.url
    assert "#" in address
    page.goto("/en/")
    page.goto(address)
    expect(beside(page)).to_have_count(4)


def test_a_group_comes_apart_from_closer_by_and_one_spot_tells_what_is_on_it(visit: Visit):
    street()
    page = opened(visit(width=1280, reduced_motion="reduce"))
    group = page.get_by_role("button", name="2 initiatives, come closer")
    group.click()
    expect(page).to_have_url(re.compile(r"#17/52\.0[45]\d+/4\.3[12]"))
    expect(page.locator("[data-map-browse]")).to_be_focused()
    expect(beside(page)).to_have_count(2)
    group.click()
    expect(page).to_have_url(re.compile(r"#18/"))
    expect(beside(page)).to_have_count(2)

    # As close as it gets they still lie on one another.
    group.click()
    words = page.locator(".leaflet-popup")
    expect(words.get_by_role("link", name="A lamp")).to_be_visible()
    expect(words.get_by_role("link", name="A tree")).to_be_focused()


def test_other_choices_bring_other_pins_and_lead_to_the_neighbourhood(visit: Visit):
    street()
    page = opened(visit(width=1280, reduced_motion="reduce"))
    expect(beside(page)).to_have_count(3)

    page.locator("#id_area").select_option("leeg")
    expect(beside(page)).to_have_count(0)
    expect(page.locator("[data-map-said]")).to_have_text(
        "There are no initiatives on this part of the map."
    )
    page.locator("#id_area").select_option("laak")
    expect(beside(page)).not_to_have_count(0)
    expect(page.locator(".map-area--chosen")).to_have_count(1)
    expect(page.get_by_role("link", name="List", exact=True)).to_have_attribute(
        "href", "/en/initiatieven/?area=laak"
    )

    page.go_back()
    expect(page.get_by_role("link", name="List", exact=True)).to_have_attribute(
        "href", "/en/initiatieven/?area=leeg"
    )
    expect(page.locator(".leaflet-container .leaflet-control-zoom-in")).to_have_count(1)


def test_neighbourhoods_have_a_colour_and_say_their_number_in_words(visit: Visit):
    street()
    page = opened(visit(width=1280))
    area = page.locator("path.map-area--4")
    expect(area).to_have_count(1)
    # Near its edge, where no pin lies.
    page.mouse.move(0, 0)
    area.dispatch_event("mouseover", {"bubbles": True})
    expect(page.locator(".leaflet-tooltip")).to_have_text("Laak4 initiatives")
    row = page.locator("#neighbourhoods li").filter(has_text="Laak")
    expect(row).to_contain_text("4 initiatives")


def test_on_a_telephone_a_pin_is_tapped_and_its_row_lights_it_up(visit: Visit):
    street()
    page = opened(visit(width=360, has_touch=True, reduced_motion="reduce"))
    map_box = page.locator("[data-map-browse]").bounding_box()
    list_box = page.locator("#beside").bounding_box()
    assert map_box
    assert list_box
    assert map_box["width"] <= 360 - 2 * 16
    assert list_box["y"] >= map_box["y"] + map_box["height"]

    page.locator("[data-map-browse]").scroll_into_view_if_needed()
    pin = page.get_by_role("button", name="A bench")
    expect(pin).to_be_visible()
    size = pin.bounding_box()
    assert size
    assert min(size["width"], size["height"]) >= 44
    page.get_by_role("link", name="A bench").focus()
    expect(page.locator(".map-place.is-lit")).to_have_count(1)
    pin.tap()
    expect(page.locator(".leaflet-popup").get_by_role("link", name="A bench")).to_be_visible()


def test_axe_finds_nothing_on_the_map_with_a_pin_opened(visit: Visit):
    street()
    for device in ({}, {"color_scheme": "dark"}, {"contrast": "more"}):
        page = opened(visit(width=1280, reduced_motion="reduce", **device))
        page.get_by_role("button", name="A bench").click()
        expect(page.locator(".leaflet-popup")).to_be_visible()
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert [one["id"] for one in found.response["violations"]] == [], device


def test_pins_that_do_not_come_are_told_and_come_with_the_next_move(visit: Visit):
    street()
    page = visit(width=1280, reduced_motion="reduce", may_complain=True)
    page.route("**/punten.json*", lambda route: route.abort())
    page.goto(MAP)
    expect(page.locator("[data-map-said]")).to_have_text(re.compile("could not be loaded"))
    # The list of the page is still there.
    expect(beside(page)).to_have_count(5)
    page.unroute("**/punten.json*")
    page.locator("[data-map-browse]").focus()
    page.keyboard.press("ArrowLeft")
    expect(beside(page)).to_have_count(3)


def test_without_scripts_the_list_and_the_neighbourhoods_stand_there(visit: Visit):
    street()
    page = visit(javascript=False)
    page.goto(MAP)
    expect(page.locator("[data-map-browse]")).not_to_be_visible()
    expect(page.get_by_role("link", name="A bench")).to_be_visible()
    expect(page.get_by_role("link", name="No place")).to_be_visible()
    page.get_by_role("link", name="Leeg").click()
    expect(page.get_by_role("link", name="No place")).to_be_visible()
    expect(page.get_by_role("link", name="A bench")).to_have_count(0)


def test_the_page_of_the_map_loads_leaflet_and_the_list_does_not(visit: Visit):
    street()
    page = visit()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/en/initiatieven/")
    page.wait_for_load_state("networkidle")
    assert not any("map." in address for address in fetched)
    opened(page)
    assert any("map." in address for address in fetched)
